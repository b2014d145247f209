// One collection in a process of its own, so that its memory and CPU time are its own. Prints one JSON line.
import { Client } from '../../src/cluster/client/index.js';
import { collectRun, findRun } from '../../src/cluster/collect/index.js';

const [kubeconfig = '', namespace = '', results = '', parallel = '64'] = process.argv.slice(2);
const client = Client.connect({ kubeconfig, namespace });
const { seconds, counts, expected, tally, problems, contradictions, folder } = await collectRun(
  client,
  await findRun(client),
  { results, volume: 'never', parallel: Number(parallel) },
);
await client.close();
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const { pods, read, bytes, retries } = tally;
process.stdout.write(
  `${JSON.stringify({
    ...{ seconds, counts, expected, pods, read, bytes, retries, folder: folder.path },
    ...{ problems: problems.slice(0, 5), contradictions: contradictions.slice(0, 5) },
    ...{ megabytes: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 },
  })}\n`,
);
