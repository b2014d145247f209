/** A table in plain text, to be dressed by each output: headings, rows, and which columns hold words and not numbers. */
export interface PlainTable {
  caption: string;
  head: string[];
  rows: string[][];
  wordColumns: number[];
}
