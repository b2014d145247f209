import { join } from 'node:path';
import { fleetReport, FleetSamples, type FleetReport } from '../fleet/index.js';
import { fleetFiles, fleetText } from '../fleet/render/index.js';
import { ResultsError, writeWhole } from '../records/index.js';
import { openRun, readFleet, type FleetRun } from '../results/index.js';

/** Share by which a GPU may be slower than the fleet's median. */
export const DEFAULT_MARGIN = 0.05;

/**
 * The report of a fleet that was collected into these folders, in parts or whole.
 * @param confirm folder of a later run on the suspects' nodes
 * @throws ResultsError where a run is no fleet's, has another spec, or has measured nothing yet
 */
export function fleetReportOf(
  folders: readonly string[],
  { confirm, margin }: { readonly confirm?: string; readonly margin: number },
): FleetReport {
  const samples = new FleetSamples();
  const runs = folders.map((folder) => readFleet(openRun(folder), samples));
  const rerunSamples = new FleetSamples();
  const rerun = confirm === undefined ? null : readFleet(openRun(confirm), rerunSamples);
  requireComparable([...runs, ...(rerun === null ? [] : [rerun])]);
  if (samples.cells.size === 0)
    throw new ResultsError(`${folders.join(', ')}: nothing was measured yet (hps-bench collect brings it)`);
  return fleetReport({
    samples,
    runs: runs.map(({ runId }) => runId),
    expected: sum(runs.map((run) => run.expected)),
    measured: sum(runs.map((run) => run.measured)),
    nodes: runs.flatMap(({ nodes }) => nodes),
    rerun: rerun === null ? null : { run: rerun.runId, samples: rerunSamples },
    margin,
  });
}

export function writeFleetReport(report: FleetReport, folder: string): void {
  for (const [name, text] of fleetFiles(report)) writeWhole(join(folder, name), text);
}

/** The report for a terminal, what to do next, and where the page is. Ends in a line feed. */
export function fleetSaid(report: FleetReport, folder: string): string {
  return `${fleetText(report)}${next(report, folder)}report: ${join(folder, 'fleet.html')}\n`;
}

/** How suspects become more, or less, than that. */
function next({ found, runs, rerun }: FleetReport, folder: string): string {
  const nodes = [...new Set(found.filter(({ finding }) => finding === 'suspect').map(({ node }) => node))].sort();
  if (rerun !== null || nodes.length === 0) return '';
  const again = `${runs[0] ?? 'run'}-again`;
  return (
    `measure them again, with the spec of this run:\n` +
    `  hps-bench run … --run-id ${again} --set 'fleet.nodes=[${nodes.join(', ')}]'\n` +
    `  hps-bench fleet report ${folder} --confirm results/${again}\n`
  );
}

function requireComparable(runs: readonly FleetRun[]): void {
  const [first, ...others] = runs;
  const other = others.find(({ comparable }) => comparable !== first?.comparable);
  if (first !== undefined && other !== undefined)
    throw new ResultsError(
      `run ${other.runId} has another spec than run ${first.runId}: their figures cannot be held against each other (only namespace, run id and nodes may differ)`,
    );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
