export { compareGrid, overallOf } from './compare-grid.js';
export {
  DEFAULT_OPTIONS,
  type CellComparison,
  type CellVerdict,
  type ComparedCell,
  type CompareOptions,
  type GridComparison,
  type Overall,
} from './grid.js';
