/** Evidence of many pods: segments of lines that are only appended to. */
export { bodyOf, keyOf, sha256, type Channel, type LogRead, type UnitState } from './line.js';
export { readStore, segmentsIn, type DamagedLine, type StoreLine } from './reader.js';
export { StoreWriter } from './writer.js';
export { digestOf, isSame, oneString, pieceOf, textOf, type Piece } from './piece.js';
