/**
 * Sorts the table by the column whose heading button was pressed; pressing again turns the order. Rows without a value in the
 * column stay at the end in both orders. Without script the table is as useful, in the order of the batches.
 */
export const SORT_SCRIPT = `
'use strict';
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector('button').addEventListener('click', () => {
      const order = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
      heads.forEach((other) => other.setAttribute('aria-sort', other === head ? order : 'none'));
      const value = (row) => {
        const text = row.cells[column].dataset.value;
        return text === undefined ? undefined : Number(text);
      };
      const sign = order === 'ascending' ? 1 : -1;
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        if (x === undefined || y === undefined) return (x === undefined ? 1 : 0) - (y === undefined ? 1 : 0);
        return sign * (x - y);
      });
      table.tBodies[0].append(...rows);
    });
  });
}
`;
