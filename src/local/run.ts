import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { tableBytes, tableRows } from '../dlrm/slots.js';
import { outstanding, type Ledger } from '../ledger/index.js';
import type { ReportModel } from '../report/index.js';
import { currentLedger, lockRun, MOST_ATTEMPTS, refreshResults, type RunFolder } from '../results/index.js';
import type { Spec } from '../spec/index.js';
import { cacheRoot } from './cache.js';
import { prepareEnvironment, prepareGpuEnvironment, type Environment } from './environment.js';
import { EnvironmentError, InterruptedError } from './failure.js';
import { checkDisk, checkHost, thisHost } from './host.js';
import { measureOutstanding } from './measure.js';
import { Processes } from './processes.js';
import { mustRun } from './programs.js';
import { type Output, runStages, type Stage, type StageReporter } from './progress.js';
import { findPython, type Python } from './python.js';
import { artifactSettings, cacheKeys, localPreflight, requestSettings } from '../job-settings/index.js';
import { findTorchPython, type TorchPython } from './torch.js';
import { lastWords, readySeconds, repositoryOf, type RunningTriton, startTriton, waitReady } from './triton.js';

/** Keys, dense weights and graphs beside the table, whose bytes are stored once: 8 bytes a row and some 40 MB. */
const BESIDE_THE_TABLE = { bytes: 60e6, perRow: 8 };
/** perf_analyzer's JSON: about 300 bytes a sample. */
const REQUEST_BYTES_PER_SAMPLE = 400;

export interface LocalOutcome {
  readonly ledger: Ledger;
  readonly model: ReportModel;
  /** Path of report.html. */
  readonly report: string;
  /** Why the run ended early; undefined if it did not. */
  readonly cause: Error | undefined;
}

export interface LocalOptions {
  /** Whether to take the GPU of this machine, for the variants in PyTorch. @default false */
  readonly gpu?: boolean;
  /** Given what an interrupt must be passed on to. */
  readonly onStart?: (processes: Processes) => void;
}

/** Everything the stages pass on to each other. */
interface Context {
  readonly spec: Spec;
  readonly run: RunFolder;
  readonly cache: string;
  readonly processes: Processes;
  readonly python: Python;
  /** PyTorch and the GPU of a run that takes one. */
  readonly torch?: TorchPython;
  environment?: Environment;
  triton?: RunningTriton;
}

/**
 * The main job: makes the model, serves it with Triton, measures it with perf_analyzer, and reports. Goes on where an
 * earlier start of the same run stopped. What was measured is reported whatever happens.
 * @throws EnvironmentError, InterruptedError before anything was measured at all
 */
export async function runLocal(
  spec: Spec,
  run: RunFolder,
  { gpu = false, onStart, ...output }: Output & LocalOptions,
): Promise<LocalOutcome> {
  checkHost(thisHost());
  const torch = gpu ? findTorchPython() : undefined;
  const python = torch?.python ?? findPython();
  const processes = new Processes(python.path);
  onStart?.(processes);
  const context: Context = { spec, run, cache: cacheRoot(), processes, python, ...(torch && { torch }) };
  const unlock = lockRun(run);
  let cause: Error | undefined;
  try {
    if (outstanding(currentLedger(run), MOST_ATTEMPTS).length > 0) await runStages(stagesOf(context), output);
  } catch (error) {
    cause = error as Error;
  } finally {
    await context.triton?.stop();
    rmSync(repositoryOf(run.path), { recursive: true, force: true });
    unlock();
  }
  return conclude(run, cause);
}

async function conclude(run: RunFolder, cause: Error | undefined): Promise<LocalOutcome> {
  const known = cause === undefined || cause instanceof EnvironmentError || cause instanceof InterruptedError;
  if (!known) throw cause;
  const nothing = currentLedger(run).entries.every((entry) => entry.attempts === 0);
  if (cause !== undefined && nothing) throw cause;
  const why = cause === undefined ? undefined : `the run ended before: ${cause.message.split('\n')[0] ?? ''}`;
  return { ...(await refreshResults(run, why)), cause };
}

function stagesOf(context: Context): Stage[] {
  return [
    { title: 'Python environment with Triton and perf_analyzer', run: (report) => environmentStage(context, report) },
    { title: 'Create the model', run: (report) => modelStage(context, report) },
    { title: 'Create the requests', run: (report) => requestStage(context, report) },
    { title: 'Start Triton', run: (report) => tritonStage(context, report) },
    { title: 'Measure', run: (report) => measureStage(context, report) },
  ];
}

const onGpu = ({ torch, gpu }: TorchPython): string => `PyTorch ${torch} on one ${gpu.product}`;

