export { applyAll, conflictError } from './apply.js';
export { nameOf, preview, type Preview, type Wanted } from './preview.js';
