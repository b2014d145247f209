import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { enter } from '../../jobs/conductor/status.js';
import { viewOf } from '../cluster/status/index.js';
import { at, seenWith, statusIn } from '../cluster/status/testing.js';
import { LiveView } from './live-view.js';

/** What lines say of these looks, without forecasts. */
function linesOf(...statuses: ReturnType<typeof statusIn>[]): string[] {
  const out = new PassThrough({ encoding: 'utf8' });
  const live = new LiveView(out as unknown as NodeJS.WriteStream, () => undefined);
  for (const status of statuses) live.show(viewOf(seenWith({ status }), 'run-1'));
  const text = String(out.read() ?? '');
  return text.split('\n').map((line) => line.replace(/ \(about .* left\)$/, ''));
}

describe('a run that is followed where there is no terminal', () => {
  it('has a line on every stage, also on one that began and ended between two looks', () => {
    expect(linesOf(statusIn('create-models', 'begins'), statusIn('measure', 'begins'))).toEqual([
      'run-1: create-models: begins',
      'run-1: create-models: done',
      'run-1: build-engines: done',
      'run-1: serve: done',
      'run-1: measure: begins',
      '',
    ]);
  });

  it('has one line on the end of a stage, however often it is looked at', () => {
    const ended = statusIn('serve', 'begins');
    enter(ended, 'serve', 'done', at(30), '4 of 4 variants are ready');
    const lines = linesOf(statusIn('serve', 'begins'), ended, ended, statusIn('measure', 'begins'));
    expect(lines.filter((line) => line.startsWith('run-1: serve'))).toEqual([
      'run-1: serve: begins',
      'run-1: serve: 4 of 4 variants are ready',
    ]);
  });
});
