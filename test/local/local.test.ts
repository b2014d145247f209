import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRecords } from '../../src/records/index.js';
import { Kit, processesWith, until } from './kit.js';

const SMOKE = ['local', '--preset', 'smoke', '--run-id'];

describe('a run from nothing to the report', () => {
  const kit = new Kit();
  afterAll(() => {
    kit.remove();
  });

  it('measures every cell with the real perf_analyzer on the real Triton, in agreement to 1 µs', async () => {
    const { code, output } = await kit.start([...SMOKE, 'whole', '--set', 'repeats=2']).ended;
    expect(output).toContain('8 of 8 measurements measured');
    expect(code).toBe(0);
    const records = readRecords(join(kit.runFolder('whole'), 'records.ndjson')).filter(
      (record) => record.status === 'measured',
    );
    expect(records.filter(({ role }) => role !== 'canary')).toHaveLength(8);
    // The canary, three times first and three times last, is held to the same.
    expect(records.filter(({ role }) => role === 'canary')).toHaveLength(6);
    for (const { server, printed, perf_analyzer_version, triton_version } of records) {
      expect(printed?.successful_requests).toBe(server?.requests);
      expect(Math.abs((server?.compute_infer_us ?? NaN) - (printed?.compute_infer_us ?? NaN))).toBeLessThanOrEqual(1);
      expect(perf_analyzer_version).toContain('2.51.0');
      expect(triton_version).toBe('2.51.0');
    }
    for (const name of [
      'report.html',
      'report.md',
      'report.csv',
      'cells.csv',
      'report.json',
      'figure1.svg',
      'figure1.png',
      'ledger.json',
    ])
      expect(existsSync(join(kit.runFolder('whole'), name)), name).toBe(true);
  });

  it('finds the same scores from both variants, unsaturated, before it measures', () => {
    const parity = JSON.parse(readFileSync(join(kit.runFolder('whole'), 'parity.json'), 'utf8')) as {
      rows: { variant: string; max_abs_difference: number; score_min: number; score_max: number }[];
    };
    expect(parity.rows.map((row) => row.variant)).toEqual(['native_tf', 'onnx_cpu']);
    for (const row of parity.rows) {
      expect(row.max_abs_difference).toBeLessThanOrEqual(1e-5);
      expect(row.score_min).toBeGreaterThan(0.001);
      expect(row.score_max).toBeLessThan(0.999);
      expect(row.score_max - row.score_min).toBeGreaterThan(1e-4);
    }
  });

  it('measures nothing more when it is started again', async () => {
    const before = kit.evidence('whole').map((item) => item.started_at);
    const { code } = await kit.start([...SMOKE, 'whole', '--set', 'repeats=2']).ended;
    expect(code).toBe(0);
    expect(kit.evidence('whole').map((item) => item.started_at)).toEqual(before);
  });

  it('leaves no process behind', () => {
    expect(processesWith(kit.results)).toEqual([]);
  });
});

/** A test with models, requests and results of its own, so that several can run at once. */
const inOwnKit =
  <T extends unknown[]>(test: (kit: Kit, ...values: T) => Promise<void>) =>
  async (...values: T): Promise<void> => {
    const kit = new Kit();
    try {
      await test(kit, ...values);
    } finally {
      kit.remove();
    }
  };

/** The stages by what they print, and how far into them the axe falls. */
const MOMENTS = [
  ['Python environment', 100],
  ['Create the model', 300],
  ['Create the requests', 50],
  ['Start Triton', 1500],
  ['] Measure', 1500],
  ['] Measure', 4000],
] as const;

describe.concurrent.each(['SIGINT', 'SIGKILL'] as const)('stopped by %s', (signal) => {
  it.each(MOMENTS)(
    'in stage "%s" after %i ms, then started again, finishes without measuring twice',
    inOwnKit(async (kit, stage, ms) => {
      const args = [...SMOKE, 'stopped'];
      const first = kit.start(args);
      await until(stage, () => first.output.includes(stage));
      await new Promise((resolve) => setTimeout(resolve, ms));
      first.child.kill(signal);
      const { code, signal: by } = await first.ended;
      if (signal === 'SIGINT') expect([0, 130]).toContain(code);
      else expect(by).toBe('SIGKILL');
      await until('the processes to be gone', () => processesWith(kit.results).length === 0, 10_000);
      const kept = new Map(kit.evidence('stopped').map((item) => [`${item.id} ${item.attempt}`, item.started_at]));

      const { code: second, output } = await kit.start(args).ended;
      expect(output).toContain('4 of 4 measurements measured');
      expect(second).toBe(0);
      const evidence = kit.evidence('stopped');
      for (const item of evidence) {
        const earlier = kept.get(`${item.id} ${item.attempt}`);
        if (earlier !== undefined) expect(item.started_at).toBe(earlier);
      }
      const good = readRecords(join(kit.runFolder('stopped'), 'records.ndjson')).filter(
        (record) => record.status === 'measured',
      );
      expect(new Set(good.map((record) => record.id)).size).toBe(good.length);
    }),
  );
});