async function environmentStage(context: Context, report: StageReporter): Promise<void> {
  const { cache, python, processes, torch } = context;
  const say = (text: string): void => {
    report.update(text);
    report.result(`Python ${context.python.version}, ${torch === undefined ? '' : `${onGpu(torch)}, `}${text}`);
  };
  context.environment =
    torch === undefined
      ? await prepareEnvironment(cache, python, processes, say)
      : await prepareGpuEnvironment(cache, torch, processes, say);
}

function folders(context: Context): { artifacts: string; requests: string } {
  const keys = cacheKeys(context.spec);
  return {
    artifacts: join(context.cache, 'artifacts', keys.artifacts),
    requests: join(context.cache, 'requests', keys.requests),
  };
}

function programSettings(context: Context): Record<string, unknown> {
  return {
    schema: 'hps-bench/job-settings/1',
    run_id: context.run.runId,
    spec_hash: context.run.specHash,
    ...artifactSettings(context.spec),
    ...requestSettings(context.spec),
    ...localPreflight(context.spec, folders(context), context.torch?.gpu),
    paths: { ...folders(context), results: context.run.path },
  };
}

function environmentOf(context: Context): Environment {
  if (context.environment === undefined) throw new Error('the environment stage has not run');
  return context.environment;
}

async function modelStage(context: Context, report: StageReporter): Promise<void> {
  const { spec, cache } = context;
  const beside = BESIDE_THE_TABLE.bytes + BESIDE_THE_TABLE.perRow * tableRows(spec.model);
  await checkDisk(cache, tableBytes(spec.model) + beside, 'the model');
  await mustRun(environmentOf(context), context.processes, {
    file: 'create_models.py',
    settings: programSettings(context),
    folder: context.run.path,
    onProgress: ({ step, done, total, unit }) => {
      report.update(`${step}: ${done} of ${total} ${unit}`);
    },
  });
  report.result(
    `${tableRows(spec.model).toLocaleString('en-US')} rows, ${(tableBytes(spec.model) / 1e6).toFixed(0)} MB`,
  );
}

async function requestStage(context: Context, report: StageReporter): Promise<void> {
  const { spec, cache } = context;
  const samples = spec.batches.reduce((sum, batch) => sum + batch, 0);
  await checkDisk(cache, samples * REQUEST_BYTES_PER_SAMPLE, 'the request files');
  await mustRun(environmentOf(context), context.processes, {
    file: 'make_requests.py',
    settings: programSettings(context),
    folder: context.run.path,
    onProgress: ({ done, total, unit }) => {
      report.update(`${done} of ${total} ${unit}`);
    },
  });
  report.result(`${spec.batches.length} batch sizes`);
}

async function tritonStage(context: Context, report: StageReporter): Promise<void> {
  await startFreshTriton(context, (text) => {
    report.update(text);
  });
  report.result(`ready on ${runningTriton(context).http}`);
}

async function startFreshTriton(context: Context, say: (text: string) => void): Promise<void> {
  const log = join(context.run.path, 'triton.log');
  const place = context.torch === undefined ? 'cpu' : 'gpu';
  context.triton = await startTriton({
    environment: environmentOf(context),
    place,
    processes: context.processes,
    spec: context.spec,
    settings: programSettings(context),
    artifacts: folders(context).artifacts,
    folder: context.run.path,
    log,
  });
  say(`loading ${context.spec.variants.join(', ')}`);
  await waitReady(context.processes, context.triton, context.spec.variants, { log, seconds: readySeconds(place) });
}

function runningTriton(context: Context): RunningTriton {
  if (context.triton === undefined) throw new Error('the Triton stage has not run');
  return context.triton;
}

async function measureStage(context: Context, report: StageReporter): Promise<void> {
  const target = {
    triton: () => runningTriton(context),
    restart: async (): Promise<void> => {
      await runningTriton(context).stop();
      await startFreshTriton(context, (text) => {
        report.update(text);
      });
    },
    environment: environmentOf(context),
    processes: context.processes,
  };
  try {
    await measureOutstanding(context.run, programSettings(context), target, report);
  } catch (error) {
    const gone = await Promise.race([
      runningTriton(context).ended,
      new Promise<undefined>((resolve) => setTimeout(resolve, 500, undefined)),
    ]);
    if (gone !== undefined && error instanceof EnvironmentError)
      throw new EnvironmentError(
        `Triton ended in mid-run:\n  ${lastWords(gone)}`,
        `start again to go on; its log: ${join(context.run.path, 'triton.log')}`,
      );
    throw error;
  }
}
