import { Command } from 'commander';
import { addCollectCommand } from './collect.js';
import { addCompareCommand } from './compare.js';
import { addFleetCommand } from './fleet.js';
import { addHistoryCommand } from './history.js';
import { addInventoryCommand } from './inventory.js';
import { addLocalCommand } from './local.js';
import { addParseCommand } from './parse.js';
import { addPlanCommand } from './plan.js';
import { addQueryCommand } from './query.js';
import { addReportCommand } from './report.js';
import { addRunCommand } from './run.js';
import { addSpecCommand } from './spec.js';
import { addStatusCommand } from './status.js';
import { addTeardownCommand } from './teardown.js';
import { explain } from './explain.js';

const program = new Command('hps-bench')
  .description('Deploys, runs and judges NVIDIA\'s "Benchmark the DLRM model with HPS".')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 1 regressed (compare), 2 bad input, 3 incomplete, 4 environment, 5 inconclusive (compare);\n130 and 143 interrupted.',
  )
  // commander's own code for a wrong option is 1, which here means "regressed".
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

addLocalCommand(program);
addSpecCommand(program);
addPlanCommand(program);
addParseCommand(program);
addReportCommand(program);
addRunCommand(program);
addStatusCommand(program);
addTeardownCommand(program);
addCollectCommand(program);
addCompareCommand(program);
addHistoryCommand(program);
addInventoryCommand(program);
addFleetCommand(program);
addQueryCommand(program);
for (const command of program.commands) command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
