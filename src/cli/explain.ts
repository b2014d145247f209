import { EnvironmentError, EXIT, InterruptedError } from '../local/index.js';
import { ResultsError } from '../records/index.js';
import { SpecError } from '../spec/index.js';

/** Says on stderr what went wrong and returns the exit code for it. A fault of the kit itself shows its stack. */
export function explain(error: unknown): number {
  if (error instanceof SpecError || error instanceof ResultsError) {
    console.error(error.message);
    return EXIT.badInput;
  }
  if (error instanceof EnvironmentError) {
    console.error(`hps-bench: ${error.message}`);
    return EXIT.environment;
  }
  if (error instanceof InterruptedError) {
    console.error(`hps-bench: ${error.message}; start again to go on`);
    return error.exitCode;
  }
  console.error('hps-bench: a fault of the program itself, please report it:');
  console.error(error);
  return 70;
}
