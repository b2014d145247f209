import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../src/spec/index.js';
import { rendered } from './testing.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-settings-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What each stage's program does with its settings before anything else, in the program's own words. */
const READERS: Record<string, string> = {
  'create-models': "import settings; settings.load(path, needs=('hps', 'requests'), paths=('artifacts', 'requests'))",
  'build-engines':
    "import settings, hpsb_stage_settings; settings.load(path, needs=('hps',), paths=('artifacts', 'engines')); hpsb_stage_settings.load(path, 'engines')",
  serve:
    "import settings, hpsb_stage_settings; settings.load(path, needs=('hps',), paths=('artifacts', 'repository', 'server', 'engines')); hpsb_stage_settings.load(path, 'serve')",
  measure: 'import measure; measure.read_settings(path)',
};

const COPY =
  "import settings, hpsb_stage_settings; settings.load(path, needs=('requests',), paths=('artifacts', 'requests')); hpsb_stage_settings.load(path, 'fleet')";

describe.each(['a100-page', 'cluster-cpu'])('settings of %s', (preset) => {
  it.each(Object.keys(READERS))('are accepted by the program of %s', (stage) => {
    const from = rendered(preset);
    if (stage === 'build-engines' && preset === 'cluster-cpu') {
      expect(() => from.get('ConfigMap', 'settings-build-engines')).toThrow('0 objects');
      return;
    }
    const data = from.get('ConfigMap', `settings-${stage}-`)['data'] as Record<string, string>;
    const path = join(folder, `${preset}-${stage}.json`);
    writeFileSync(path, data['settings.json'] ?? '');
    const code = `import sys; sys.path.insert(0, 'jobs'); path = sys.argv[1]; ${READERS[stage] ?? ''}`;
    const { status, stderr } = spawnSync('python3', ['-B', '-c', code, path], { cwd: PACKAGE_ROOT, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe('settings of a fleet', () => {
  it.each([...Object.keys(READERS).filter((stage) => stage !== 'create-models'), 'copy-models'])(
    'are one file that the program of %s accepts',
    (stage) => {
      const from = rendered('a100-page', 'fleet.nodes=[gpu-1, gpu-2]', 'cluster.storage.accessMode=ReadWriteMany');
      const data = from.get('ConfigMap', 'settings-measure-')['data'] as Record<string, string>;
      const path = join(folder, 'fleet.json');
      writeFileSync(path, data['settings.json'] ?? '');
      const code = `import sys; sys.path.insert(0, 'jobs'); path = sys.argv[1]; ${READERS[stage] ?? COPY}`;
      const { status, stderr } = spawnSync('python3', ['-B', '-c', code, path], {
        cwd: PACKAGE_ROOT,
        encoding: 'utf8',
      });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    },
  );
});

it('of shared stages name no run, and of measuring name folder, run and spec', () => {
  const from = rendered('a100-page', 'cluster.runId=mine');
  for (const stage of ['create-models', 'build-engines', 'serve'])
    expect(JSON.stringify(from.get('ConfigMap', `settings-${stage}-`))).not.toContain('mine');
  const measure = from.get('ConfigMap', 'settings-measure-')['data'] as Record<string, string>;
  expect(measure['settings.json']).toMatch(/"results": ?"\/data\/results\/mine\/[0-9a-f]{12}"/);
});
