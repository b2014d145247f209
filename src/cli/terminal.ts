/** Columns of the terminal; where there is none, enough for any line to stay whole. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}
