// `npm run test:node`: builds what is missing, then runs the node's tests in network, mount and process namespaces of their
// own. When they end, however they end, the kernel ends every process and undoes every mount, bridge and rule in them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError, InterruptedError, EXIT } from '../../../src/local/index.js';
import { Processes } from '../../../src/local/processes.js';
import { PACKAGE_ROOT } from '../../../src/spec/index.js';
import { clusterPrograms, containerdPrograms } from '../binaries.js';
import { isRunning, makeFolder, removeFolder } from '../folder.js';
import { makeCgroup, removeCgroup, removeLeftCgroups } from './cgroups.js';
import { imageArchive } from './image.js';
import { CNI_PLUGINS } from './network.js';
import { pythonPath } from '../python.js';

const PACKAGES = {
  runc: 'runc',
  iptables: 'iptables',
  ip: 'iproute2',
  unshare: 'util-linux',
  debootstrap: 'debootstrap',
};

/** @throws EnvironmentError that lists everything that is missing */
function requireTools(): void {
  if (process.getuid?.() !== 0) throw new EnvironmentError('a real node needs root', 'run npm run test:node as root');
  const missing = Object.entries(PACKAGES)
    .filter(([program]) => spawnSync('which', [program]).status !== 0)
    .map(([, name]) => name);
  if (!existsSync(join(CNI_PLUGINS, 'bridge'))) missing.push('containernetworking-plugins');
  if (missing.length === 0) return;
  throw new EnvironmentError('programs of a real node are missing', `on Debian: apt-get install ${missing.join(' ')}`);
}

async function main(processes: Processes): Promise<number> {
  requireTools();
  const say = (text: string): void => {
    console.log(`node: ${text}`);
  };
  const kubernetes = await clusterPrograms(processes, say);
  const containerd = await containerdPrograms(processes, say);
  const images = await imageArchive(processes, say);
  removeLeftCgroups(isRunning);
  const cgroup = makeCgroup(process.pid);
  const folder = makeFolder();
  try {
    const vitest = [process.execPath, join(PACKAGE_ROOT, 'node_modules', 'vitest', 'vitest.mjs')];
    const inside = [...vitest, 'run', '--config', 'vitest.node.config.ts', ...process.argv.slice(2)];
    const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const { code } = await processes.run({
      command: 'unshare',
      args: [...namespaces, 'bash', '-c', 'ip link set lo up && "$@"', 'bash', ...inside],
      cwd: PACKAGE_ROOT,
      environment: {
        ...process.env,
        HPS_BENCH_NODE: JSON.stringify({ kubernetes, containerd, images, cgroup, folder }),
      },
      onLine: (line) => {
        console.log(line);
      },
    });
    return code ?? EXIT.incomplete;
  } finally {
    removeCgroup(cgroup);
    removeFolder(folder);
  }
}

const processes = new Processes(pythonPath());
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    processes.interrupt(signal);
    // unshare ignores what asks it to end; killed, it takes its namespaces with it.
    processes.interrupt(signal);
  });
try {
  process.exitCode = await main(processes);
} catch (error) {
  if (error instanceof InterruptedError) process.exitCode = error.exitCode;
  else if (error instanceof EnvironmentError) {
    console.error(error.message);
    process.exitCode = EXIT.environment;
  } else throw error;
}
