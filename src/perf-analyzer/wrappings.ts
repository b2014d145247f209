/**
 * What log collectors put around a line: kubectl prefixes and timestamps, CRI and Docker
 * records with partial lines, rank tags of mpirun, docker compose, journald.
 */

/** A line while its wrappings come off. */
export interface Peeled {
  /** Pods, ranks and services that the wrappings name; empty where they name none. */
  stream: string;
  /** stdout and stderr have their own partial lines. */
  channel: string;
  text: string;
  /** The rest of the line follows in another record. */
  partial: boolean;
}

/** Takes one wrapping off and returns true, or leaves the line alone and returns false. */
export type Wrapping = (line: Peeled) => boolean;

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[-+]\d\d:?\d\d))?`;
const CRI = new RegExp(`^${TIME} (stdout|stderr) ([FP])(?::\\S*)?(?: |$)`);
const CLOCK = String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?`;
const TIMESTAMP = new RegExp(`^(?:${TIME}|\\[${TIME}\\]|${CLOCK}|\\[${CLOCK}\\])(?:[ \\t]|$)`);
/** As `ts` of moreutils writes it. */
const MONTH = new RegExp(`^[A-Z][a-z]{2} [ \\d]\\d ${CLOCK}(?:[ \\t]|$)`);
const KUBECTL = /^\[((?:pod|job|deployment|statefulset|daemonset|replicaset)s?\/[^\]\s]+)\](?: |$)/;
const RANK = /^\[(\d+,\d+)\]<(stdout|stderr|stddiag)>: ?/;
const COMPOSE = /^([A-Za-z0-9][\w.-]*) +\| ?/;
const JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ ([\w./-]+\[\d+\]): /;
const ACTIONS = /^[^\t]{1,200}\t[^\t]{1,200}\t(?=\d{4}-\d\d-\d\dT)/;
const JSON_KEYS = ['log', 'message', 'msg', 'textPayload'] as const;

function name(line: Peeled, part: string | undefined): void {
  if (part) line.stream = line.stream === '' ? part : `${line.stream} ${part}`;
}

/** A Docker or fluentd record: `{"log":"…\\n","stream":"stdout","time":"…"}`. */
const json: Wrapping = (line) => {
  if (!line.text.startsWith('{"')) return false;
  let record: unknown;
  try {
    record = JSON.parse(line.text);
  } catch {
    return false;
  }
  if (typeof record !== 'object' || record === null) return false;
  const fields = record as Record<string, unknown>;
  const key = JSON_KEYS.find((candidate) => typeof fields[candidate] === 'string');
  if (!key) return false;
  const log = String(fields[key]);
  line.channel = typeof fields['stream'] === 'string' ? fields['stream'] : line.channel;
  // Docker ends a whole line with a line feed; other collectors cut it off.
  const docker = key === 'log' && (typeof fields['time'] === 'string' || typeof fields['stream'] === 'string');
  line.partial = fields['logtag'] === 'P' || (docker && fields['logtag'] === undefined && !log.endsWith('\n'));
  name(line, podOf(fields));
  line.text = log.replace(/\r?\n$/, '');
  return true;
};

/** The pod as fluentd and its kin name it. */
function podOf(fields: Record<string, unknown>): string | undefined {
  const kubernetes = fields['kubernetes'] as Record<string, unknown> | undefined | null;
  const pod = typeof kubernetes === 'object' && kubernetes !== null ? kubernetes['pod_name'] : fields['pod_name'];
  return typeof pod === 'string' ? pod : undefined;
}

const cri: Wrapping = (line) => {
  const match = CRI.exec(line.text);
  if (!match) return false;
  line.channel = match[1] ?? '';
  line.partial = match[2] === 'P';
  line.text = line.text.slice(match[0].length);
  return true;
};

const kubectl: Wrapping = (line) => {
  const match = KUBECTL.exec(line.text);
  if (!match) return false;
  name(line, match[1]);
  line.text = line.text.slice(match[0].length);
  return true;
};

const rank: Wrapping = (line) => {
  const match = RANK.exec(line.text);
  if (!match) return false;
  name(line, match[1]);
  line.channel = match[2] ?? '';
  line.text = line.text.slice(match[0].length);
  return true;
};

/** A pattern that is cut off; its first group, if any, names the stream. */
const cutting =
  (pattern: RegExp): Wrapping =>
  (line) => {
    const match = pattern.exec(line.text);
    if (!match) return false;
    name(line, match[1]);
    line.text = line.text.slice(match[0].length);
    return true;
  };

const timestamp = cutting(TIMESTAMP);
const compose = cutting(COMPOSE);
const journal = cutting(JOURNAL);
const actions = cutting(ACTIONS);
const month = cutting(MONTH);

/** The wrappings that a line may have, by its first character: most lines have none and must be cheap. */
function candidates(text: string): readonly Wrapping[] {
  const first = text.charCodeAt(0);
  if (first === 0x5b) return BRACKET;
  if (first >= 0x30 && first <= 0x39) return DIGIT;
  if (first === 0x7b) return BRACE;
  if (first === 0x20 || Number.isNaN(first)) return NONE;
  return text.includes('|') || text.includes('\t') || (first >= 0x41 && first <= 0x5a) ? WORD : NONE;
}

/** Wrappings that stand before a line and leave its text as it is. */
export const CONSTANT_WRAPPINGS: ReadonlySet<Wrapping> = new Set([kubectl, timestamp, cri]);

const NONE: readonly Wrapping[] = [];
const BRACKET = [kubectl, rank, timestamp];
const DIGIT = [cri, timestamp];
const BRACE = [json];
const WORD = [compose, journal, actions, month];

/** Nobody wraps deeper than this; it also bounds what a hostile text can cost. */
const DEEPEST = 6;

/** Takes all wrappings off and returns them in their order, outermost first. */
export function unwrap(line: Peeled): Wrapping[] {
  const shape: Wrapping[] = [];
  while (shape.length < DEEPEST) {
    const found = candidates(line.text).find((wrapping) => wrapping(line));
    if (!found) break;
    shape.push(found);
  }
  return shape;
}

/** Takes exactly these wrappings off; false, and the line is spoiled, when one is missing. */
export function unwrapLike(line: Peeled, shape: readonly Wrapping[]): boolean {
  return shape.every((wrapping) => wrapping(line));
}

/** A line as it comes from the file. */
export function wrapped(text: string): Peeled {
  return { stream: '', channel: '', text, partial: false };
}
