/** What people put around the lines of a report when they paste it into a page: bullets, bold, code marks. */

const BULLET = /^(?:[*\u2022-] +|#{1,6} +|> *)(?=\S)/;
const BREAK = /(?:<br ?\/?>|\\)$/;
/** A prefix that is a bullet only: it stands behind the indentation, so it is no prefix of the log. */
export const ONLY_BULLET = /^\s*[*\u2022>#-]+\s*$/;
/** One mark on both sides; what stands between them has none of its kind. */
const AROUND = /^(\*\*|__|`)(?![*_`])(.+?)\1$/;
/** A line of a notebook file: `"    p50 latency: 5 usec\\n",`. */
const QUOTED = /^"((?:[^"\\]|\\.)*)",?$/;

/** The line without its outermost mark, trimmed; the same string where it has none. */
export function withoutMarkup(text: string): string {
  const around = AROUND.exec(text);
  if (around?.[2] !== undefined) return around[2].trim();
  if (QUOTED.test(text)) return unquoted(text);
  const bare = text.replace(BULLET, '').replace(BREAK, '');
  return bare === text ? text : bare.trim();
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text.replace(/,$/, ''))).trim();
  } catch {
    return text;
  }
}