it.concurrent(
  'killed while the packages are being installed, installs them afresh, finishes, and needs no link by which their folder was reached',
  inOwnKit(async (kit) => {
    const cache = join(kit.results, 'fresh-cache');
    const link = join(kit.results, 'link');
    mkdirSync(cache, { recursive: true });
    symlinkSync(cache, link);
    const environment = { HPS_BENCH_CACHE: link };
    const first = kit.start([...SMOKE, 'fresh'], environment);
    await until('pip', () => first.output.includes('fetching'));
    await new Promise((resolve) => setTimeout(resolve, 5000));
    first.child.kill('SIGKILL');
    await first.ended;
    await until('pip to be gone', () => processesWith(kit.results).length === 0, 10_000);
    const { code, output } = await kit.start([...SMOKE, 'fresh'], environment).ended;
    expect(output).toContain('4 of 4 measurements measured');
    expect(code).toBe(0);

    rmSync(link);
    const later = await kit.start([...SMOKE, 'later'], { HPS_BENCH_CACHE: cache }).ended;
    expect(later.output).toContain('reused');
    expect(later.output).toContain('4 of 4 measurements measured');
  }),
);

describe.concurrent('what goes wrong', () => {
  it(
    'keeps what was measured when Triton dies, says so, and goes on at the next start',
    inOwnKit(async (kit) => {
      const args = [...SMOKE, 'triton-dies', '--set', 'repeats=2'];
      const first = kit.start(args);
      await until(
        'a first measurement of a cell',
        () =>
          existsSync(join(kit.runFolder('triton-dies'), 'evidence')) &&
          kit.evidence('triton-dies').some(({ role }) => role !== 'canary'),
      );
      for (const { pid, command } of processesWith(join(kit.runFolder('triton-dies'), 'model_repository')))
        if (command.includes('tritonserver')) process.kill(pid, 'SIGKILL');
      const { code, output } = await first.ended;
      expect(code).toBe(3);
      expect(output).toContain('Triton ended in mid-run');
      expect(readFileSync(join(kit.runFolder('triton-dies'), 'report.md'), 'utf8')).toContain('Triton');
      expect((await kit.start(args).ended).code).toBe(0);
    }),
  );

  it(
    'calls measurements failed that pass their deadline, and exits 3',
    inOwnKit(async (kit) => {
      const args = [
        ...SMOKE,
        'too-slow',
        '--set',
        'batches=[256]',
        '--set',
        'perfAnalyzer.windowMs=4000',
        '--set',
        'perfAnalyzer.deadlineSeconds=1',
      ];
      const { code, output } = await kit.start(args).ended;
      expect(code).toBe(3);
      expect(output).toContain('0 of 2 measurements measured, 2 failed');
      expect(readFileSync(join(kit.runFolder('too-slow'), 'report.md'), 'utf8')).toContain('passed its deadline');
    }),
  );

  it(
    'refuses a second start of a run that is being measured',
    inOwnKit(async (kit) => {
      const first = kit.start([...SMOKE, 'twice']);
      await until('Triton', () => first.output.includes('Start Triton'));
      const { code, output } = await kit.start([...SMOKE, 'twice']).ended;
      expect(code).toBe(2);
      expect(output).toContain('is measuring this run');
      expect((await first.ended).code).toBe(0);
    }),
  );

  it(
    'names pip and the network when the packages cannot be had',
    inOwnKit(async (kit) => {
      const offline = {
        HPS_BENCH_CACHE: join(kit.results, 'empty-cache'),
        PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
        PIP_RETRIES: '0',
        PIP_FIND_LINKS: '',
      };
      const { code, output } = await kit.start([...SMOKE, 'offline'], offline).ended;
      expect(code).toBe(4);
      expect(output).toContain('pip could not install local.txt');
      expect(output).toContain('a package index must be reachable');
    }),
  );

  it(
    'says that there is no Python',
    inOwnKit(async (kit) => {
      const { code, output } = await kit.start([...SMOKE, 'no-python'], { HPS_BENCH_PYTHON: 'no-such-python' }).ended;
      expect(code).toBe(4);
      expect(output).toContain('no usable Python 3.9 to 3.12');
    }),
  );
});
