import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { retrying } from '../cluster/client/index.js';
import { RefusedError } from '../cluster/refused.js';
import { Reader, runsOf, viewOf, viewText, type RunView, type Seen } from '../cluster/status/index.js';
import { EXIT } from '../local/index.js';
import { DEFAULT_NAMESPACE } from './cluster-options.js';
import { connect } from './connect.js';
import { LiveView } from './live-view.js';
import type { StatusOptions } from './status.js';
import { terminalWidth, useColors } from './terminal.js';

/** Between two looks. */
const EVERY_MS = 2000;

export async function status(run: string | undefined, options: StatusOptions): Promise<void> {
  const namespace = options.namespace ?? DEFAULT_NAMESPACE;
  const client = connect(options, namespace);
  const reader = new Reader(client, namespace);
  const look = async (): Promise<RunView> => chosen(await retrying(() => reader.look()), run);
  try {
    const view = options.watch === true ? await watch(look, options) : await look();
    if (options.watch !== true) process.stdout.write(options.json === true ? json(view, 2) : text(view, options));
    process.exitCode = viewExitCode(view);
  } finally {
    await client.close();
  }
}

/** The view of the run that was asked for. @throws RefusedError where there is none of that name, or none at all */
function chosen(seen: Seen, run: string | undefined): RunView {
  const runs = runsOf(seen);
  const id = run ?? runs[0];
  const where = `namespace ${seen.namespace} (context ${seen.context})`;
  if (id === undefined)
    throw new RefusedError(
      `no run in ${where}\n  hps-bench run begins one; --namespace names another namespace, --context another cluster`,
    );
  if (!runs.includes(id))
    throw new RefusedError(
      `no run ${id} in ${where}; ${runs.length === 0 ? 'there is none' : `there: ${runs.join(', ')}`}`,
    );
  return viewOf(seen, id);
}

async function watch(look: () => Promise<RunView>, options: StatusOptions): Promise<RunView> {
  const live = new LiveView(process.stdout, (run) => reportOf(join(options.results, run)));
  let said = '';
  for (;;) {
    const view = await look();
    // What only the clock changed is no change.
    const now = JSON.stringify({
      ...view,
      at: '',
      secondsLeft: 0,
      stages: view.stages.map((one) => ({ ...one, seconds: 0 })),
    });
    if (options.json !== true) live.show(view);
    else if (now !== said) process.stdout.write(json(view));
    said = now;
    if (view.over) {
      if (options.json !== true) live.end(view);
      return view;
    }
    await sleep(EVERY_MS);
  }
}

function text(view: RunView, { results }: StatusOptions): string {
  return viewText(view, { width: terminalWidth(), colors: useColors(), report: reportOf(join(results, view.run)) });
}

/** The report of a run's folder, from here; undefined where there is none. */
export function reportOf(folder: string): string | undefined {
  const report = join(folder, 'report.html');
  return existsSync(report) ? relative(process.cwd(), report) : undefined;
}

const json = (view: RunView, indent?: number): string => `${JSON.stringify(view, null, indent)}\n`;

/** The kit's exit codes for a run, as its conductor has them; one that goes on is no failure. */
export function viewExitCode({ state }: RunView): number {
  if (state === 'failed') return EXIT.environment;
  return state === 'incomplete' ? EXIT.incomplete : EXIT.ok;
}
