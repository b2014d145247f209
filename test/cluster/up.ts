// `npm run cluster:up`: the control plane with kwok and one node of 8 A100s, to try things by hand. It runs until Ctrl-C.
import { EnvironmentError, EXIT, InterruptedError } from '../../src/local/index.js';
import { Processes } from '../../src/local/processes.js';
import { a100Node } from './a100-node.js';
import { kubeconfigOf } from './access.js';
import { clusterPrograms } from './binaries.js';
import { ControlPlane } from './control-plane.js';
import { startKwok } from './kwok.js';
import { Kubectl } from './kubectl.js';
import { pythonPath } from './python.js';

const processes = new Processes(pythonPath());
const asked = new Promise<NodeJS.Signals>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, resolve);
});
void asked.then((signal) => {
  processes.interrupt(signal);
});

async function up(): Promise<void> {
  const say = (text: string): void => {
    console.error(`cluster: ${text}`);
  };
  const plane = await ControlPlane.start(processes, await clusterPrograms(processes, say));
  try {
    await startKwok(plane);
    await new Kubectl(plane.access).apply(a100Node('a100'));
    say('ready; Ctrl-C ends it. In another shell:');
    console.log(`export KUBECONFIG=${kubeconfigOf(plane.access, 'admin')} PATH=${plane.access.programs}:$PATH`);
    await asked;
  } finally {
    await plane.stop();
  }
}

try {
  await up();
} catch (error) {
  if (error instanceof InterruptedError) process.exitCode = error.exitCode;
  else if (error instanceof EnvironmentError) {
    console.error(error.message);
    process.exitCode = EXIT.environment;
  } else throw error;
}
