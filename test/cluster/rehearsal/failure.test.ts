import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import { ends, waits } from '../play.js';
import type { Parts } from './director.js';
import { Rehearsal } from './rehearsal.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NODE = 'a100-failure';

beforeAll(async () => {
  await kubectl.apply(a100Node(NODE, { gpus: 1 }));
});
afterAll(async () => {
  await kubectl.ok(['delete', 'node', NODE]);
});

interface Case {
  readonly parts: Parts;
  readonly code: number;
  /** What the reason in the results must say. */
  readonly reason: readonly RegExp[];
}

const FULL = { annotations: ends({ exitCode: 2, message: '{"ok":false,"reason":"no space left on /data"}' }) };
const CASES: Record<string, Case> = {
  'create-models ends with bad input': {
    parts: { 'create-models': () => ({ ...FULL, log: 'line one\nwriting the table\nOSError: No space left\n' }) },
    code: 4,
    reason: [/create-models/, /no space left on \/data/, /^writing the table$/m, /^OSError: No space left$/m],
  },
  'build-engines fails': {
    parts: { 'build-engines': () => ({ annotations: ends({ exitCode: 1 }), log: 'TensorRT: out of memory\n' }) },
    code: 4,
    reason: [/build-engines/, /TensorRT: out of memory/],
  },
  'the image of Triton cannot be pulled': {
    parts: { serve: () => ({ annotations: waits('ImagePullBackOff', 'pull access denied') }) },
    code: 4,
    reason: [/serve/, /ImagePullBackOff/, /pull access denied/],
  },
  'measure fails': {
    parts: {
      measure: () => ({ annotations: ends({ exitCode: 2, message: 'settings.json: no variants' }), log: 'bad\n' }),
    },
    code: 4,
    reason: [/measure/, /settings\.json: no variants/],
  },
};

describe.each(Object.entries(CASES))('when %s', (name, { parts, code, reason }) => {
  const namespace = `failure-${name.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}`;
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    rehearsal = await Rehearsal.begin(kubectl, namespace, {}, parts);
  });
  afterAll(async () => {
    await rehearsal.end();
  });

  it('the run ends with the reason in one place, no GPU held, and nothing after that stage begun', async () => {
    const conductor = rehearsal.conductor();
    const ended = await conductor.ended;
    expect({ code: ended.code, tail: ended.code === code ? [] : ended.tail }).toEqual({ code, tail: [] });
    const { failure, finishedAt, conditions } = await rehearsal.status();
    const text = (await rehearsal.published())['reason'] ?? '';
    for (const pattern of reason) expect(text).toMatch(pattern);
    const failedAt = conditions.find(({ stage }) => stage === failure?.stage);
    expect(failedAt?.state).toBe('failed');
    // Not a speed: a bound that people are promised, from the stage's failure to the end of the run.
    expect(Date.parse(finishedAt ?? '') - Date.parse(failedAt?.since ?? '')).toBeLessThan(60_000);
    await expect.poll(() => rehearsal.director.heldGpus, { timeout: 60_000 }).toBe(0);
    const stages = conditions.map(({ stage }) => stage as string);
    const later = stages.slice(stages.indexOf(failure?.stage ?? '') + 1);
    const begun = rehearsal.director.ran.filter((label) => later.some((stage) => label.startsWith(`${stage} `)));
    expect(begun.filter((label) => label !== 'serve 1')).toEqual([]);
  });
});
