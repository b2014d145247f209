import { InvalidArgumentError, type Command } from 'commander';
import { cacheRoot, EXIT, thisMachine } from '../local/index.js';
import { bytesOf, forecast, placeOf, planText, type PlanOptions } from '../planner/index.js';
import { loadSpec, type Spec } from '../spec/index.js';
import { addSpecOptions, loadOptions, type SpecOptions } from './options.js';

interface PlanCommandOptions extends SpecOptions {
  readonly place?: 'cluster' | 'local';
  readonly diskSpeed?: number;
  readonly driver?: string;
  readonly nodeMemory?: number;
  readonly json?: boolean;
}

/** `hps-bench plan`: what a spec will take, before anything is started; exit 4 if it cannot run. */
export function addPlanCommand(program: Command): void {
  const command = program
    .command('plan')
    .description(
      'forecast disk, memory, GPU memory, time and GPU-hours of a spec, and say what would keep it from running',
    );
  addSpecOptions(command)
    .option('--place <place>', 'cluster or local; left out: what its variants need', placeOption)
    .option('--disk-speed <MB/s>', 'write speed of the volume, in MB/s', speedOption)
    .option('--driver <version>', "the nodes' NVIDIA driver, to check it", driverOption)
    .option('--node-memory <size>', 'memory of a GPU node, to check it, e.g. 128Gi', memoryOption)
    .option('--json', 'print JSON')
    .action(plan);
}

async function plan(options: PlanCommandOptions): Promise<void> {
  const spec = loadSpec(loadOptions(options, 'a100-page'));
  const found = forecast(spec, await planOptions(spec, options));
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else process.stdout.write(planText(found));
  if (!found.fits) process.exitCode = EXIT.environment;
}

async function planOptions(spec: Spec, options: PlanCommandOptions): Promise<PlanOptions> {
  const place = options.place ?? placeOf(spec);
  return {
    place,
    ...(options.diskSpeed === undefined ? {} : { diskSpeed: options.diskSpeed }),
    ...(options.driver === undefined ? {} : { driver: options.driver }),
    ...(options.nodeMemory === undefined ? {} : { nodeMemory: options.nodeMemory }),
    ...(place === 'local' ? { machine: await thisMachine(cacheRoot()) } : {}),
  };
}

function placeOption(value: string): 'cluster' | 'local' {
  if (value !== 'cluster' && value !== 'local') throw new InvalidArgumentError('Allowed: cluster, local.');
  return value;
}

function speedOption(value: string): number {
  const speed = Number(value);
  if (!Number.isFinite(speed) || speed < 1 || speed > 100_000)
    throw new InvalidArgumentError('Allowed: a number from 1 to 100000, in MB/s.');
  return speed * 1e6;
}

function driverOption(value: string): string {
  if (!/^\d+(\.\d+){0,3}$/.test(value)) throw new InvalidArgumentError('Allowed: a driver version such as 535.104.05.');
  return value;
}

function memoryOption(value: string): number {
  try {
    return bytesOf(value);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
