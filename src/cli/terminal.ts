/** Columns of the terminal; where there is none, enough for any line to stay whole. */
export function terminalWidth(): number {
  // Some do not know their size, and say 0.
  return process.stdout.isTTY ? process.stdout.columns || 80 : Infinity;
}

/** Whether to write in colour: to a terminal, unless NO_COLOR says no. FORCE_COLOR says yes. */
export function useColors(): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = process.env;
  if (no !== undefined && no !== '') return false;
  if (force !== undefined && force !== '' && force !== '0') return true;
  // Undefined where there is no terminal, whatever its type says; of that picocolors would make a guess of its own.
  const isTerminal = (process.stdout.isTTY as boolean | undefined) ?? false;
  return isTerminal && term !== 'dumb';
}
