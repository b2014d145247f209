export { compareGrid, overallOf } from './compare-grid.js';
export {
  DEFAULT_OPTIONS,
  UNSTEADY_OPTIONS,
  UNSTEADY_RUN_MOVE,
  type CellComparison,
  type CellVerdict,
  type ComparedCell,
  type CompareOptions,
  type GridComparison,
  type Overall,
  type RankBased,
} from './grid.js';
export { nextAction, type NextAction } from './next-action.js';
export { cellReferences, publishedReference } from './references.js';
export {
  DEFAULT_SEQUENTIAL,
  sequentialTable,
  type CellReference,
  type Look,
  type SequentialOptions,
  type SequentialTable,
} from './sequential-table.js';
