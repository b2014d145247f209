import { describe, expect, it } from 'vitest';
import { Rehearsal, type Scripts } from './doubles/rehearsal.js';
import type { Script } from './doubles/workload.js';
import type { Plan } from './plan.js';

/** Runs it to its end; the seconds are those of the run until its failure was published. */
async function failing(scripts: Scripts, change: Partial<Plan> = {}): Promise<{ run: Rehearsal; seconds: number }> {
  const run = new Rehearsal(scripts, change);
  const begin = run.clock.now();
  let seconds = Infinity;
  run.clock.onSleep = () => {
    run.workload.tick();
    if (seconds === Infinity && run.published['reason'] !== undefined) seconds = (run.clock.now() - begin) / 1000;
  };
  expect((await run.run()).code).toBe(4);
  seconds = Math.min(seconds, (run.clock.now() - begin) / 1000);
  expect(run.status.state).toBe('failed');
  expect(run.status.finishedAt).not.toBeNull();
  expect(run.workload.scale?.spec?.replicas).toBe(0);
  expect(run.workload.heldGpus).toBe(0);
  const told = [...run.server.events.values()].filter((event) => event.reason === 'StageFailed');
  expect(told).toHaveLength(1);
  expect(told[0]?.type).toBe('Warning');
  return { run, seconds };
}

const log = (): string => `${Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n')}\n`;
const once = (script: Script) => () => script;
const LIMITS = { runSeconds: 7200, schedulingSeconds: 300, releases: 4 };

describe('a stage that fails ends the run within a minute, with the reason in one place', () => {
  it('exit code of a program: code, termination message and the last 20 lines of its log', async () => {
    const message = JSON.stringify({ stage: 'create-models', ok: false, reason: 'disk is full' });
    const { run, seconds } = await failing({ 'create-models': once({ exitCode: 4, log, message }) });
    expect(seconds).toBeLessThan(60);
    const reason = run.published['reason'] ?? '';
    expect(reason).toMatch(
      /^stage create-models failed: container main of pod create-models-0a1b2c3d-1 ended with exit code 4/,
    );
    expect(reason).toContain('ended with exit code 4: disk is full; Job create-models');
    expect(reason).toContain('\nline 11\n');
    expect(reason).toContain('\nline 30\n');
    expect(reason).not.toContain('\nline 10\n');
    expect(run.ran).toEqual(['create-models 1']);
    expect(run.status.failure).toMatchObject({ stage: 'create-models', container: 'main', exitCode: 4 });
  });

  it('out of memory', async () => {
    const { run, seconds } = await failing({ 'build-engines': once({ exitCode: 137, reason: 'OOMKilled', log }) });
    expect(seconds).toBeLessThan(60);
    expect(run.published['reason']).toContain('ended with exit code 137 (OOMKilled)');
  });

  it.each(['ErrImagePull', 'CreateContainerConfigError', 'InvalidImageName'])('%s that does not pass', async (word) => {
    const message = 'nvcr.io/nvidia/nothing:1: not found';
    const { run, seconds } = await failing({ 'create-models': once({ waiting: { reason: word, message } }) });
    expect(seconds).toBeLessThan(60);
    expect(run.published['reason']).toContain(`${word}: ${message}`);
  });

  it('bad settings of measure.py are not tried again, although its Job would', async () => {
    const { run, seconds } = await failing({ measure: once({ exitCode: 2, log: () => 'measure.py: lacks run_id\n' }) });
    expect(seconds).toBeLessThan(90);
    expect(run.ran.filter((stage) => stage.startsWith('measure'))).toHaveLength(1);
    expect(run.published['reason']).toContain('lacks run_id');
  });

  it('a parity that Triton is not to blame for is not tried again', async () => {
    const { run } = await failing({
      measure: once({ exitCode: 4, runs: 5, log: () => 'measure.py: parity: tf_with_hps\n' }),
    });
    expect(run.ran.filter((stage) => stage.startsWith('measure'))).toHaveLength(1);
  });

  it('Triton pods that end again and again', async () => {
    // As pods that are evicted: the Deployment replaces them.
    const { run } = await failing({ serve: once({ runs: 3, exitCode: 1, log }) });
    expect(run.ran.filter((stage) => stage.startsWith('triton')).length).toBeLessThanOrEqual(LIMITS.releases);
    expect(run.published['reason']).toMatch(
      /stage serve failed: container main of pod .* ended with exit code 1; 4 pods were released/,
    );
    expect(run.published['reason']).toContain('line 30');
  });
});

describe('what may pass is waited for, and no longer than the plan allows', () => {
  it("no node: the scheduler's words are the message at once and the reason in the end", async () => {
    const unschedulable = '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.';
    const { run, seconds } = await failing({ 'build-engines': once({ unschedulable }) });
    expect(seconds).toBeGreaterThan(LIMITS.schedulingSeconds);
    expect(run.lines.some((line) => line.includes(`not on a node yet: ${unschedulable}`))).toBe(true);
    expect(run.published['reason']).toContain(unschedulable);
    // Should a node come later, the pod must not take its GPU.
    expect(run.server.changes).toContain('pod build-engines-0a1b2c3d-1 stopped');
  });

  it('a variant that is never ready is named, with the last lines of the server', async () => {
    const { run, seconds } = await failing({ serve: once({ runs: Infinity, readyAfter: Infinity, log }) });
    expect(seconds).toBeGreaterThan(600);
    expect(run.published['reason']).toMatch(/0 of 2 variants are ready; not yet: tf_with_hps, fp16_trt_with_hps/);
    expect(run.published['reason']).toContain('line 30');
  });

  it('a program that never ends is stopped when the run is out of time', async () => {
    const limits = { ...LIMITS, runSeconds: 400 };
    const { run, seconds } = await failing({ 'build-engines': once({ runs: Infinity }) }, { limits });
    expect(seconds).toBeGreaterThan(400);
    expect(seconds).toBeLessThan(460);
    expect(run.published['reason']).toContain('the run is not over after 400 s');
    expect(run.server.changes).toContain('pod build-engines-0a1b2c3d-1 stopped');
  });

  it('a Job of dist/ that was not applied is named', async () => {
    const run = new Rehearsal();
    run.workload.jobs.delete('create-models-0a1b2c3d');
    expect((await run.run()).code).toBe(4);
    expect(run.published['reason']).toContain(
      'Job create-models-0a1b2c3d is not there after 120 s (apply all of dist/)',
    );
  });

  it('what was measured before a failure is published with it', async () => {
    const run: Rehearsal = new Rehearsal({
      measure: () => {
        const script = run.measuring();
        return { ...script, each: () => (run.volume.size === 5 ? 2 : script.each?.()) };
      },
    });
    expect((await run.run()).code).toBe(4);
    expect(run.ran.filter((stage) => stage.startsWith('measure'))).toEqual(['measure 1']);
    expect(run.status.measurements).toMatchObject({ measured: 5, missing: 3 });
    expect(run.published['table.md']).toContain('5 of 8 measurements');
    expect(run.published['table.md']).toContain('stage measure failed');
  });
});
