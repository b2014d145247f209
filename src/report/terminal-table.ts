import Table from 'cli-table3';

/** Without any frame: columns a space apart. */
const LINES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '', mid: '', 'mid-mid': '' },
};

export interface Layout {
  /** Columns that hold words stand to the left, numbers to the right. */
  readonly wordColumns: readonly number[];
  /** Width of each column; left out: as wide as its text. */
  readonly widths?: readonly number[];
  /** Between two columns. @default one space */
  readonly gap?: string;
}

/** Lines of a table without frames; cells may hold ANSI colours. */
export function terminalLines(head: readonly string[], rows: readonly (readonly string[])[], layout: Layout): string[] {
  const table = new Table({
    head: [...head],
    ...(layout.widths === undefined ? {} : { colWidths: [...layout.widths] }),
    colAligns: head.map((_, index) => (layout.wordColumns.includes(index) ? 'left' : 'right')),
    wordWrap: true,
    chars: { ...LINES, middle: layout.gap ?? ' ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
