import type { Command } from 'commander';
import { countByStatus, isComplete } from '../ledger/index.js';
import { EXIT } from '../local/index.js';
import { reportJson, terminalTable } from '../report/index.js';
import { indexEvidence, openRun, refreshResults, refreshUnits, type RunFolder } from '../results/index.js';

/** `hps-bench report DIR`: records, ledger and report of a run anew, from its evidence alone. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('recompute records, ledger and report of a run from its evidence')
    .argument('<folder>', 'the run, e.g. results/<run>')
    .option('--json', 'print the report as JSON')
    .action(async (folder: string, options: { json?: boolean }) => {
      const run = openRun(folder);
      const index = indexEvidence(run.path);
      if (index.units.size > 1) {
        ofUnits(run, index, options.json === true);
        return;
      }
      const { ledger, model, report } = await refreshResults(run);
      if (options.json === true) process.stdout.write(reportJson(model));
      else {
        const counts = countByStatus(ledger);
        console.log(terminalTable(model));
        console.log(`${counts.measured} of ${ledger.entries.length} measurements\nreport: ${report}`);
      }
      if (!isComplete(ledger)) process.exitCode = EXIT.incomplete;
    });
}

/** A run of many units has records and a ledger: one table of many GPUs would mix what is to be compared. */
function ofUnits(run: RunFolder, index: ReturnType<typeof indexEvidence>, json: boolean): void {
  const { units, expected, counts, open } = refreshUnits(run, index);
  if (json) process.stdout.write(`${JSON.stringify({ run: run.runId, units, expected, ...counts, open }, null, 2)}\n`);
  else
    console.log(
      `${counts.measured} of ${expected} measurements of ${units} units\nrecords and ledger: ${run.path} (units are compared, not mixed: hps-bench fleet report)`,
    );
  if (counts.measured !== expected) process.exitCode = EXIT.incomplete;
}
