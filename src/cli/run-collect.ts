import { relative } from 'node:path';
import { collectRun, findRun, type RunCollected } from '../cluster/collect/index.js';
import { EXIT } from '../local/index.js';
import { reportJson, terminalTable } from '../report/index.js';
import { openRun, refreshResults } from '../results/index.js';
import { textOf } from './collect-text.js';
import { DEFAULT_MARGIN, fleetReportOf, fleetSaid, writeFleetReport } from './fleet-report.js';
import type { RunContext } from './run-context.js';
import { reportOf } from './status-command.js';
import { terminalWidth, useColors } from './terminal.js';

/** What became of the collection of one run: nothing that went wrong here stops the run itself. */
export type Collection = { readonly run: string } & (Done | { readonly error: Error });

interface Done {
  readonly collected: RunCollected;
  /** Lines that a person should see, once the screen is theirs. */
  readonly said: readonly string[];
}

/** Collects each run while it goes on, until it is over or the signal comes; never rejects. */
export function collecting({ client, plans, options }: RunContext, signal: AbortSignal): Promise<Collection[]> {
  return Promise.all(
    plans.map(async ({ runId: run }): Promise<Collection> => {
      try {
        const found = await findRun(client, run);
        const said: string[] = [];
        const collected = await collectRun(client, found, {
          ...{ results: options.results, wait: true, signal },
          say: (line) => said.push(line),
        });
        return { run, collected, said };
      } catch (error) {
        return { run, error: error instanceof Error ? error : new Error(String(error)) };
      }
    }),
  );
}

/** Shows what is on this machine now. @returns the exit code that it asks for */
export async function tellCollected(collections: readonly Collection[], context: RunContext): Promise<number> {
  const codes: number[] = [];
  for (const one of collections) codes.push('error' in one ? failed(one, context) : await told(one, context));
  return Math.max(...codes);
}

async function told({ collected, said }: Done, { options, say }: RunContext): Promise<number> {
  const { counts, expected, contradictions, folder } = collected;
  for (const line of said) say(`${line}\n`);
  if (folder.spec.fleet !== undefined) return toldFleet(collected, say);
  const { model } = await refreshResults(openRun(folder.path));
  if (options.json === true) process.stdout.write(reportJson(model));
  else if (counts.measured > 0) say(`\n${terminalTable(model, { width: terminalWidth(), colors: useColors() })}`);
  const complete = counts.measured === expected && contradictions.length === 0;
  say(complete ? `report: ${reportOf(folder.path) ?? folder.path}\n` : `\n${textOf(collected)}`);
  return complete ? EXIT.ok : EXIT.incomplete;
}

/** What a fleet measured is compared, not put into one table. */
function toldFleet(collected: RunCollected, say: RunContext['say']): number {
  const { counts, expected, contradictions, folder } = collected;
  say(`\n${textOf(collected)}`);
  if (counts.measured > 0) {
    const path = relative(process.cwd(), folder.path);
    const report = fleetReportOf([folder.path], { margin: DEFAULT_MARGIN });
    writeFleetReport(report, folder.path);
    say(`\n${fleetSaid(report, path)}`);
  }
  return counts.measured === expected && contradictions.length === 0 ? EXIT.ok : EXIT.incomplete;
}

function failed({ run, error }: { readonly run: string; readonly error: Error }, { say }: RunContext): number {
  say(
    `\nrun ${run} could not be collected: ${error.message}\n  nothing is lost: hps-bench collect --run ${run} goes on\n`,
  );
  return EXIT.environment;
}
