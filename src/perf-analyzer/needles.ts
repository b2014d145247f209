/**
 * Five bytes of everything that a line must have to mean something to the reader.
 *
 * Lines without any of them are passed over unread, so whoever teaches the reader a new
 * line adds five bytes of it here; long-text.test.ts holds reading with and without the
 * sieve against each other.
 */

/** Behind a word before a number, also where a blank stands before the colon. */
const LABELS = ['ount:', 'ency:', 'hput:', 'head:', 'time:', 'Rate:', 'rate:', 'unt :', 'ncy :', 'put :', 'ead :', 'ate :', 'ime :']; // prettier-ignore

const UNITS = [' usec', ...Array.from({ length: 10 }, (_, digit) => `${digit}usec`), 'r/sec', 'q/sec', 'watts'];

const STRUCTURE = [
  '*** M', 'Succe', 'ient:', 'rver:', 'dels:', 'rics:', 'es/Se', 'Pass ', 'GPU U', 'GPU P', 'GPU M', ', ver',
]; // prettier-ignore

const SETTINGS = [
  'Batch', 'Kind:', 'Using', 'ndow:', 'biliz', 'Sendi', 'imit:', 'ecoup', 'Repor', 'ests:', 'eads:',
]; // prettier-ignore

const MESSAGES = [
  'Faile', 'faile', 'Measu', '[WARN', 'WARNI', 'Warni', 'e Cac', 'erage', 'y GPU', 'unkno', 'ead [', 'No va',
  'Perf ', 'Unabl', 'unabl', 'Metri', 'speci', "'end'", 'id ra', 'ic sh', 'ng sh', 'ts sh', 'g ten', 'r sid',
  'g opt', 'nreco', 'd opt', 'n arg', 'Error', 'error', 'termi', 'perf_', 'Kille', 'exit ', 'exite', 'exit:',
  'OMKil', 'nal 9', 'Termi', 'terru', 'Exiti', 'Waiti', 'Usage', '==== ', '-kind',
]; // prettier-ignore

/** Records that hold the line in another form, and parts of lines. */
const WRAPPINGS = ['"log"', '"mess', '"msg"', '"text', 'out P', 'err P'];

/** "..." alone in a line matters while a level is open. */
export const ELISIONS: readonly string[] = ['...', '\u2026', 'snip'];

export const NEEDLES: readonly string[] = [...LABELS, ...UNITS, ...STRUCTURE, ...SETTINGS, ...MESSAGES, ...WRAPPINGS];
