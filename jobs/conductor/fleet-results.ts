/** What a fleet's conductor publishes: how many pods have measured. What they measured is too much for a ConfigMap. */
import type { FleetPlan } from './plan.js';
import type { RunStatus } from './status.js';
import type { Published } from './publisher.js';

export function fleetResults(plan: FleetPlan, { fleet }: RunStatus): Published {
  const { succeeded, failed, pods } = fleet ?? { succeeded: 0, failed: 0, pods: plan.stages.fleet.pods };
  const each = plan.measurements / plan.stages.fleet.pods;
  const missing = pods - succeeded - failed;
  const counts = { measured: succeeded * each, invalid: 0, failed: failed * each, missing: missing * each };
  const table = [
    `Run ${plan.runId}, specification ${plan.specHash}: ${succeeded} of ${pods} pods of the fleet have measured.`,
    '',
    `    hps-bench collect --namespace ${plan.namespace} --run ${plan.runId}`,
    `    hps-bench fleet report results/${plan.runId}`,
    '',
  ].join('\n');
  const ledger = { schema: 'hps-bench/fleet-ledger/1', run_id: plan.runId, pods, succeeded, failed, missing };
  return {
    expected: plan.measurements,
    counts,
    texts: { table, records: '', ledgerJson: `${JSON.stringify(ledger)}\n` },
  };
}
