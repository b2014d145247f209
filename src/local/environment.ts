import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  mkdirSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { PACKAGE_ROOT } from '../spec/index.js';
import { writeWhole } from '../records/index.js';
import { EnvironmentError } from './failure.js';
import { checkDisk } from './host.js';
import type { Processes } from './processes.js';
import type { Python } from './python.js';
import { gpuVariables, type TorchPython } from './torch.js';

/** The private environment with Triton and perf_analyzer: TensorFlow and ONNX Runtime beside them, or another's PyTorch. */
export interface Environment {
  readonly python: Python;
  /** Its interpreter. */
  readonly interpreter: string;
  readonly bin: string;
  /** Triton's folder: `bin/tritonserver` and `backends/python`. */
  readonly triton: string;
  readonly perfAnalyzer: string;
  /** Holds `libb64.so.0d` and `libcudart.so.12`, which perf_analyzer wants by these names. */
  readonly libraries: string;
  /** Variables that its programs and Triton need. */
  readonly variables: NodeJS.ProcessEnv;
}

const REQUIREMENTS = ['local.txt', 'triton.txt'] as const;
/** Measured: 1.6 GB installed, and pip unpacks while the downloads still lie there. */
const INSTALL_BYTES = 2.6e9;
/** The same without TensorFlow and ONNX Runtime. */
const TRITON_BYTES = 0.6e9;

/** Finds or makes the environment of that Python. @param say told what is being done */
export async function prepareEnvironment(
  cache: string,
  python: Python,
  processes: Processes,
  say: (text: string) => void,
): Promise<Environment> {
  const folder = await prepareVirtualEnvironment(cache, python, processes, say, {
    name: `python${python.version}`,
    requirements: REQUIREMENTS,
    bytes: INSTALL_BYTES,
    what: 'Triton and TensorFlow',
    arrange: (made) => {
      arrangeTriton(layout(made, python), made);
    },
  });
  return layout(folder, python, tensorflowVariables(python));
}

/**
 * Finds or makes the environment of a Python that has PyTorch: Triton and perf_analyzer of its own, all else from there.
 * @param say told what is being done
 */
export async function prepareGpuEnvironment(
  cache: string,
  { python, packages, gpu }: TorchPython,
  processes: Processes,
  say: (text: string) => void,
): Promise<Environment> {
  const folder = await prepareVirtualEnvironment(cache, python, processes, say, {
    name: `gpu-python${python.version}`,
    requirements: ['triton.txt'],
    bytes: TRITON_BYTES,
    what: 'Triton',
    arrange: (made) => {
      arrangeTriton(layout(made, python), made);
      // Behind its own packages. That Python may itself be a virtual environment, which another cannot be made from.
      writeWhole(join(sitePackages(made, python), 'hps-bench-torch.pth'), `${packages.join('\n')}\n`);
    },
  });
  return layout(folder, python, gpuVariables(gpu));
}

/** A virtual environment from hash-pinned requirements. */
export interface VirtualEnvironment {
  /** Begins the name of its folder; the rest is a hash of the Python and the requirements. */
  readonly name: string;
  /** Files in requirements/. */
  readonly requirements: readonly string[];
  /** Room it needs while it is being installed. */
  readonly bytes: number;
  /** What is installed, for messages. */
  readonly what: string;
  /** What to do with the installed folder before it counts as complete. */
  readonly arrange?: (folder: string) => void;
}

/** Finds or makes a virtual environment. @returns its folder */
export async function prepareVirtualEnvironment(
  cache: string,
  python: Python,
  processes: Processes,
  say: (text: string) => void,
  wanted: VirtualEnvironment,
): Promise<string> {
  mkdirSync(join(cache, 'environments'), { recursive: true });
  // Its programs and links hold its path: the real one, so that it outlives a link by which it was reached.
  const home = realpathSync(join(cache, 'environments'));
  const folder = join(home, `${wanted.name}-${requirementsKey(python, wanted.requirements)}`);
  const marker = join(folder, 'complete.json');
  if (existsSync(marker)) {
    say('reused');
    return folder;
  }
  await checkDisk(cache, wanted.bytes, `installing ${wanted.what}`);
  // Without its marker it is the remains of an installation that was stopped.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  say('creating a virtual environment');
  await must(processes, python.path, ['-m', 'venv', folder], 'the virtual environment could not be made');
  for (const file of wanted.requirements) await pipInstall(processes, folder, file, say);
  wanted.arrange?.(folder);
  writeWhole(marker, `${JSON.stringify({ python: python.path, requirements: wanted.requirements })}\n`);
  say('installed');
  return folder;
}

