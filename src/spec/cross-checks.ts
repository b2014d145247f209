import type { Problem } from './errors.js';
import { fleetRuns } from './fleet-checks.js';
import { gpuNodes, withoutVendor } from './gpu-nodes.js';
import type { PathPart } from './locate.js';
import type { Spec } from './schema.js';
import { type Source, whereOf } from './source.js';
import { VARIANTS, variantOf } from './variants.js';

export type Report = (path: readonly PathPart[], message: string, hint: string) => void;

/** Rules that join two settings. */
export function crossChecks(spec: Spec, sources: readonly Source[]): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message, hint) => {
    const dotted = path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`));
    problems.push({ where: whereOf(sources, path), path: dotted.join(''), message, hint });
  };
  batchesInProfile(spec, report);
  variantsWithoutGpu(spec, report);
  labelsOfProduct(spec, report);
  wholeCpus(spec, report);
  runNames(spec, report);
  torchWidth(spec, report);
  canaryCell(spec, report);
  fleetRuns(spec, report);
  roomToStop(spec, report);
  return problems;
}

function batchesInProfile(spec: Spec, report: Report): void {
  if (!spec.variants.some((id) => variantOf(id).backend === 'tensorrt')) return;
  const { minBatch, maxBatch } = spec.engine;
  spec.batches.forEach((batch, index) => {
    if (batch > maxBatch || batch < minBatch)
      report(
        ['batches', index],
        `${batch} lies outside the engines' profile of ${minBatch} to ${maxBatch}`,
        'widen engine.minBatch or engine.maxBatch, or leave the batch out',
      );
  });
}

function variantsWithoutGpu(spec: Spec, report: Report): void {
  if (spec.cluster.gpus > 0) return;
  const able = VARIANTS.filter((variant) => variant.local).map((variant) => variant.id);
  spec.variants.forEach((id, index) => {
    if (!able.includes(id))
      report(
        ['variants', index],
        `"${id}" needs a GPU, and cluster.gpus is 0`,
        `set cluster.gpus: 1, or take ${able.join(', ')}`,
      );
  });
}

function labelsOfProduct(spec: Spec, report: Report): void {
  const { nodeLabels, gpuProduct, gpus } = spec.cluster;
  if (gpus === 0 || nodeLabels === 'gpu-feature-discovery') return;
  const known = gpuNodes(nodeLabels);
  const product = withoutVendor(gpuProduct);
  if (!(product in known))
    report(
      ['cluster', 'gpuProduct'],
      `"${gpuProduct}" has no known ${nodeLabels} node label; known: ${Object.keys(known).join(', ')}`,
      'use nodeLabels: gpu-feature-discovery, or name the node with nodeName',
    );
}

/** The kubelet gives a container CPUs of its own only for a whole number of them (static CPU manager policy). */
function wholeCpus(spec: Spec, report: Report): void {
  if (spec.cluster.gpus === 0) return;
  for (const stage of ['createModels', 'buildEngines', 'serve', 'measure'] as const) {
    const { cpu } = spec.cluster.stages[stage];
    if (cpu !== undefined && !Number.isInteger(cpu))
      report(
        ['cluster', 'stages', stage, 'cpu'],
        `${cpu} is not a whole number, so the node could not give it CPUs of its own`,
        `write ${Math.ceil(cpu)}`,
      );
  }
}

/** The sequential design calls no difference from fewer repeats (src/verdict/sequential-table.ts). */
function roomToStop(spec: Spec, report: Report): void {
  if (spec.design.adaptive !== 'off' && (spec.repeats < 7 || spec.repeats > 100))
    report(
      ['repeats'],
      `${spec.repeats} is the most repeats with design.adaptive: ${spec.design.adaptive}; allowed: 7 to 100`,
      'write 14, or switch design.adaptive off',
    );
}

/** The canary sends one of the requests that are made for the cells, to one of the variants that are served. */
function canaryCell(spec: Spec, report: Report): void {
  const { batch, variant } = spec.design.canary;
  if (batch !== undefined && !spec.batches.includes(batch))
    report(['design', 'canary', 'batch'], `${batch} is none of batches`, `take one of ${spec.batches.join(', ')}`);
  if (variant !== undefined && !spec.variants.includes(variant))
    report(
      ['design', 'canary', 'variant'],
      `"${variant}" is none of variants`,
      `take one of ${spec.variants.join(', ')}`,
    );
}

/** A Job's name has 63 characters: `conductor-`, a key of 8, the run id, and the variant where each has a run of its own. */
function runNames(spec: Spec, report: Report): void {
  const { runId, isolation } = spec.cluster;
  const longest = Math.max(...spec.variants.map((id) => id.length));
  const room = 63 - 'conductor-12345678-'.length - 1 - longest;
  if (isolation === 'variant' && runId.length > room)
    report(
      ['cluster', 'runId'],
      `"${runId}" leaves no room for the variant in a Job's name`,
      `with isolation: variant at most ${room} characters`,
    );
}

/** The kernels of the torch variants handle a row in one piece. */
function torchWidth(spec: Spec, report: Report): void {
  const width = spec.model.embeddingWidth;
  if (!spec.variants.some((id) => variantOf(id).torch !== undefined)) return;
  if (width < 16 || width > 256 || !Number.isInteger(Math.log2(width)))
    report(
      ['model', 'embeddingWidth'],
      `${width} is no width for torch_* variants`,
      'allowed with them: 16, 32, 64, 128, 256',
    );
}
