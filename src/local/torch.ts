import { spawnSync } from 'node:child_process';
import { choosePython, type Python } from './python.js';

/** A Python whose PyTorch reaches a GPU, and that GPU. */
export interface TorchPython {
  readonly python: Python;
  readonly torch: string;
  /** Where its packages lie, so that another environment may use them. */
  readonly packages: readonly string[];
  readonly gpu: LocalGpu;
}

/** The GPU of a local run: the first that CUDA shows, by PCI bus unless CUDA_VISIBLE_DEVICES says otherwise. */
export interface LocalGpu {
  readonly uuid: string;
  /** As nvidia-smi says it, such as `NVIDIA H200`. */
  readonly product: string;
  /** Compute capability, such as `9.0`. */
  readonly capability: string;
  /** In bytes. */
  readonly memory: number;
}

/** Prints what this Python's PyTorch finds, or why it will not do, as JSON. The UUID is asked of the driver: PyTorch tells it only from 2.4 on. */
const PROBE = `
import ctypes, json, sys, uuid
def end(**found):
    print("\\n" + json.dumps(found))
    sys.exit()
try:
    import numpy, torch, triton
except Exception as problem:
    end(objection="cannot import what the variants need: %s" % problem)
if torch.version.cuda is None:
    end(objection="has a PyTorch without CUDA (%s)" % torch.__version__)
try:
    device = torch.cuda.get_device_properties(0)
    cuda, raw = ctypes.CDLL("libcuda.so.1"), (ctypes.c_ubyte * 16)()
    if cuda.cuInit(0) != 0 or cuda.cuDeviceGetUuid(raw, 0) != 0:
        end(objection="finds no GPU: the driver does not tell the UUID of the first")
except Exception as problem:
    end(objection="finds no GPU: %s" % str(problem).splitlines()[0])
end(torch=torch.__version__, packages=[p for p in sys.path if p.rstrip("/").endswith(("site-packages", "dist-packages"))],
  gpu={"uuid": "GPU-%s" % uuid.UUID(bytes=bytes(raw)), "product": device.name, "memory": device.total_memory,
    "capability": "%d.%d" % (device.major, device.minor)})
`;

interface Answer {
  readonly objection?: string;
  readonly torch: string;
  readonly packages: readonly string[];
  readonly gpu: LocalGpu;
}

/** PyTorch's first import may take a while on a cold disk. */
const PATIENCE_MS = 120_000;

/**
 * The first usable Python of HPS_BENCH_PYTHON, or of the usual names on PATH, that has PyTorch and a GPU for it.
 * @throws EnvironmentError saying of each one found why it will not do
 */
export function findTorchPython(environment: NodeJS.ProcessEnv = process.env): TorchPython {
  return choosePython((python) => probeTorch(python, environment), {
    wanted: 'no usable Python with PyTorch and a GPU',
    fix: 'set HPS_BENCH_PYTHON to the Python of the environment that has PyTorch with CUDA, its triton, and NumPy; hps-bench local without --gpu needs neither',
    environment,
  });
}

function probeTorch(python: Python, environment: NodeJS.ProcessEnv): TorchPython | string {
  const env = { ...environment, CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
  const { stdout, stderr, status } = spawnSync(python.path, ['-c', PROBE], {
    ...{ encoding: 'utf8', timeout: PATIENCE_MS, env },
  });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const answer = parsed(last);
  if (status !== 0 || answer === undefined)
    return `could not be asked for PyTorch: ${stderr.trimEnd().split('\n').at(-1) ?? ''}`;
  if (answer.objection !== undefined) return answer.objection;
  const { torch, packages, gpu } = answer;
  return { python, torch, packages, gpu };
}

function parsed(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}

/** What programs and Triton are told, so that they and nvidia-smi mean the same GPU. */
export const gpuVariables = ({ uuid }: LocalGpu): NodeJS.ProcessEnv => ({
  CUDA_VISIBLE_DEVICES: uuid,
  HPS_BENCH_GPU: uuid,
});
