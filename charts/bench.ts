import { type Bounds, boundsOf } from '../src/kubernetes/index.js';
import { type Spec, SpecError, variantOf } from '../src/spec/index.js';

/** One conductor's work: one Triton, one measuring Job, one published result. */
export interface Run {
  readonly runId: string;
  /** The spec with this run's variants. */
  readonly spec: Spec;
}

/** Everything the charts have in common. */
export interface Bench {
  readonly spec: Spec;
  readonly namespace: string;
  readonly image: (stage: 'createModels' | 'buildEngines' | 'serve' | 'measure') => string;
  readonly bounds: Bounds;
  /** In the order in which they take turns. */
  readonly runs: readonly Run[];
  /** Whether a variant needs TensorRT engines. */
  readonly engines: boolean;
}

/**
 * @param given its `gitops` is left out: where Git is must not change what is applied
 * @throws SpecError where the spec asks for what only one machine can do
 */
export function benchOf(given: Spec): Bench {
  const spec: Spec = { ...given, gitops: undefined };
  const { cluster } = spec;
  if (spec.design.restartTriton !== 'never')
    throw new SpecError([
      {
        where: 'design',
        path: 'design.restartTriton',
        message: `"${spec.design.restartTriton}" is for one machine; on a cluster allowed: never`,
        hint: 'there the kubelet would kill a Triton that loads its table anew; for cold replays start runs with other values of cluster.runId',
      },
    ]);
  const { input } = spec.perfAnalyzer;
  if (input.endsWith('shared_memory'))
    throw new SpecError([
      {
        where: 'perfAnalyzer',
        path: 'perfAnalyzer.input',
        message: `"${input}" is for one machine; on a cluster perf_analyzer and Triton are two pods; allowed: json, binary`,
        hint: 'write input: binary',
      },
    ]);
  const runs = runsOf(spec);
  return {
    spec,
    namespace: cluster.namespace,
    image: (stage) => cluster.stages[stage].image ?? cluster.image,
    bounds: boundsOf(spec, runs.length),
    runs,
    engines: spec.variants.some((id) => variantOf(id).backend === 'tensorrt'),
  };
}

/**
 * One run for all variants, or with `isolation: variant` one for each: their conductors take turns by the Lease that one
 * run of a namespace holds.
 */
function runsOf(spec: Spec): Run[] {
  const { runId, isolation } = spec.cluster;
  if (isolation === 'shared') return [{ runId, spec }];
  return spec.variants.map((variant) => ({
    runId: `${runId}-${variant.replaceAll('_', '-')}`,
    spec: { ...spec, variants: [variant] },
  }));
}
