// Builds what the node's tests need and the cache lacks; by hand: node --import tsx test/cluster/node/prepare.ts
import { Processes } from '../../../src/local/processes.js';
import { clusterPrograms, containerdPrograms } from '../binaries.js';
import { imageArchive } from './image.js';
import { pythonPath } from '../python.js';

const processes = new Processes(pythonPath());
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    processes.interrupt(signal);
  });
const say = (text: string): void => {
  console.log(text);
};
if (process.argv.includes('--image')) console.log(await imageArchive(processes, say));
else {
  console.log(await clusterPrograms(processes, say));
  console.log(await containerdPrograms(processes, say));
  console.log(await imageArchive(processes, say));
}
