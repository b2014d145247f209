import { join } from 'node:path';
import { follow } from '../cluster/follow.js';
import { EXIT } from '../local/index.js';
import { LiveView } from './live-view.js';
import type { RunContext } from './run-context.js';
import { collecting, tellCollected } from './run-collect.js';
import { reportOf } from './status-command.js';
import { removeAll } from './teardown-command.js';

/** Follows the run to its end and brings its results to this machine meanwhile. @returns the exit code */
export async function followRun(context: RunContext): Promise<number> {
  const { client, plans, options, interrupts, say } = context;
  const live = new LiveView(options.json === true ? process.stderr : process.stdout, (run) =>
    reportOf(join(options.results, run)),
  );
  const runs = plans.map(({ runId }) => runId);
  const ended = new AbortController();
  interrupts.signal.addEventListener('abort', () => {
    ended.abort();
  });
  const collections = collecting(context, ended.signal);
  const views = await follow(client, runs, {
    signal: interrupts.signal,
    onView: (view) => {
      live.show(view);
    },
  });
  live.leave();
  if (views === undefined) {
    detach(context);
    await tellCollected(await collections, context);
    return interrupts.exitCode ?? EXIT.ok;
  }
  for (const view of views) live.end(view);
  // A run that nobody conducts any more has no end that the collector could wait for.
  if (views.some(({ finishedAt }) => finishedAt === null)) ended.abort();
  else say('\ncollects what is left\n');
  const collected = await tellCollected(await collections, context);
  if (options.teardown === true) await removeRuns(context, runs);
  // What the conductor lost of a log may be on this machine all the same: of completeness the ledger here decides.
  const failed = views.some(({ state }) => state === 'failed') ? EXIT.environment : EXIT.ok;
  return interrupts.exitCode ?? Math.max(failed, collected);
}

async function removeRuns({ client, say }: RunContext, runs: readonly string[]): Promise<void> {
  for (const run of runs) {
    say(`\nremoves run ${run}; the volume stays\n`);
    await removeAll(client, run, false);
  }
}

/** Says how to come back, or how to end the run. @returns the exit code */
export function detach({ client, plans, options, say, interrupts }: RunContext): number {
  const where = [
    ...(options.context === undefined ? [] : ['--context', options.context]),
    ...(options.kubeconfig === undefined ? [] : ['--kubeconfig', options.kubeconfig]),
    ...['--namespace', client.namespace],
  ].join(' ');
  const run = plans[0]?.runId ?? '';
  say(
    `\ndetached: ${plans.map(({ runId }) => `run ${runId}`).join(', ')} goes on in the cluster\n` +
      `  to attach again: the same hps-bench run\n` +
      `  to look:         hps-bench status ${run} ${where}\n` +
      `  to end it:       hps-bench teardown ${run} ${where}\n`,
  );
  return interrupts.exitCode ?? EXIT.ok;
}
