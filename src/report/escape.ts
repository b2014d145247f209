/** Text from outside (labels, reasons, notes) made safe for the format that it goes into. */

/**
 * Well-formed text that every format can carry: characters that XML forbids (most control characters, lone surrogates,
 * noncharacters) become U+FFFD, so that nothing disappears without a trace. Line breaks and tabs are kept.
 */
export function cleanText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

/** {@link cleanText} on one line. */
export function oneLine(text: string): string {
  return cleanText(text)
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    .trim();
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For element content and quoted attributes of HTML and SVG. */
export function escapeHtml(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * For a run of Markdown text inside a line or a table cell: shown as written, on one line. An underscore inside a word has no
 * meaning in Markdown and stays readable.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[\]|~$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** {@link escapeMarkdown} for text that starts a line, where `#`, `-`, `+`, `=` or `1.` would begin a block. */
export function escapeMarkdownLine(text: string): string {
  return escapeMarkdown(text)
    .replace(/^(?:[#+-]+|=+)(?=\s|$)/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** One field of a CSV line, quoted where RFC 4180 asks for it. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
