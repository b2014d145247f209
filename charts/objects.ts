import * as yaml from 'js-yaml';
import type { AnyPlan } from '../jobs/conductor/plan.js';
import type { Spec } from '../src/spec/index.js';
import { type AppFiles, benchApp } from './app.js';

/** An object as it is applied. */
export interface BenchObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

export interface BenchObjects {
  /** In the order in which they are applied. */
  readonly objects: readonly BenchObject[];
  /** One for each run: what its conductor has to do. */
  readonly plans: readonly AnyPlan[];
}

/** What `cdk8s synth` writes, in memory: checked by the same rules. @throws Error that lists what they found */
export function benchObjects(spec: Spec, files: AppFiles): BenchObjects {
  // The folder is where `synth()` would write; nothing is written here.
  const text = benchApp(spec, files, '.').synthYaml();
  const objects = yaml.loadAll(text, undefined, { schema: yaml.JSON_SCHEMA }) as BenchObject[];
  const plans = objects.flatMap(({ data }) => {
    const plan = data?.['plan.json'];
    return plan === undefined ? [] : [JSON.parse(plan) as AnyPlan];
  });
  return { objects, plans };
}
