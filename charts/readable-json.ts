/** Widest line of a value that is written on one line. */
const WIDTH = 120;

/** JSON that a person can read in a ConfigMap and a diff: short values on one line. Ends in a line feed. */
export function readableJson(value: unknown): string {
  return `${lines(value, '')}\n`;
}

function lines(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + flat.length <= WIDTH) return flat;
  // Numbers in a row say nothing more on lines of their own.
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return flat;
  const inner = `${indent} `;
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + lines(item, inner)).join(',\n')}\n${indent}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{\n${entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${lines(item, inner)}`).join(',\n')}\n${indent}}`;
}
