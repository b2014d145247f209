import { follow } from '../cluster/follow.js';
import type { RunView } from '../cluster/status/index.js';
import { EXIT } from '../local/index.js';
import { LiveView } from './live-view.js';
import type { RunContext } from './run.js';
import { reportOf, viewExitCode } from './status.js';
import { removeAll } from './teardown.js';
import { join } from 'node:path';

/** Follows the run to its end, with its results on this machine. @returns the exit code */
export async function followRun(context: RunContext): Promise<number> {
  const { client, plans, options, interrupts } = context;
  const out = options.json === true ? process.stderr : process.stdout;
  const live = new LiveView(out, (run) => reportOf(join(options.results, run)));
  const runs = plans.map(({ runId }) => runId);
  const views = await follow(client, runs, {
    signal: interrupts.signal,
    onView: (view) => {
      live.show(view);
    },
  });
  live.leave();
  if (views === undefined) return detach(context);
  // From here on there is nothing to detach from.
  interrupts.release();
  for (const view of views) live.end(view);
  if (options.teardown === true) for (const run of runs) await removeAll(client, run, false);
  return worst(views);
}

/** Says how to come back, or how to end the run. @returns the exit code */
export function detach({ client, plans, options, say, interrupts }: RunContext): number {
  const where = [
    ...(options.context === undefined ? [] : ['--context', options.context]),
    ...(options.kubeconfig === undefined ? [] : ['--kubeconfig', options.kubeconfig]),
    ...['--namespace', client.namespace],
  ].join(' ');
  const runs = plans.map(({ runId }) => runId);
  say(
    `\ndetached: run ${runs.join(', ')} goes on in the cluster\n` +
      `  to attach again: the same hps-bench run\n` +
      `  to look:         hps-bench status ${runs[0] ?? ''} ${where}\n` +
      `  to end it:       hps-bench teardown ${runs[0] ?? ''} ${where}\n`,
  );
  return interrupts.exitCode ?? EXIT.ok;
}

/** The code of the run that went worst. */
const worst = (views: readonly RunView[]): number => Math.max(...views.map(viewExitCode));
