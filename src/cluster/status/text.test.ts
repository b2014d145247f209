import { describe, expect, it } from 'vitest';
import { fail } from '../../../jobs/conductor/status.js';
import { duration } from './duration.js';
import { at, podSeen, seenWith, statusIn } from './testing.js';
import { viewText } from './text.js';
import { viewOf } from './view-of.js';

const plain = { width: 80, colors: false };

describe('the screen on a run', () => {
  it('fits 80 columns and says where it is, what it waits for and what it holds', () => {
    const conditions = [
      {
        type: 'PodScheduled',
        status: 'False',
        message: '0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint(s).',
      },
    ];
    const pods = [
      podSeen(
        'triton-1-abc',
        'serve',
        { status: { phase: 'Pending', conditions } },
        { 'hps-bench/serving': 'triton-1' },
      ),
    ];
    const text = viewText(
      viewOf(seenWith({ status: statusIn('serve', 'pod triton-1-abc not on a node yet'), pods }), 'run-1'),
      plain,
    );
    // The forecast is the planner's.
    expect(text.replace(/about .* left/, 'about … left')).toMatchInlineSnapshot(`
      "run run-1 of spec 0123456789ab: running
      context kind, namespace hps-bench
      began 2026-01-02 03:00:00 UTC, 1 min 40 s ago, about … left

      create-models  done             10 s  done
      build-engines  done             10 s  done
      serve          running          80 s  pod triton-1-abc not on a node yet
      measure        waiting
      publish        waiting

      measurements  0 of 16, 16 missing
      cells         0 of 8 done
      waiting       pod triton-1-abc: not on a node yet: 0/3 nodes are available: 1
                    Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint(s).
      GPU           none held
      results       ConfigMap results-run-1
      "
    `);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows the failure with the last lines of the log', () => {
    const status = statusIn('measure');
    fail(
      status,
      {
        stage: 'measure',
        summary: 'container measure of pod m ended with exit code 2',
        container: 'measure',
        log: ['a', 'OSError: \u001b[31mno\tspace'],
      },
      at(50),
    );
    const text = viewText(viewOf(seenWith({ status: { ...status, finishedAt: at(60) } }), 'run-1'), plain);
    expect(text).toContain('failure       measure: container measure of pod m ended with exit code 2\n');
    expect(text).toContain('last lines of the log of measure:\n  a\n  OSError: \ufffd[31mno space\n');
  });

  it('has colours only where they are wanted', () => {
    const view = viewOf(seenWith({ status: statusIn('serve') }), 'run-1');
    const coloured = viewText(view, { width: 80, colors: true });
    expect(coloured).toContain('\u001b[36mrunning\u001b[39m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(viewText(view, plain));
  });
});

it('a duration is as exact as it is long', () => {
  expect([0, 99.4, 99.6, 185, 5999, 6000, 11230].map(duration)).toEqual([
    ...['0 s', '99 s', '1 min 40 s', '3 min 05 s', '99 min 59 s', '1 h 40 min', '3 h 07 min'],
  ]);
});
