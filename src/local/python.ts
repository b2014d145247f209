import { spawnSync } from 'node:child_process';
import { EnvironmentError } from './failure.js';

/** A Python that can host the model programs and Triton's python backend. */
export interface Python {
  readonly path: string;
  /** `3.11` */
  readonly version: string;
  /** Folder that holds `libpython3.x.so.1.0`, which Triton's stub loads. */
  readonly libraryFolder: string;
}

const WANTED = ['python3.11', 'python3.10', 'python3.9', 'python3.12', 'python3', 'python'];
const OLDEST = 9;
const NEWEST = 12;

/** Prints what this Python is, as JSON. Its shared library may lie in several places, by distribution. */
const PROBE = `
import importlib.util, json, os, sys, sysconfig
v = sysconfig.get_config_vars()
name = "libpython%d.%d.so.1.0" % sys.version_info[:2]
lib = v.get("LIBDIR") or ""
folders = [lib, os.path.join(lib, v.get("MULTIARCH") or "."), os.path.join(sys.base_prefix, "lib")]
folders += ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib"]
found = next((f for f in folders if os.path.exists(os.path.join(f, name))), None)
print(json.dumps({"major": sys.version_info[0], "minor": sys.version_info[1], "library": found, "path": sys.executable,
  "venv": bool(importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"))}))
`;

interface Probe {
  major: number;
  minor: number;
  library: string | null;
  path: string;
  venv: boolean;
}

/**
 * The first usable Python of HPS_BENCH_PYTHON, or of the usual names on PATH.
 * @throws EnvironmentError saying of each one found why it will not do
 */
export function findPython(environment: NodeJS.ProcessEnv = process.env): Python {
  return choosePython((python) => python, {
    wanted: `no usable Python 3.${OLDEST} to 3.${NEWEST}`,
    fix: 'on Debian or Ubuntu: apt-get install python3 python3-venv libpython3-dev; or set HPS_BENCH_PYTHON to another Python',
    environment,
  });
}

/**
 * As findPython, for who wants more of a Python.
 * @param look what is made of a Python that is usable, or why it will not do
 * @throws EnvironmentError that begins with `wanted`, says of each one found why it will not do, and ends in `fix`
 */
export function choosePython<T extends object>(
  look: (python: Python) => T | string,
  { wanted, fix, environment }: { wanted: string; fix: string; environment: NodeJS.ProcessEnv },
): T {
  const own = environment['HPS_BENCH_PYTHON'];
  const names = own === undefined || own === '' ? WANTED : [own];
  const refused = new Set<string>();
  for (const name of names) {
    const probe = probePython(name, environment);
    if (probe === undefined) continue;
    const found = lookAt(probe, look);
    if (typeof found !== 'string') return found;
    refused.add(`${probe.path} (${probe.major}.${probe.minor}) ${found}`);
  }
  const why = refused.size === 0 ? `none found among ${names.join(', ')}` : [...refused].join('; ');
  throw new EnvironmentError(`${wanted}: ${why}`, fix);
}

function lookAt<T>(probe: Probe, look: (python: Python) => T | string): T | string {
  const { path, major, minor, library } = probe;
  const reason = objection(probe);
  return reason === undefined && library !== null
    ? look({ path, version: `${major}.${minor}`, libraryFolder: library })
    : (reason ?? '');
}

function probePython(name: string, environment: NodeJS.ProcessEnv): Probe | undefined {
  const answer = spawnSync(name, ['-c', PROBE], { encoding: 'utf8', timeout: 20_000, env: environment });
  if (answer.status !== 0) return undefined;
  try {
    return JSON.parse(answer.stdout) as Probe;
  } catch {
    return undefined;
  }
}

function objection(probe: Probe): string | undefined {
  if (probe.major !== 3 || probe.minor < OLDEST || probe.minor > NEWEST) return `is not 3.${OLDEST} to 3.${NEWEST}`;
  if (!probe.venv) return 'has no venv module (Debian: python3-venv)';
  if (probe.library === null) return `has no libpython3.${probe.minor}.so.1.0 (Debian: libpython3.${probe.minor})`;
  return undefined;
}