function requirementsKey(python: Python, requirements: readonly string[]): string {
  const hash = createHash('sha256').update(python.path);
  for (const file of requirements) hash.update(readFileSync(join(PACKAGE_ROOT, 'requirements', file)));
  return hash.digest('hex').slice(0, 12);
}

async function pipInstall(
  processes: Processes,
  folder: string,
  file: string,
  say: (text: string) => void,
): Promise<void> {
  const requirements = join(PACKAGE_ROOT, 'requirements', file);
  const args = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  args.push('--only-binary', ':all:', '--progress-bar', 'off', '-r', requirements);
  const ended = await processes.run({
    command: join(folder, 'bin', 'python'),
    args,
    environment: cleanEnvironment(),
    onLine: (line) => {
      const [, what] = /^Collecting (\S+)/.exec(line) ?? [];
      if (what !== undefined) say(`fetching ${what}`);
      else if (line.startsWith('Installing collected packages')) say('unpacking');
    },
  });
  if (ended.code === 0) return;
  const errors = ended.tail.filter((line) => /ERROR|error|No space/.test(line));
  const said = (errors.length > 0 ? errors : ended.tail).slice(-3).join('\n  ');
  throw new EnvironmentError(`pip could not install ${file}:\n  ${said}`, pipFix(said));
}

function pipFix(said: string): string {
  if (/No space left/i.test(said)) return 'free some space, or set HPS_BENCH_CACHE to a folder on a larger disk';
  if (/hash/i.test(said))
    return 'a downloaded file is not the one that was pinned: check the package index and proxy in use';
  return 'a package index must be reachable for the first run: check the network, a proxy (HTTPS_PROXY) or pip.conf';
}

/** Python's own switches of the caller must not reach into the private environment. */
export function cleanEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const foreign = new Set(['PYTHONPATH', 'PYTHONHOME', 'VIRTUAL_ENV']);
  const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.has(name)));
  return { ...rest, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1', ...extra };
}

/** TensorFlow quiet and on the CPU; Keras 2, which from TensorFlow 2.16 on is a package of its own. */
export function tensorflowVariables(python: Python): NodeJS.ProcessEnv {
  const legacyKeras = python.version === '3.12' ? { TF_USE_LEGACY_KERAS: '1' } : {};
  return { TF_CPP_MIN_LOG_LEVEL: '2', CUDA_VISIBLE_DEVICES: '-1', ...legacyKeras };
}

async function must(processes: Processes, command: string, args: string[], message: string): Promise<void> {
  const ended = await processes.run({ command, args, environment: cleanEnvironment() });
  if (ended.code !== 0) throw new EnvironmentError(`${message}:\n  ${ended.tail.slice(-3).join('\n  ')}`);
}

function sitePackages(folder: string, python: Python): string {
  return join(folder, 'lib', `python${python.version}`, 'site-packages');
}

function layout(folder: string, python: Python, variables: NodeJS.ProcessEnv = {}): Environment {
  const packages = sitePackages(folder, python);
  return {
    python,
    interpreter: join(folder, 'bin', 'python'),
    bin: join(folder, 'bin'),
    triton: join(packages, 'pytriton', 'tritonserver'),
    perfAnalyzer: join(folder, 'bin', 'perf_analyzer'),
    libraries: join(folder, 'hps-bench-libraries'),
    variables,
  };
}

/** The wheel brings a stub for each Python and libraries under hashed names: put both where Triton and perf_analyzer look. */
function arrangeTriton(environment: Environment, folder: string): void {
  const { triton, python, libraries } = environment;
  const backend = join(triton, 'backends', 'python');
  const stub = join(backend, 'triton_python_backend_stub');
  copyFileSync(join(triton, 'python_backend_stubs', python.version, 'triton_python_backend_stub'), stub);
  for (const file of [stub, join(triton, 'bin', 'tritonserver'), environment.perfAnalyzer]) chmodSync(file, 0o755);
  mkdirSync(libraries, { recursive: true });
  const bundled = join(sitePackages(folder, python), 'nvidia_pytriton.libs');
  const names = readdirSync(bundled);
  for (const [pattern, link] of [
    [/^libb64-.*\.so\.0d$/, 'libb64.so.0d'],
    [/^libcudart-.*\.so\.12\./, 'libcudart.so.12'],
  ] as const) {
    const file = names.find((name) => pattern.test(name));
    if (file === undefined) throw new EnvironmentError(`the Triton wheel holds no library like ${link}`);
    symlinkSync(relative(libraries, join(bundled, file)), join(libraries, link));
  }
}
