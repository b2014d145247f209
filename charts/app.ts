import { App } from 'cdk8s';
import { fleetNodes, type Spec } from '../src/spec/index.js';
import { NamespaceChart } from './00-namespace.js';
import { StorageChart } from './10-storage.js';
import { ProgramsChart } from './20-programs.js';
import { ModelsChart } from './30-models.js';
import { EnginesChart } from './40-engines.js';
import { FleetChart } from './60-fleet.js';
import { ServingChart } from './50-serving.js';
import { MeasurementChart } from './60-measurement.js';
import { ConductorChart } from './70-conductor.js';
import { boundsOf, EXIT_TIMEOUT_SECONDS, type Mounted } from '../src/kubernetes/index.js';
import { addRules, type Facts } from '../src/kubernetes/rules/index.js';
import { type Bench, benchOf, type Run } from './bench.js';
import type { JobFiles } from './job-files.js';
import { type FleetNames, isFleet, type StageNames } from './plan.js';

export interface AppFiles {
  /** Python programs by path below jobs/. */
  readonly python: JobFiles;
  /** The bundled conductor by file name. */
  readonly conductor: JobFiles;
}

/** The whole benchmark as charts, one file each, in the order in which things happen; checked when it is synthesized. */
export function benchApp(spec: Spec, files: AppFiles, outdir: string): App {
  const { app, facts } = benchCharts(spec, files, outdir);
  addRules(app, facts);
  return app;
}

/** The charts, and what the rules must know about them. */
export function benchCharts(spec: Spec, files: AppFiles, outdir: string): { app: App; facts: Facts } {
  const bench = benchOf(spec);
  const app = new App({ outdir });
  new NamespaceChart(app, bench);
  new StorageChart(app, bench);
  const { programs } = new ProgramsChart(app, bench, files.python);
  const models = new ModelsChart(app, bench, programs);
  const namesOf = afterModels(app, bench, programs, models.job);
  new ConductorChart(app, bench, files.conductor, namesOf);
  const facts = {
    gpus: spec.cluster.gpus,
    nodes: new Map(
      bench.spec.fleet === undefined ? [] : fleetNodes(bench.spec.fleet).map((node) => [node.name, node.gpus]),
    ),
    moments: bench.runs.flatMap((run) => momentsOf(namesOf(run))),
    startupSeconds: Math.max(...bench.runs.map((run) => boundsOf(run.spec).startup)),
    exitTimeoutSeconds: EXIT_TIMEOUT_SECONDS,
  };
  return { app, facts };
}

/** The charts of what the models are for: one GPU with Triton as a Deployment, or a fleet. @returns names of what they made */
function afterModels(app: App, bench: Bench, programs: Mounted, createModels: string): (run: Run) => Names {
  const { fleet } = bench.spec;
  const [first] = bench.runs;
  if (fleet !== undefined && first !== undefined) {
    const { jobs } = new FleetChart(app, bench, first, fleet, programs);
    return () => ({ createModels, fleet: jobs });
  }
  const engines = bench.engines ? new EnginesChart(app, bench, programs) : undefined;
  const serving = new ServingChart(app, bench, programs);
  const measurement = new MeasurementChart(app, bench, programs, serving.deployments);
  return ({ runId }) => ({
    createModels,
    buildEngines: engines?.job,
    deployment: serving.deployments.get(runId) ?? '',
    measure: measurement.jobs.get(runId) ?? '',
  });
}

type Names = StageNames | FleetNames;

/** What runs at the same time, by the order in which the conductor lets the stages begin. */
function momentsOf(names: Names): string[][] {
  if (isFleet(names)) return [[names.createModels], [...names.fleet]];
  const { createModels, buildEngines, deployment, measure } = names;
  return [[createModels], buildEngines === undefined ? [] : [buildEngines], [deployment, measure]];
}
