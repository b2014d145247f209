/**
 * A piece of evidence without itself: half of its digest (16 bytes, enough to tell any two of a run apart), then SHA-256 of
 * perf_analyzer's text, a character a byte. There are hundreds of thousands of them, and as hexadecimal words in an object
 * of their own they take three times the memory.
 */
export type Piece = string & { readonly brand: 'piece' };

/** Hexadecimal digits of the half of a digest. */
const DIGITS = 32;
const BYTES = DIGITS / 2;

/** @param digest of the whole piece; @param text of perf_analyzer's text; both hexadecimal */
export const pieceOf = (digest: string, text: string): Piece =>
  Buffer.from(digest.slice(0, DIGITS) + text, 'hex').toString('latin1') as Piece;

/** The half of its digest, hexadecimal. */
export const digestOf = (piece: Piece): string => Buffer.from(piece.slice(0, BYTES), 'latin1').toString('hex');

/** SHA-256 of its text, hexadecimal. */
export const textOf = (piece: Piece): string => Buffer.from(piece.slice(BYTES), 'latin1').toString('hex');

/** Whether two are one and the same: half of the digest says it. */
export const isSame = (one: Piece, other: Piece): boolean =>
  one === other || one.slice(0, BYTES) === other.slice(0, BYTES);

const names = new Map<string, string>();
/** More names than this are no run's: they are not kept. */
const MOST_NAMES = 100_000;

/** The same string for the same name of a measurement, which every unit has. */
export function oneString(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size < MOST_NAMES) names.set(name, name);
  return name;
}
