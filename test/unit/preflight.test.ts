import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { artifactSettings, clusterPreflight, localPreflight } from '../../src/job-settings/index.js';
import { loadSpec, PACKAGE_ROOT, type Spec } from '../../src/spec/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-preflight-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function python(...command: string[]): { status: number | null; stdout: string; stderr: string } {
  const path = [join(PACKAGE_ROOT, 'jobs'), join(PACKAGE_ROOT, 'jobs', 'tests')].join(':');
  return spawnSync('python3', command, {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' },
  });
}

/** Loads a settings file as a program does and runs the preflight against a double of nvidia-smi. */
const PROGRAM = `
import sys
from pathlib import Path
import nvidia_smi_double as double, settings
from hpsb_preflight import preflight
from hpsb_probe import Probe
smi = double.install(Path.cwd(), [getattr(double, sys.argv[1])])
root = Path.cwd()
(root / "proc").mkdir()
(root / "proc/meminfo").write_text("MemAvailable: 125000000 kB\\n")
(root / "dev/shm").mkdir(parents=True)
needs = settings.load("settings.json", needs=("preflight",)).preflight
for known in needs.stages:
    try:
        preflight(known.stage, needs, Probe(root, smi))
        print(known.stage, "passes")
    except Exception as problem:
        print(type(problem).__name__, problem)
`;

function stagesOn(gpu: 'A100' | 'H100', spec: Spec, section: { preflight: unknown }): string {
  const settings = {
    ...{ schema: 'hps-bench/job-settings/1', run_id: 'test', spec_hash: 'test', paths: {} },
    ...artifactSettings(spec),
    ...section,
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const { status, stdout, stderr } = python('-c', PROGRAM, gpu);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

/** Small enough for the disk of whoever runs the tests. */
function smallSpec(preset: string): Spec {
  return loadSpec({ preset, set: ['model.scale=0.001'] });
}

const folders = (): { artifacts: string; engines: string } => ({
  artifacts: join(folder, 'artifacts'),
  engines: join(folder, 'engines'),
});

it('the programs take the section as written and pass on the GPU that the spec names', () => {
  for (const [preset, gpu] of [
    ['a100-page', 'A100'],
    ['h100', 'H100'],
  ] as const) {
    // prettier-ignore
    const spec = smallSpec(preset);
    const said = stagesOn(gpu, spec, clusterPreflight(spec, folders()));
    expect(said).toBe('create-models passes\nbuild-engines passes\nserve passes\n');
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'hps-bench-preflight-'));
  }
});

it("the programs refuse the page's image on Hopper in both GPU stages, naming the images that run there", () => {
  const spec = smallSpec('a100-page');
  const said = stagesOn('H100', spec, clusterPreflight(spec, folders()));
  expect(said).toContain('create-models passes');
  expect(said).toContain('EnvironmentFaultError build-engines cannot run here');
  expect(said).toContain('EnvironmentFaultError serve cannot run here');
  expect(said).toContain(
    'none for NVIDIA H100 80GB HBM3 (9.0); images that have it: nvcr.io/nvidia/merlin/merlin-hugectr:24.06',
  );
});

it('the programs ask no GPU of one machine', () => {
  const spec = loadSpec({ preset: 'smoke' });
  expect(stagesOn('A100', spec, localPreflight(spec, folders()))).toBe('create-models passes\nserve passes\n');
});

it('the programs take the GPU of one machine, whatever its architecture and driver', () => {
  const spec = loadSpec({ preset: 'local-gpu', set: ['model.scale=0.001', 'batches=[32]'] });
  const section = localPreflight(spec, folders(), { product: 'NVIDIA H100 80GB HBM3', capability: '9.0' });
  expect(stagesOn('H100', spec, section)).toBe('create-models passes\nserve passes\n');
});

it('the preflight keeps its own promises', () => {
  const { status, stderr } = python('-m', 'unittest', 'test_preflight');
  expect(stderr).toMatch(/OK\n$/);
  expect(status).toBe(0);
});
