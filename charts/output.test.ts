import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSpec, PACKAGE_ROOT } from '../src/spec/index.js';
import { benchApp } from './app.js';
import { conductorProgram, pythonPrograms } from './job-files.js';
import { differences, synthesize } from './output.js';
import { packed } from './20-programs.js';
import { FILES } from './testing.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-output-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const app = (outdir: string) => benchApp(loadSpec({ preset: 'cluster-cpu' }), FILES, outdir);

describe('dist/', () => {
  it('is what a fresh synth of bench.yaml writes (npm run synth)', () => {
    const files = { python: pythonPrograms(), conductor: conductorProgram() };
    const spec = loadSpec({ file: join(PACKAGE_ROOT, 'bench.yaml') });
    expect(differences((outdir) => benchApp(spec, files, outdir), join(PACKAGE_ROOT, 'dist'))).toEqual([]);
  });
});

describe('writing', () => {
  it('replaces all files, removes those of charts that are no more, and leaves others alone', () => {
    const output = join(folder, 'dist');
    synthesize(app, output);
    const [first = ''] = readdirSync(output);
    writeFileSync(join(output, first), 'changed');
    copyFileSync(join(output, first), join(output, '99-old.k8s.yaml'));
    writeFileSync(join(output, 'README.md'), 'mine');
    expect(differences(app, output)).toEqual([
      `${join(output, '99-old.k8s.yaml')}: has no chart any more`,
      `${join(output, first)}: differs from a fresh synth`,
    ]);
    synthesize(app, output);
    expect(differences(app, output)).toEqual([]);
    expect(readdirSync(output)).toContain('README.md');
    expect(readdirSync(folder)).toEqual(['dist']);
  });

  it('writes nothing when a rule is broken', () => {
    const output = join(folder, 'dist');
    const broken = (outdir: string) => {
      const made = app(outdir);
      made.node
        .findChild('60-measurement')
        .node.findChild('job')
        .node.addValidation({ validate: () => ['wrong'] });
      return made;
    };
    expect(() => {
      synthesize(broken, output);
    }).toThrow('[60-measurement/job] wrong');
    expect(existsSync(output)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the app', () => {
  const run = (...args: string[]) =>
    spawnSync('node', ['--import', 'tsx', 'charts/main.ts', '--output', join(folder, 'out'), ...args], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
    });

  it('says on stderr what is wrong with the spec, and ends with 2', () => {
    const { status, stderr, stdout } = run('--preset', 'a100-page', '--set', 'cluster.gpus=0');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/variants\[1\]: "tf_with_hps" needs a GPU, and cluster\.gpus is 0/);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('tells what it can be asked for', () => {
    const { status, stderr } = run('--namespace', 'x');
    expect(status).toBe(2);
    expect(stderr).toContain('usage: charts/main.ts');
  });
});

describe('programs in ConfigMaps', () => {
  it('go into as few as hold them, in order', () => {
    const files = new Map(['a', 'b', 'c'].map((name) => [name, 'x'.repeat(40)]));
    expect(packed(files, 100).map((part) => [...part.keys()])).toEqual([['a', 'b'], ['c']]);
    expect(packed(new Map(), 100)).toEqual([]);
  });

  it('refuse one that no ConfigMap could hold', () => {
    expect(() => packed(new Map([['big.py', 'x'.repeat(200)]]), 100)).toThrow(
      'jobs/big.py takes 208 bytes in a ConfigMap; allowed: 100 (split the file)',
    );
  });

  it('leave tests out, and keep the folders of the backends', () => {
    const paths = [...pythonPrograms().keys()];
    expect(paths).toContain('backends/native_tf/model.py');
    expect(paths.filter((path) => path.includes('test'))).toEqual([]);
    expect(readFileSync(join(PACKAGE_ROOT, 'jobs', 'measure.py'), 'utf8')).toBe(pythonPrograms().get('measure.py'));
  });
});
