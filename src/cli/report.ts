import type { Command } from 'commander';
import { countByStatus, isComplete } from '../ledger/index.js';
import { EXIT } from '../local/index.js';
import { reportJson, terminalTable } from '../report/index.js';
import { openRun, refreshResults } from '../results/index.js';

/** `hps-bench report DIR`: records, ledger and report of a run anew, from its evidence alone. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('recompute records, ledger and report of a run from its evidence')
    .argument('<folder>', 'the run, e.g. results/<run>')
    .option('--json', 'print the report as JSON')
    .action(async (folder: string, options: { json?: boolean }) => {
      const { ledger, model, report } = await refreshResults(openRun(folder));
      if (options.json === true) process.stdout.write(reportJson(model));
      else {
        const counts = countByStatus(ledger);
        console.log(terminalTable(model));
        console.log(`${counts.measured} of ${ledger.entries.length} measurements\nreport: ${report}`);
      }
      if (!isComplete(ledger)) process.exitCode = EXIT.incomplete;
    });
}
