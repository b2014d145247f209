/** Searches in bytes. */

const LF = 0x0a;

/** How many line feeds the bytes have from `start` on, before `end`. */
export function countLines(bytes: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF, start); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

/** Where the line that begins at or before `from` ends: its line feed, or the end of the bytes. */
export function endOfLine(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end;
}
