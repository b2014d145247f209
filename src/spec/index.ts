export * from './canary.js';
export * from './cells.js';
export * from './errors.js';
export { gpuNodes } from './gpu-nodes.js';
export { loadSpec, PACKAGE_ROOT, PRESETS, type LoadOptions, type Preset } from './load.js';
export type { GitOps } from './gitops.js';
export { PAGE_BATCHES } from './page-batches.js';
export { specSchema, type Spec, type SpecInput } from './schema.js';
export { type TorchDeployment, VARIANT_IDS, type Variant, VARIANTS, variantOf } from './variants.js';
