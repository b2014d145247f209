import type { Command } from 'commander';
import { PRESETS, type LoadOptions } from '../spec/index.js';

export interface SpecOptions {
  readonly spec?: string;
  readonly preset?: string;
  readonly set?: string[];
}

/** The three ways to say what to measure, alike in every command. */
export function addSpecOptions(command: Command): Command {
  const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];
  return command
    .option('-f, --spec <file>', 'bench.yaml to read')
    .option('--preset <name>', `start from a preset: ${PRESETS.join(', ')}`)
    .option('--set <key=value>', 'override one setting, e.g. --set batches=[32,64] (repeatable)', collect);
}

/** @param fallback preset where neither file nor preset is given */
export function loadOptions(options: SpecOptions, fallback: string): LoadOptions {
  const preset = options.preset ?? (options.spec === undefined ? fallback : undefined);
  return {
    ...(options.spec === undefined ? {} : { file: options.spec }),
    ...(preset === undefined ? {} : { preset }),
    ...(options.set === undefined ? {} : { set: options.set }),
  };
}
