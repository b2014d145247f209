import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchApp } from '../charts/app.js';
import { conductorProgram, pythonPrograms } from '../charts/job-files.js';
import { loadSpec } from '../src/spec/index.js';

// `npm run bench:synth-fleet`: how the time of a fleet's synth grows with its nodes. Prints; asserts nothing.

const files = { python: pythonPrograms(), conductor: conductorProgram() };
const folder = mkdtempSync(join(tmpdir(), 'hps-bench-synth-fleet-'));

/** ms of CPU to build, check and write the manifests of so many nodes, a pod on each. */
function synthesize(nodes: number): number {
  const names = Array.from({ length: nodes }, (_, i) => `gpu-${String(i).padStart(4, '0')}`);
  const fleet = `fleet={nodes: [${names.join(', ')}], mode: node}`;
  const spec = loadSpec({ preset: 'a100-page', set: [fleet, 'cluster.storage.accessMode=ReadWriteMany'] });
  const before = process.cpuUsage();
  benchApp(spec, files, folder).synth();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

try {
  synthesize(10);
  let each = 0;
  for (const nodes of [125, 250, 500, 1000, 2000]) {
    const time = Math.min(synthesize(nodes), synthesize(nodes));
    const growth = each === 0 ? '' : `, ${(time / nodes / each).toFixed(2)} times that of half as many`;
    const { size } = statSync(join(folder, '60-fleet.k8s.yaml'));
    console.log(
      `${nodes} nodes: ${(time / 1000).toFixed(1)} s of CPU, ${(time / nodes).toFixed(2)} ms a node${growth}; ${(size / 1e6).toFixed(1)} MB`,
    );
    each = time / nodes;
  }
} finally {
  rmSync(folder, { recursive: true });
}
