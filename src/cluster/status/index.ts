export { duration } from './duration.js';
export { Reader } from './read.js';
export { runsOf, type Seen } from './seen.js';
export { viewText, type ViewTextOptions } from './text.js';
export { viewOf } from './view-of.js';
export type { RunView, ViewState } from './view.js';
