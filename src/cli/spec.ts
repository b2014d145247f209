import type { Command } from 'commander';
import * as yaml from 'js-yaml';
import { cellsOf, loadSpec, plannedMeasurements, specHash } from '../spec/index.js';
import { addSpecOptions, loadOptions, type SpecOptions } from './options.js';

/** `hps-bench spec`: the resolved spec, with every default filled in. */
export function addSpecCommand(program: Command): void {
  const command = program.command('spec').description('check a spec and print it with every default filled in');
  addSpecOptions(command)
    .option('--json', 'print JSON')
    .action((options: SpecOptions & { json?: boolean }) => {
      const spec = loadSpec(loadOptions(options, 'a100-page'));
      const facts = {
        hash: specHash(spec),
        cells: cellsOf(spec).length,
        measurements: plannedMeasurements(spec).length,
      };
      if (options.json === true) console.log(JSON.stringify({ ...facts, spec }, null, 2));
      else {
        console.log(`# spec ${facts.hash}: ${facts.cells} cells, ${facts.measurements} measurements`);
        process.stdout.write(yaml.dump(spec, { flowLevel: 2, lineWidth: 120 }));
      }
    });
}
