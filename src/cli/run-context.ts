import type { AnyPlan } from '../../jobs/conductor/plan.js';
import type { Client } from '../cluster/client/index.js';
import type { Interrupts } from './interrupts.js';
import type { RunOptions } from './run.js';

/** What every part of `run` work with. */
export interface RunContext {
  readonly client: Client;
  readonly plans: readonly AnyPlan[];
  readonly options: RunOptions;
  readonly say: (text: string) => void;
  readonly interrupts: Interrupts;
}
