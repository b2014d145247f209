// A collector in a process of its own, to be killed: it brings the evidence of a run and makes no report.
import { Client } from '../../../src/cluster/client/index.js';
import { Collector } from '../../../src/cluster/collect/collector.js';
import { findRun } from '../../../src/cluster/collect/run-plan.js';
import { chooseRun } from '../../../src/results/run-folder.js';

async function main(): Promise<void> {
  const [kubeconfig = '', namespace = '', root = ''] = process.argv.slice(2);
  const client = Client.connect({ kubeconfig, namespace });
  const run = await findRun(client);
  const { spec, runId } = run;
  const { run: folder } = chooseRun({ root, spec, runId, now: new Date(run.createdAt) });
  await new Collector(client, run, folder, { volume: 'never', parallel: 2 }).collect();
  await client.close();
}

void main();
