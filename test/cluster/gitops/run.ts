// `npm run test:gitops`: builds what is missing, then runs the tests in namespaces of their own. In a network of their own,
// because Argo CD's controller listens on every address there is; with an /etc of their own (what is written to it ends with
// them), because Kueue reads a certificate there. Neither can be told otherwise.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { EnvironmentError, EXIT, InterruptedError } from '../../../src/local/index.js';
import { Processes } from '../../../src/local/processes.js';
import { PACKAGE_ROOT } from '../../../src/spec/index.js';
import { argocdPrograms, kueuePrograms } from '../controllers.js';
import { clusterPrograms } from '../binaries.js';
import { pythonPath } from '../python.js';

const PACKAGES = { git: 'git', ip: 'iproute2', 'redis-server': 'redis-server', unshare: 'util-linux' };

/** @throws EnvironmentError that lists everything that is missing */
function requireTools(): void {
  const missing = Object.entries(PACKAGES)
    .filter(([program]) => spawnSync('which', [program]).status !== 0)
    .map(([, name]) => name);
  if (missing.length > 0)
    throw new EnvironmentError(
      'programs beside Argo CD are missing',
      `on Debian: apt-get install ${missing.join(' ')}`,
    );
}

async function main(processes: Processes): Promise<number> {
  requireTools();
  const say = (text: string): void => {
    console.log(`gitops: ${text}`);
  };
  const kubernetes = await clusterPrograms(processes, say);
  const argocd = await argocdPrograms(processes, say);
  const kueue = await kueuePrograms(processes, say);
  const vitest = [process.execPath, join(PACKAGE_ROOT, 'node_modules', 'vitest', 'vitest.mjs')];
  const inside = [...vitest, 'run', '--config', 'vitest.gitops.config.ts', ...process.argv.slice(2)];
  const inNamespaces = [
    'ip link set lo up',
    'mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work',
    'mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc',
    '"$@"',
  ];
  // Anybody but root needs a user namespace for it.
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const { code } = await processes.run({
    command: 'unshare',
    args: [
      ...[...user, '--net', '--mount', '--kill-child', '--fork'],
      ...['bash', '-c', inNamespaces.join(' && '), 'bash', ...inside],
    ],
    cwd: PACKAGE_ROOT,
    environment: { ...process.env, HPS_BENCH_GITOPS: JSON.stringify({ kubernetes, argocd, kueue }) },
    onLine: (line) => {
      console.log(line);
    },
  });
  return code ?? EXIT.incomplete;
}

const processes = new Processes(pythonPath());
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    processes.interrupt(signal);
    // unshare ignores what asks it to end; killed, it takes its processes with it.
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
