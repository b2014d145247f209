// Bundled from jobs/conductor and src by `npm run bundle:conductor`. Edit those, not this file.

// ../../src/perf-analyzer/bytes.ts
var LF = 10;
function countLines(bytes, start, end) {
  let lines = 0;
  for (let at = bytes.indexOf(LF, start); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}
function endOfLine(bytes, from) {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end;
}

// ../../src/perf-analyzer/frame.ts
import { hash } from "node:crypto";
var LARGEST = 64 * 1024 * 1024;
var NOTHING = Buffer.alloc(0);
var SMALLEST = 2048;
var OpenFrame = class {
  constructor(begin, line, stream, crlf) {
    this.begin = begin;
    this.line = line;
    this.stream = stream;
    this.crlf = crlf;
  }
  begin;
  line;
  stream;
  crlf;
  room = NOTHING;
  length = 0;
  overflown = false;
  /** Adds bytes of the text, line feeds included; they are copied. */
  add(bytes, start = 0, end = bytes.length) {
    const length = this.length + end - start;
    this.overflown ||= length > LARGEST;
    if (this.overflown || end <= start) return;
    if (this.length === 0) {
      this.room = Buffer.from(bytes.subarray(start, end));
    } else {
      if (length > this.room.length) this.grow(length);
      bytes.copy(this.room, this.length, start, end);
    }
    this.length = length;
  }
  grow(length) {
    const room = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.room.length, SMALLEST));
    this.room.copy(room, 0, 0, this.length);
    this.room = room;
  }
  get bytes() {
    return this.room.subarray(0, this.length);
  }
};
var ClosedFrame = class {
  constructor(begin, end, bytes, complete, intact, firstLine, stream) {
    this.begin = begin;
    this.bytes = bytes;
    this.complete = complete;
    this.intact = intact;
    this.firstLine = firstLine;
    this.stream = stream;
    if (end) this.end = end;
  }
  begin;
  bytes;
  complete;
  intact;
  firstLine;
  stream;
  get text() {
    return this.bytes.toString("utf8");
  }
};
function closeFrame(open, end) {
  let bytes = open.crlf ? withoutReturns(open.bytes) : open.bytes;
  if (end?.newline_added === true && bytes.at(-1) === 10) bytes = bytes.subarray(0, -1);
  const complete = end !== void 0 && !open.overflown;
  return new ClosedFrame(open.begin, end, bytes, complete, complete && isIntact(bytes, end), open.line, open.stream);
}
function withoutReturns(bytes) {
  return Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}
function lostBegin(end, line, stream) {
  return new ClosedFrame({ v: end.v, id: end.id }, end, Buffer.alloc(0), false, false, line, stream);
}
function isIntact(bytes, end) {
  if (typeof end.sha256 !== "string") return false;
  if (end.bytes !== void 0 && end.bytes !== bytes.length) return false;
  return hash("sha256", bytes) === end.sha256.toLowerCase();
}
var BEGIN = "#hps-bench:begin {";
var END = "#hps-bench:end {";
function readMark(text) {
  const begins = text.startsWith(BEGIN);
  if (!begins && !text.startsWith(END)) return void 0;
  let value;
  try {
    value = JSON.parse(text.slice((begins ? BEGIN : END).length - 1));
  } catch {
    return void 0;
  }
  const fields = value;
  if (typeof fields["id"] !== "string" || typeof fields["v"] !== "number") return void 0;
  const mark = fields;
  return begins ? { kind: "begin", begin: mark } : { kind: "end", end: mark };
}

// ../../src/perf-analyzer/wrappings.ts
var TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[-+]\d\d:?\d\d))?`;
var CRI = new RegExp(`^${TIME} (stdout|stderr) ([FP])(?::\\S*)?(?: |$)`);
var CLOCK = String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?`;
var TIMESTAMP = new RegExp(`^(?:${TIME}|\\[${TIME}\\]|${CLOCK}|\\[${CLOCK}\\])(?:[ \\t]|$)`);
var MONTH = new RegExp(`^[A-Z][a-z]{2} [ \\d]\\d ${CLOCK}(?:[ \\t]|$)`);
var KUBECTL = /^\[((?:pod|job|deployment|statefulset|daemonset|replicaset)s?\/[^\]\s]+)\](?: |$)/;
var RANK = /^\[(\d+,\d+)\]<(stdout|stderr|stddiag)>: ?/;
var COMPOSE = /^([A-Za-z0-9][\w.-]*) +\| ?/;
var JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ ([\w./-]+\[\d+\]): /;
var ACTIONS = /^[^\t]{1,200}\t[^\t]{1,200}\t(?=\d{4}-\d\d-\d\dT)/;
var JSON_KEYS = ["log", "message", "msg", "textPayload"];
function name(line, part) {
  if (part) line.stream = line.stream === "" ? part : `${line.stream} ${part}`;
}
var json = (line) => {
  if (!line.text.startsWith('{"')) return false;
  let record;
  try {
    record = JSON.parse(line.text);
  } catch {
    return false;
  }
  if (typeof record !== "object" || record === null) return false;
  const fields = record;
  const key = JSON_KEYS.find((candidate) => typeof fields[candidate] === "string");
  if (!key) return false;
  const log = String(fields[key]);
  line.channel = typeof fields["stream"] === "string" ? fields["stream"] : line.channel;
  const docker = key === "log" && (typeof fields["time"] === "string" || typeof fields["stream"] === "string");
  line.partial = fields["logtag"] === "P" || docker && fields["logtag"] === void 0 && !log.endsWith("\n");
  name(line, podOf(fields));
  line.text = log.replace(/\r?\n$/, "");
  return true;
};
function podOf(fields) {
  const kubernetes = fields["kubernetes"];
  const pod = typeof kubernetes === "object" && kubernetes !== null ? kubernetes["pod_name"] : fields["pod_name"];
  return typeof pod === "string" ? pod : void 0;
}
var cri = (line) => {
  const match2 = CRI.exec(line.text);
  if (!match2) return false;
  line.channel = match2[1] ?? "";
  line.partial = match2[2] === "P";
  line.text = line.text.slice(match2[0].length);
  return true;
};
var kubectl = (line) => {
  const match2 = KUBECTL.exec(line.text);
  if (!match2) return false;
  name(line, match2[1]);
  line.text = line.text.slice(match2[0].length);
  return true;
};
var rank = (line) => {
  const match2 = RANK.exec(line.text);
  if (!match2) return false;
  name(line, match2[1]);
  line.channel = match2[2] ?? "";
  line.text = line.text.slice(match2[0].length);
  return true;
};
var cutting = (pattern) => (line) => {
  const match2 = pattern.exec(line.text);
  if (!match2) return false;
  name(line, match2[1]);
  line.text = line.text.slice(match2[0].length);
  return true;
};
var timestamp = cutting(TIMESTAMP);
var compose = cutting(COMPOSE);
var journal = cutting(JOURNAL);
var actions = cutting(ACTIONS);
var month = cutting(MONTH);
function candidates(text) {
  const first = text.charCodeAt(0);
  if (first === 91) return BRACKET;
  if (first >= 48 && first <= 57) return DIGIT;
  if (first === 123) return BRACE;
  if (first === 32 || Number.isNaN(first)) return NONE;
  return text.includes("|") || text.includes("	") || first >= 65 && first <= 90 ? WORD : NONE;
}
var CONSTANT_WRAPPINGS = /* @__PURE__ */ new Set([kubectl, timestamp, cri]);
var NONE = [];
var BRACKET = [kubectl, rank, timestamp];
var DIGIT = [cri, timestamp];
var BRACE = [json];
var WORD = [compose, journal, actions, month];
var DEEPEST = 6;
function unwrap(line) {
  const shape = [];
  while (shape.length < DEEPEST) {
    const found = candidates(line.text).find((wrapping) => wrapping(line));
    if (!found) break;
    shape.push(found);
  }
  return shape;
}
function unwrapLike(line, shape) {
  return shape.every((wrapping) => wrapping(line));
}
function wrapped(text) {
  return { stream: "", channel: "", text, partial: false };
}

// ../../src/perf-analyzer/line-prefix.ts
var TIME2 = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?/g;
var SECONDS = 19;
var FORM = Buffer.from("0000-00-00T00:00:00");
var isDigit = (byte) => byte !== void 0 && byte >= 48 && byte <= 57;
function has(bytes, at, part) {
  for (let index = 0; index < part.length; index += 1) if (bytes[at + index] !== part[index]) return false;
  return true;
}
var LinePrefix = class _LinePrefix {
  constructor(key, before, behind) {
    this.key = key;
    this.before = before;
    this.behind = behind;
  }
  key;
  before;
  behind;
  /**
   * Learns the prefix of a line that has been unwrapped; undefined where wrappings do more
   * than to stand before a line.
   */
  static of(raw, line, shape) {
    if (line.partial || !raw.endsWith(line.text) || !shape.every((one2) => CONSTANT_WRAPPINGS.has(one2)))
      return void 0;
    const prefix = raw.slice(0, raw.length - line.text.length);
    const times = [...prefix.matchAll(TIME2)];
    const time = times[0];
    if (!/^[\t\x20-\x7e]+$/.test(prefix) || times.length > 1 || time?.[0].includes(" ")) return void 0;
    const key = `${line.stream}
${line.channel}`;
    if (!time) return new _LinePrefix(key, Buffer.from(prefix), void 0);
    const before = Buffer.from(prefix.slice(0, time.index));
    return new _LinePrefix(key, before, Buffer.from(prefix.slice(time.index + time[0].length)));
  }
  equals(other) {
    const same = (one2, two) => one2 === two || one2 !== void 0 && two !== void 0 && one2.equals(two);
    return this.key === other.key && same(this.before, other.before) && same(this.behind, other.behind);
  }
  /** Where the text of the line begins that begins at `at`; -1 if it has another prefix. */
  textAt(bytes, at) {
    if (!has(bytes, at, this.before)) return -1;
    const start = at + this.before.length;
    if (!this.behind) return start;
    for (let index = 0; index < SECONDS; index += 1) {
      const wanted = FORM[index];
      const byte = bytes[start + index];
      if (wanted === 48 ? !isDigit(byte) : byte !== wanted) return -1;
    }
    let end = start + SECONDS;
    if (bytes[end] === 46) {
      do
        end += 1;
      while (isDigit(bytes[end]));
    }
    return has(bytes, end, this.behind) ? end + this.behind.length : -1;
  }
};

// ../../src/perf-analyzer/frame-splitter.ts
var MARK = Buffer.from("#hps-bench:");
var LF2 = 10;
var MOST_PREFIXES = 8;
var FrameSplitter = class {
  /** Bytes of a line that has not ended yet. */
  rest = [];
  line = 1;
  crlf = false;
  /** True once a frame's first or last line has been seen. */
  begun = false;
  frames = [];
  /** Open frames by stream and channel; a log without wrappings has one at most. */
  open = /* @__PURE__ */ new Map();
  /** How the lines of this log are wrapped, once a frame has shown it. */
  shape = [];
  /** How the lines of the open frames begin; the last one met comes first. */
  prefixes = [];
  /** Lines whose end comes in another record, by stream and channel. */
  partial = /* @__PURE__ */ new Map();
  /** Takes the next bytes of the log; returns the frames that end in them. */
  push(chunk) {
    const last = chunk.lastIndexOf(LF2);
    if (last < 0) {
      this.rest.push(Buffer.from(chunk));
      return [];
    }
    let start = 0;
    if (this.rest.length > 0) {
      start = chunk.indexOf(LF2) + 1;
      this.read(Buffer.concat([...this.rest, chunk.subarray(0, start)]));
    }
    this.read(chunk.subarray(start, last + 1));
    this.rest = last + 1 < chunk.length ? [Buffer.from(chunk.subarray(last + 1))] : [];
    return this.take();
  }
  /** Ends the log; returns what is left, frames without end included. */
  finish() {
    if (this.rest.length > 0) this.read(Buffer.concat(this.rest));
    this.rest = [];
    for (const frame of this.open.values()) this.frames.push(closeFrame(frame, void 0));
    this.open.clear();
    return this.take();
  }
  take() {
    const frames = this.frames;
    this.frames = [];
    return frames;
  }
  /** Reads whole lines. */
  read(bytes) {
    let at = 0;
    while (at < bytes.length) at = this.shape.length > 0 ? this.readWrapped(bytes, at) : this.readPlain(bytes, at);
  }
  /** Reads up to and including the next mark at a line's beginning; returns where to go on. */
  readPlain(bytes, start) {
    let mark = bytes.indexOf(MARK, start);
    while (mark >= 0) {
      const lineStart = bytes.lastIndexOf(LF2, mark) + 1;
      const lineEnd = endOfLine(bytes, mark);
      if (lineStart === mark) return this.plainMark(bytes, start, mark, lineEnd);
      if (this.learnShape(bytes.toString("utf8", lineStart, lineEnd))) {
        this.addPlain(bytes, start, lineStart);
        return lineStart;
      }
      mark = bytes.indexOf(MARK, lineEnd);
    }
    this.addPlain(bytes, start, bytes.length);
    return bytes.length;
  }
  plainMark(bytes, start, mark, lineEnd) {
    this.addPlain(bytes, start, mark);
    const text = bytes.toString("utf8", mark, lineEnd);
    this.crlf = text.endsWith("\r");
    this.handle("", "", text.trimEnd(), () => {
      this.addPlain(bytes, mark, lineEnd + 1, false);
    });
    this.line += 1;
    return lineEnd + 1;
  }
  addPlain(bytes, start, end, count = true) {
    const to = Math.min(end, bytes.length);
    this.open.get("\n")?.add(bytes, start, to);
    if (count) this.line += countLines(bytes, start, to);
  }
  /** A wrapped line with a mark tells how all lines of the log are wrapped. */
  learnShape(text) {
    const line = wrapped(text.replace(/\r$/, ""));
    const shape = unwrap(line);
    if (shape.length === 0 || !line.text.startsWith("#hps-bench:")) return false;
    this.shape = shape;
    return true;
  }
  /** Reads one wrapped line, or skips to the next one that matters. */
  readWrapped(bytes, start) {
    if (this.open.size === 0 && this.partial.size === 0) {
      const mark = bytes.indexOf(MARK, start);
      const next = mark < 0 ? bytes.length : bytes.lastIndexOf(LF2, mark) + 1;
      this.line += countLines(bytes, start, next);
      if (next > start || mark < 0) return next;
    }
    const end = endOfLine(bytes, start);
    if (!this.knownLine(bytes, start, end)) this.wrappedLine(bytes.toString("utf8", start, end));
    this.line += 1;
    return end + 1;
  }
  /** Adds an ordinary line with a prefix that has been met; false for any other line. */
  knownLine(bytes, start, end) {
    if (end === bytes.length || this.partial.size > 0) return false;
    for (const prefix of this.prefixes) {
      const text = prefix.textAt(bytes, start);
      if (text < 0 || text > end) continue;
      if (bytes[text] === MARK[0] && bytes.indexOf(MARK, text) === text) return false;
      this.open.get(prefix.key)?.add(bytes, text, end + 1);
      return true;
    }
    return false;
  }
  learnPrefix(raw, line) {
    const prefix = LinePrefix.of(raw, line, this.shape);
    if (!prefix || this.prefixes.some((known2) => known2.equals(prefix))) return;
    this.prefixes.unshift(prefix);
    if (this.prefixes.length > MOST_PREFIXES) this.prefixes.pop();
  }
  wrappedLine(raw) {
    const text = raw.includes("#hps-bench:") ? raw.replace(/\r$/, "") : raw;
    if (text !== raw) this.crlf = true;
    let line = wrapped(text);
    if (!unwrapLike(line, this.shape)) {
      line = wrapped(text);
      const shape = unwrap(line);
      if (!line.text.startsWith("#hps-bench:")) return;
      this.shape = shape;
    }
    const key = `${line.stream}
${line.channel}`;
    const whole = (this.partial.get(key) ?? "") + line.text;
    if (line.partial) {
      this.partial.set(key, whole);
      return;
    }
    const inOneRecord = !this.partial.delete(key);
    const ordinary = () => this.open.get(key)?.add(Buffer.from(`${whole}
`));
    if (whole.startsWith("#hps-bench:")) {
      this.handle(line.stream, line.channel, whole, ordinary);
      return;
    }
    if (inOneRecord && this.open.has(key)) this.learnPrefix(text, line);
    ordinary();
  }
  /** Acts on a mark; `ordinary` is called for a line that only looks like one. */
  handle(stream, channel, text, ordinary) {
    const key = `${stream}
${channel}`;
    const mark = readMark(text);
    const open = this.open.get(key);
    if (mark === void 0) {
      ordinary();
      return;
    }
    this.begun = true;
    if (open && (mark.kind === "begin" || open.begin.id !== mark.end.id)) {
      this.open.delete(key);
      this.frames.push(closeFrame(open, void 0));
    }
    if (mark.kind === "begin") this.open.set(key, new OpenFrame(mark.begin, this.line, stream, this.crlf));
    else this.end(key, mark.end, stream);
  }
  end(key, end, stream) {
    const open = this.open.get(key);
    this.open.delete(key);
    this.frames.push(open ? closeFrame(open, end) : lostBegin(end, this.line, stream));
  }
};

// ../../src/perf-analyzer/frames.ts
async function* readFrames(stream) {
  const splitter = new FrameSplitter();
  for await (const chunk of stream) yield* splitter.push(chunk);
  yield* splitter.finish();
}

// ../../src/perf-analyzer/numbers.ts
var NUMBER = String.raw`[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf)`;
var LARGEST2 = Number.MAX_SAFE_INTEGER;
function measured(text) {
  const value = Number(text);
  return Number.isFinite(value) && Math.abs(value) <= LARGEST2 ? value : void 0;
}

// ../../src/perf-analyzer/cursor.ts
function literal(text) {
  const bytes = Buffer.from(text, "latin1");
  const full = Math.ceil(bytes.length / 4);
  const words = new Int32Array(bytes.length < 4 ? 0 : full);
  for (let index = 0; index < words.length; index += 1) {
    words[index] = bytes.readInt32LE(Math.min(index * 4, bytes.length - 4));
  }
  return { length: bytes.length, words, first: bytes[0] ?? 0 };
}
var MOST_DIGITS = 15;
var POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);
var Cursor = class {
  constructor(bytes, end = bytes.length) {
    this.bytes = bytes;
    this.end = end;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  bytes;
  end;
  at = 0;
  plain = true;
  view;
  /** Takes these characters if they come next. */
  take(characters) {
    const { length, words } = characters;
    const { at, view } = this;
    if (at + length > this.end) return false;
    if (length < 4) {
      if (this.bytes[at] !== characters.first) return false;
      this.at = at + 1;
      return true;
    }
    const last = words.length - 1;
    for (let index = 0; index < last; index += 1) {
      if (view.getInt32(at + index * 4, true) !== words[index]) return false;
    }
    if (view.getInt32(at + length - 4, true) !== words[last]) return false;
    this.at = at + length;
    return true;
  }
  /** These characters must come next. */
  must(characters) {
    if (!this.take(characters)) this.plain = false;
  }
  /** A whole number, then these characters. */
  int(after) {
    const value = this.digits();
    if (after) this.must(after);
    return value;
  }
  /** A number with or without decimals, then these characters: the nearest double, as `Number` gives it. */
  decimal(after) {
    const start = this.at;
    let value = this.digits();
    if (this.bytes[this.at] === 46 && this.at < this.end) {
      this.at += 1;
      const point = this.at;
      const fraction = this.digits();
      const power = POWERS[this.at - point] ?? 1;
      if (this.at - start > MOST_DIGITS) this.plain = false;
      value = (value * power + fraction) / power;
    }
    this.must(after);
    return value;
  }
  /** Characters up to a comma, blank or line feed, then these; they may be none. */
  word(after) {
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte <= 32 || byte >= 127 || byte === 44) break;
      at += 1;
    }
    this.at = at;
    const text = String.fromCharCode(...bytes.subarray(start, at));
    this.must(after);
    return text;
  }
  /** A line indented by two blanks: a member of an ensemble. */
  atMember() {
    const { at, bytes } = this;
    if (bytes[at] !== 32 || bytes[at + 1] !== 32 || (bytes[at + 2] ?? 0) <= 32) return false;
    this.at = at + 2;
    return true;
  }
  digits() {
    const { bytes, end } = this;
    const start = this.at;
    let value = 0;
    let at = start;
    while (at < end) {
      const digit = (bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at += 1;
    }
    this.at = at;
    if (at === start || at - start > MOST_DIGITS) this.plain = false;
    return value;
  }
};

// ../../src/perf-analyzer/plain-report.ts
var L = {
  title: literal("*** Measurement Settings ***\n"),
  data: literal(" Successfully read data for "),
  level: literal("Request concurrency: "),
  lf: literal("\n"),
  pass: literal("  Pass ["),
  passThroughput: literal("] throughput: "),
  passLatency: literal(" infer/sec. Avg latency: "),
  passStd: literal(" usec (std "),
  passEnd: literal(" usec). \n"),
  client: literal("  Client: \n    Request count: "),
  throughput: literal("\n    Throughput: "),
  rate: literal(" infer/sec\n    "),
  overheadPct: literal("Avg client overhead: "),
  percent: literal("%\n    "),
  latency: literal("Avg latency: "),
  deviation: literal(" usec (standard deviation "),
  p50: literal(" usec)\n    p50 latency: "),
  p90: literal(" usec\n    p90 latency: "),
  p95: literal(" usec\n    p95 latency: "),
  p99: literal(" usec\n    p99 latency: "),
  avg: literal(" usec\n    Avg "),
  http: literal("HTTP time: "),
  grpc: literal("gRPC time: "),
  sendRecv: literal(" usec (send/recv "),
  send: literal(" usec (send "),
  wait: literal(" usec + response wait "),
  receive: literal(" usec + receive "),
  marshalBoth: literal(" usec ((un)marshal request/response "),
  marshal: literal(" usec (marshal "),
  unmarshal: literal(" usec + unmarshal "),
  end: literal(" usec)\n"),
  server: literal("  Server: \n"),
  composing: literal("  Composing models: \n"),
  version: literal(", version: "),
  overhead: literal(" usec (overhead "),
  queue: literal(" usec + queue "),
  input: literal(" usec + compute input "),
  infer: literal(" usec + compute infer "),
  output: literal(" usec + compute output "),
  compute: literal(" usec + compute "),
  table: literal("Inferences/Second vs. Client Average Batch Latency\n"),
  row: literal("Concurrency: "),
  rowThroughput: literal(", throughput: "),
  rowLatency: literal(" infer/sec, latency "),
  rowEnd: literal(" usec\n")
};
function passes(c) {
  if (!c.take(L.pass)) return void 0;
  const list = [];
  do {
    c.int(L.passThroughput);
    const throughput = c.decimal(L.passLatency);
    const latency = c.int(L.passStd);
    list.push({ throughput, latency_us: latency, std_us: c.int(L.passEnd) });
  } while (c.plain && c.take(L.pass));
  return list;
}
function library(c, m) {
  const http = c.take(L.http);
  if (!http) c.must(L.grpc);
  m.protocol = http ? "HTTP" : "gRPC";
  m.client_time_us = c.int();
  if (http && c.take(L.sendRecv)) {
    m.send_recv_us = c.int(L.wait);
    m.response_wait_us = c.int(L.end);
  } else if (http && c.take(L.send)) {
    m.send_us = c.int(L.wait);
    m.response_wait_us = c.int(L.receive);
    m.receive_us = c.int(L.end);
  } else if (!http && c.take(L.marshalBoth)) {
    m.marshal_unmarshal_us = c.int(L.wait);
    m.response_wait_us = c.int(L.end);
  } else {
    c.must(L.marshal);
    m.marshal_us = c.int(L.wait);
    m.response_wait_us = c.int(L.unmarshal);
    m.unmarshal_us = c.int(L.end);
  }
}
function client(c, m) {
  c.must(L.client);
  m.request_count = c.int(L.throughput);
  m.throughput = c.decimal(L.rate);
  if (c.take(L.overheadPct)) m.client_overhead_pct = c.decimal(L.percent);
  c.must(L.latency);
  m.avg_us = c.int(L.deviation);
  m.std_us = c.int(L.p50);
  m.p50_us = c.int(L.p90);
  m.p90_us = c.int(L.p95);
  m.p95_us = c.int(L.p99);
  m.p99_us = c.int(L.avg);
  library(c, m);
}
function serverLabels(indent) {
  return {
    inferences: literal(`${indent}Inference count: `),
    executions: literal(`
${indent}Execution count: `),
    successes: literal(`
${indent}Successful request count: `),
    request: literal(`
${indent}Avg request latency: `)
  };
}
var OWN = serverLabels("    ");
var MEMBERS = serverLabels("      ");
function server(c, s, labels) {
  c.must(labels.inferences);
  s.inference_count = c.int(labels.executions);
  s.execution_count = c.int(labels.successes);
  s.successful_request_count = c.int(labels.request);
  s.avg_request_latency_us = c.int(L.overhead);
  s.overhead_us = c.int(L.queue);
  s.queue_us = c.int();
  const split = c.take(L.input);
  if (split) {
    s.compute_input_us = c.int(L.infer);
    s.compute_infer_us = c.int(L.output);
    s.compute_output_us = c.int(L.end);
  } else {
    c.must(L.compute);
    s.compute_us = c.int(L.end);
  }
  c.take(L.lf);
  return !split;
}
function members(c) {
  c.must(L.composing);
  const models = [];
  while (c.plain && c.atMember()) {
    const name2 = c.word(L.version);
    const model = { name: name2, version: c.word(L.lf) };
    if (models.some((other) => other.name === name2 && other.version === model.version)) c.plain = false;
    if (server(c, model, MEMBERS)) c.plain = false;
    models.push(model);
  }
  if (models.length === 0) c.plain = false;
  return models;
}
function level(c) {
  const m = { concurrency: c.int(L.lf), request_rate: null };
  const windows = passes(c);
  if (windows) m.passes = windows;
  client(c, m);
  c.must(L.server);
  if (server(c, m, OWN)) m.composing_models = members(c);
  if ((m.successful_request_count ?? 0) > 1.5 * (m.request_count ?? 0)) m.flags = { server_counts_exceed_client: true };
  return m;
}
function rows(c) {
  const list = [];
  while (c.plain && c.take(L.row)) {
    const concurrency = c.int(L.rowThroughput);
    const throughput = c.decimal(L.rowLatency);
    list.push({ concurrency, throughput, latency_us: c.int(L.rowEnd) });
  }
  return list;
}
function agree(measurements, summary) {
  if (measurements.length !== summary.length) return false;
  return summary.every((row, index) => {
    const m = measurements[index];
    return m?.concurrency === row.concurrency && m?.throughput === row.throughput && m?.avg_us === row.latency_us;
  });
}
var BLANK_LINE = Buffer.from("\n\nRequest concurrency: ");
var LONGEST_HEAD = 2e3;
var known = [];
var MOST_KNOWN = 64;
function settingsOf(bytes, start, end, read) {
  for (const { head: head2, settings } of known) {
    if (head2.length === end - start && bytes.compare(head2, 0, head2.length, start, end) === 0) return { ...settings };
  }
  const head = Buffer.from(bytes.subarray(start, end));
  const reading = read(head.toString("latin1"));
  const clean = reading.errors.length + reading.warnings.length + reading.measurements.length === 0;
  if (!clean || !reading.settings || reading.wording.length > 0 || !isPlain(head)) return void 0;
  if (known.length >= MOST_KNOWN) known.pop();
  known.unshift({ head, settings: reading.settings });
  return { ...reading.settings };
}
function isPlain(head) {
  return head.every((byte) => byte === 10 || byte >= 32 && byte < 127);
}
function readPlainRun(bytes, start, read) {
  const c = new Cursor(bytes);
  c.at = start;
  if (!c.take(L.title) && !c.take(L.data)) return void 0;
  const length = bytes.subarray(start, start + LONGEST_HEAD).indexOf(BLANK_LINE);
  const settings = length < 0 ? void 0 : settingsOf(bytes, start, start + length + 1, read);
  if (!settings) return void 0;
  c.at = start + length + 2;
  const measurements = [];
  while (c.plain && c.take(L.level)) measurements.push(level(c));
  c.must(L.table);
  const summary = c.plain ? rows(c) : [];
  if (!c.plain || summary.length === 0 || !agree(measurements, summary)) return void 0;
  return { settings, measurements, summary, verbose: measurements.some((m) => m.passes), end: c.at };
}
function readPlainReport(bytes, read) {
  const run = readPlainRun(bytes, 0, read);
  if (run?.end !== bytes.length) return void 0;
  return {
    kind: "stdout",
    settings: run.settings,
    summary_statistic: "avg",
    measurements: run.measurements,
    summary: run.summary,
    flags: {},
    errors: [],
    warnings: [],
    wording: run.verbose ? ["pass with dot"] : []
  };
}

// ../../src/perf-analyzer/fields.ts
var one = (key, unit = "") => {
  const pattern = new RegExp(`^(${NUMBER})${unit}$`);
  return (value) => {
    const match2 = pattern.exec(value);
    return match2?.[1] === void 0 ? void 0 : [[key, match2[1]]];
  };
};
var pair = (first, second, source) => {
  const pattern = new RegExp(`^${source}$`);
  return (value) => {
    const match2 = pattern.exec(value);
    if (!match2?.[1]) return void 0;
    const fields = [[first, match2[1]]];
    if (match2[2] !== void 0) fields.push([second, match2[2]]);
    return fields;
  };
};
var CLIENT = {
  "Request count": [1, one("request_count")],
  "Delayed Request Count": [2, one("delayed_request_count")],
  "Avg send request rate": [3, one("send_rate", " infer/sec")],
  "Sequence count": [4, pair("sequence_count", "sequences_per_s", `(\\d+)(?: \\((${NUMBER}) seq/sec\\))?`)],
  Throughput: [5, one("throughput", " infer/sec")],
  "Response Throughput": [6, one("response_throughput", " infer/sec")],
  "Avg client overhead": [7, one("client_overhead_pct", "%")],
  "Avg latency": [8, pair("avg_us", "std_us", `(${NUMBER}) usec(?: \\(standard deviation (${NUMBER}) usec\\))?`)]
};
var SERVER = {
  "Request count": [1, one("server_request_count")],
  "Inference count": [2, one("inference_count")],
  "Execution count": [3, one("execution_count")],
  "Cache hit count": [4, one("cache_hit_count")],
  "Cache miss count": [5, one("cache_miss_count")],
  "Successful request count": [6, one("successful_request_count")]
};
var CLIENT_TOTALS = {
  "Avg HTTP time": [200, "client_time_us"],
  "Avg gRPC time": [200, "client_time_us"]
};
var FIRST_TOTAL = 10;
var SERVER_TOTALS = {
  "Avg request latency": [7, "avg_request_latency_us"],
  "Average Cache Hit Latency": [8, "avg_cache_hit_latency_us"],
  "Average Cache Miss Latency": [9, "avg_cache_miss_latency_us"],
  // Ensembles up to 21.01 have their parts in lines of their own.
  "Total avg compute time": [FIRST_TOTAL, "compute_us"],
  "Total avg compute input time": [11, "compute_input_us"],
  "Total avg compute infer time": [12, "compute_infer_us"],
  "Total avg compute output time": [13, "compute_output_us"],
  "Total avg queue time": [14, "queue_us"]
};
var PARTS = {
  "send/recv": "send_recv_us",
  send: "send_us",
  receive: "receive_us",
  "response wait": "response_wait_us",
  "(un)marshal request/response": "marshal_unmarshal_us",
  marshal: "marshal_us",
  unmarshal: "unmarshal_us",
  overhead: "overhead_us",
  queue: "queue_us",
  compute: "compute_us",
  "compute input": "compute_input_us",
  "compute infer": "compute_infer_us",
  "compute output": "compute_output_us",
  "cache hit/miss": "cache_hit_miss_us",
  "cache lookup/insertion": "cache_lookup_insertion_us"
};
var TOTAL = new RegExp(`^(${NUMBER}) usec(?: \\((.*)\\))?$`);
var PART = new RegExp(`^(.*) (${NUMBER}) usec$`);
var USEC = new RegExp(`^(${NUMBER}) usec$`);
var PERCENTILE = /^(?:p(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)-th percentile) latency$/;
function total(rank2, key, value) {
  const match2 = TOTAL.exec(value);
  if (!match2?.[1]) return void 0;
  const fields = [[key, match2[1]]];
  const unknown = [];
  for (const part of match2[2] ? match2[2].split(" + ") : []) {
    const found = PART.exec(part);
    if (!found?.[2]) return void 0;
    const label = (found[1] ?? "").replace(/ \*$/, "");
    const name2 = Object.hasOwn(PARTS, label) ? PARTS[label] : void 0;
    if (name2 === void 0) unknown.push(part);
    else fields.push([name2, found[2]]);
  }
  return { rank: rank2, fields, unknown };
}
function plain(table, label, value) {
  const entry = Object.hasOwn(table, label) ? table[label] : void 0;
  const fields = entry?.[1](value);
  return entry && fields ? { rank: entry[0], fields, unknown: [] } : void 0;
}
function clientLine(label, value) {
  const totals = Object.hasOwn(CLIENT_TOTALS, label) ? CLIENT_TOTALS[label] : void 0;
  if (totals) return total(totals[0], totals[1], value);
  const percentile = PERCENTILE.exec(label);
  if (percentile) {
    const number = percentile[1] ?? percentile[2] ?? "";
    const match2 = USEC.exec(value);
    if (!match2?.[1]) return void 0;
    return { rank: 50 + Number(number), fields: [[`p${number}_us`, match2[1]]], unknown: [] };
  }
  return plain(CLIENT, label, value);
}
function serverLine(label, value) {
  const totals = Object.hasOwn(SERVER_TOTALS, label) ? SERVER_TOTALS[label] : void 0;
  return totals ? total(totals[0], totals[1], value) : plain(SERVER, label, value);
}
function isClientLabel(label) {
  if (label === "Request count") return false;
  return Object.hasOwn(CLIENT, label) || Object.hasOwn(CLIENT_TOTALS, label) || PERCENTILE.test(label);
}
function isServerLabel(label) {
  if (label === "Request count") return false;
  return Object.hasOwn(SERVER, label) || Object.hasOwn(SERVER_TOTALS, label);
}
function store(target, fields) {
  const missing = [];
  for (const [key, printed] of fields) {
    const value = measured(printed);
    if (value === void 0) missing.push(`${key} ${printed}`);
    else target[key] = value;
  }
  return missing;
}

// ../../src/perf-analyzer/block.ts
var NOT_VERBOSE = /* @__PURE__ */ new Set(["send_recv_us", "marshal_unmarshal_us"]);
var GPU_KEYS = ["avg_utilization_pct", "avg_power_w", "max_memory_bytes", "total_memory_bytes"];
var Block = class {
  constructor(measurement, hasHeader) {
    this.measurement = measurement;
    this.hasHeader = hasHeader;
  }
  measurement;
  hasHeader;
  part = "header";
  /** Rank of the last line of the part; a line must have a higher one. */
  rank = 0;
  model;
  /** The compute times of the part came in lines of their own, as ensembles have them up to 21.01. */
  totals = false;
  gpuKey;
  /** Keys whose numbers the part has printed, wrapped-around ones included. */
  printed = /* @__PURE__ */ new Set();
  /** A part ended without lines that it must have. */
  lost = false;
  /** The current part was shortened by hand. */
  elided = false;
  /** A sentence of the tool says why the level has no numbers. */
  explained = false;
  /** True once the text has begun to give the level's numbers. */
  get started() {
    return this.part !== "header";
  }
  flag(name2) {
    (this.measurement.flags ??= {})[name2] = true;
  }
  /** Enters a part; false when the order of parts forbids it. */
  enter(part) {
    const order = ["header", "client", "server", "composing", "gpu"];
    const nested = part === "composing" && this.part === "composing" && this.isEnsemble;
    if (this.part === "mixed") return true;
    if (part === "composing" && this.part === "server" && !this.isEnsemble) return false;
    if (!nested && order.indexOf(part) <= order.indexOf(this.part)) return false;
    this.leavePart();
    this.part = part;
    this.rank = 0;
    this.printed.clear();
    this.model = void 0;
    this.elided = false;
    this.totals = false;
    return true;
  }
  /** Only ensembles (and BLS models) have composing models: their compute time is not split, or in lines of its own. */
  get isEnsemble() {
    return this.printed.has("avg_request_latency_us") && (!this.printed.has("compute_infer_us") || this.totals);
  }
  /** Begins a composing model; false outside the list, and for a model that has been listed. */
  composing(name2, version) {
    if (this.part === "mixed") return true;
    if (this.part !== "composing") return false;
    const models = this.measurement.composing_models ??= [];
    if (models.some((model) => model.name === name2 && model.version === version)) return false;
    if (this.model) this.leavePart();
    this.model = { name: name2, version };
    models.push(this.model);
    this.totals = false;
    this.rank = 0;
    this.printed.clear();
    return true;
  }
  /** Begins one of the four lists of GPU values, in their order. */
  gpuHeading(key) {
    if (this.part === "mixed") return true;
    const before = this.gpuKey === void 0 ? -1 : GPU_KEYS.indexOf(this.gpuKey);
    if (this.part !== "gpu" || GPU_KEYS.indexOf(key) <= before) return false;
    this.gpuKey = key;
    return true;
  }
  /** Adds a GPU's value; false when there is no list for it or the GPU is there already. */
  gpuValue(key, uuid, value) {
    if (this.part === "mixed") return true;
    if (this.gpuKey !== key) return false;
    const list = (this.measurement.gpu ??= {})[key] ??= {};
    if (Object.hasOwn(list, uuid)) return false;
    list[uuid] = value;
    return true;
  }
  get gpuList() {
    return this.gpuKey;
  }
  /**
   * Stores a line's numbers. Returns those that are no measurement (wrapped around),
   * or undefined when the line cannot come here, which shows that reports are mixed.
   */
  add(line) {
    if (this.part === "mixed") return [];
    if (line.rank <= this.rank) return void 0;
    if (this.part === "composing" && !this.model) return void 0;
    if (this.measurement.passes && line.fields.some(([key]) => NOT_VERBOSE.has(key))) return void 0;
    this.rank = line.rank;
    this.totals ||= line.rank >= FIRST_TOTAL;
    for (const [key] of line.fields) this.printed.add(key);
    const target = this.part === "composing" ? this.model : this.measurement;
    return store(target, line.fields);
  }
  /** A `Request count` without its heading turns out to be the server's. */
  moveRequestCountToServer() {
    const m = this.measurement;
    if (this.part !== "client" || this.rank !== 1 || m.request_count === void 0) return false;
    m.server_request_count = m.request_count;
    delete m.request_count;
    this.printed.clear();
    this.printed.add("server_request_count");
    this.part = "server";
    this.rank = 1;
    return true;
  }
  /** Two reports share this block: none of its numbers can be trusted. */
  spoil() {
    spoil(this.measurement);
    this.part = "mixed";
  }
  /** Whether all lines that must follow have come. */
  whole(kind) {
    const m = this.measurement;
    if (this.part === "header") return false;
    if (this.part === "client") return kind !== void 0 && !/^triton/i.test(kind) && this.clientWhole;
    if (this.part === "gpu") return this.gpuKey === "total_memory_bytes";
    if (this.part === "composing") return this.model !== void 0 && this.serverWhole(this.model);
    if (this.part === "server")
      return this.serverWhole(m) && !(this.printed.has("compute_us") && this.printed.has("execution_count"));
    return true;
  }
  /** Notes that the part has lost lines. A block without its header has lost its beginning anyway. */
  leavePart() {
    if (this.hasHeader && !this.elided && this.partial) this.lost = true;
  }
  /** Whether so much is missing that lines must have been lost, though the text went on. */
  get broken() {
    return this.lost || this.partial;
  }
  get partial() {
    if (this.part === "client") return !this.clientWhole;
    if (this.part === "server") return !this.serverWhole(this.measurement);
    if (this.part === "composing") return this.model === void 0 || !this.serverWhole(this.model);
    return false;
  }
  get clientWhole() {
    return this.printed.has("throughput") && [...this.printed].some((key) => /^(?:avg|p[\d.]+)_us$/.test(key));
  }
  serverWhole(fields) {
    if (fields.server_request_count === 0) return true;
    if (!this.printed.has("avg_request_latency_us")) return false;
    return !this.printed.has("cache_hit_count") || this.printed.has("avg_cache_miss_latency_us");
  }
};
function spoil(measurement) {
  const fields = measurement;
  for (const key of Object.keys(fields)) {
    if (!["concurrency", "request_rate", "stream", "flags"].includes(key)) Reflect.deleteProperty(fields, key);
  }
  measurement.flags = { ...measurement.flags, no_result: true };
  delete measurement.flags.truncated;
  delete measurement.flags.server_counts_exceed_client;
}

// ../../src/perf-analyzer/patterns.ts
var LEVEL_CONCURRENCY = /^Request concurrency: (\d+)$/;
var LEVEL_RATE = new RegExp(`^Request Rate: (${NUMBER}) inference requests per seconds?$`);
var SUMMARY_TITLE = /^Inferences\/Second vs\. Client (?:(Average)|(p[\d.]+)|([\d.]+)-th [Pp]ercentile) Batch Latency$/;
var SUMMARY_ROW = new RegExp(
  `^(Concurrency|Request Rate): (${NUMBER}), (?:throughput: )?(${NUMBER}) infer/sec, latency (${NUMBER}) usec$`
);
var PASS = new RegExp(
  `^Pass \\[\\d+\\] throughput: (${NUMBER}) infer/sec\\. (?:Avg|p[\\d.]+|[\\d.]+-th percentile) latency: (${NUMBER}) usec(?: \\(std (${NUMBER}) usec\\))?(\\.)?(?:\\s+\\([^)]*\\))?$`
);
var PASS_FAILED = /^Pass \[\d+\] (?:\w+::)?Error: /;
var COMPOSING = /^(\S+), version:(?: (\S*))?$/;
var GPU_VALUE = new RegExp(`^(\\S+) : (${NUMBER})(%| watts| bytes)$`);
var GPU_HEADINGS = /* @__PURE__ */ new Map([
  ["Avg GPU Utilization:", "avg_utilization_pct"],
  ["Avg GPU Power Usage:", "avg_power_w"],
  ["Max GPU Memory Usage:", "max_memory_bytes"],
  ["Total GPU Memory:", "total_memory_bytes"]
]);
var GPU_UNITS = {
  avg_utilization_pct: "%",
  avg_power_w: " watts",
  max_memory_bytes: " bytes",
  total_memory_bytes: " bytes"
};
var COMMON = /* @__PURE__ */ new Set(["Client:", "Server:", "Composing models:", "Avg GPU Utilization:", "Total GPU Memory:"]);
var PARTS2 = /* @__PURE__ */ new Map([
  ["Client:", "client"],
  ["Server:", "server"],
  ["Composing models:", "composing"],
  ["Server Prometheus Metrics:", "gpu"]
]);
var ELISION = /^[[(<]?\s*(?:\.{3,}|…+|snip|\.\.\. ?snip ?\.\.\.)\s*[\])>]?$/;
var WITH_UNIT = /(?:^|[\s(:])[-+]?\d[\d.]*(?:e[-+]?\d+)? ?(?:usec|infer\/sec|seq\/sec|watts)\b/;
var WITH_LABEL = /(?:[Cc]ount|[Ll]atency|[Tt]hroughput|overhead|time|[Rr]ate|[Cc]oncurrency): ?[-+]?\d/;
var HIDDEN = new RegExp(
  "(?:" + [
    String.raw`\*\*\* Measurement Settings \*\*\*`,
    String.raw`Request concurrency: \d+`,
    String.raw`Request Rate: \S+ inference requests per seconds?`,
    String.raw`Inferences/Second vs\. Client \S+ Batch Latency`,
    String.raw`(?:Concurrency|Request Rate): \S+, .*usec`,
    // A line of a block keeps its indentation behind what came before it.
    String.raw`(?<=\s{2})(?:Client|Server|Composing models):`,
    String.raw`(?<=\s{2})Pass \[\d+\] throughput: .*`,
    String.raw`(?<=\s{2})(?:p\d+ latency|(?:Avg|Average|Total|Request|Inference|Execution|Successful|Delayed|Sequence|Cache|Throughput|Response)\b[\w /]*): .*`
  ].join("|") + ")$"
);

// ../../src/perf-analyzer/level.ts
function readLevel(text) {
  const concurrency = LEVEL_CONCURRENCY.exec(text)?.[1];
  if (concurrency !== void 0) return { concurrency: measured(concurrency) ?? null, request_rate: null };
  const rate = LEVEL_RATE.exec(text)?.[1];
  return rate === void 0 ? void 0 : { concurrency: null, request_rate: measured(rate) ?? null };
}
function servesOthers(m) {
  const served = m.successful_request_count ?? m.server_request_count;
  return served !== void 0 && m.request_count !== void 0 && served > 1.5 * m.request_count;
}
var NEXT = [
  "Request concurrency: ",
  "Request Rate: ",
  "Inferences/Second vs. Client ",
  "*** Measurement Settings ***"
];
function beginsAnother(text) {
  return NEXT.some((next) => next.startsWith(text) || text.startsWith(next));
}
function hasNumbers(m) {
  return Object.keys(m).some((key) => !["concurrency", "request_rate", "stream", "flags"].includes(key));
}
function ofUnits(text) {
  return / (?:usec|infer\/sec)\b/.test(text) || /^(?:Inference|Execution|Successful request) count: /.test(text);
}

// ../../src/perf-analyzer/messages.ts
var WARNINGS = [
  [/^Failed to obtain stable measurement/, "unstable"],
  [/^Measured latency went over the set limit/, "over_latency_limit"],
  [/^\[WARNING\] Perf Analyzer (?:was|is) not able to keep up/],
  [/^WARNING: (?:Overriding max_threads|The maximum attainable concurrency|Pass contained only one request)/],
  [/^WARNING: (?:Unable to parse '|Multiple versions of model|Triton metrics endpoint latency)/],
  [/^WARNING: (?:using an invalid (?:start )?sequence|The sequence length must be)/i],
  [/^WARNING: (?:unsupported data type: '|data type ')/],
  [/^Failed to update context stat/],
  [/^Response Cache is disabled for model \[/],
  [/^Server average accounted time was larger than client/],
  [/^Warning: Request latency is not stabilizing/],
  [/^Too many GPUs on system to print out individual Prometheus/]
];
var ERRORS = [
  [/Request for unknown model|failed to find the requested model version/, "model_unknown"],
  [/failed to (?:get|retrieve) model (?:metadata|config|statistics)/],
  [
    /failed to create (?:client factory|triton client backend|model parser|(?:\w+ ){1,4}manager|profiler|report writer)/
  ],
  [/^(?:Thread \[\d+\] had error: )?.*HTTP client failed/],
  [/^Failed to maintain requested (?:inference|session)/],
  [/^Thread \[\d+\] had error/],
  [/^Failed to retrieve results from inference request/],
  [/^Failed to init manager inputs/],
  [/^No valid requests recorded within/],
  [/^Perf Status reports size must match the stability window/],
  [/^Unable to connect to Metrics endpoint|^Metrics endpoint/],
  [/^can ?not specify batch size > 1/i],
  [/^The 'end' concurrency can ?not be 0 for sequence|^sequence id range specified is smaller/],
  [/contains dynamic shape, provide shapes|is missing shape, see --shape|needs to have its shape fully defined/],
  [/unable to find \S+ data in json|missing tensor \S+ in the (?:stream|step)/],
  [/^Decoupled models must be run with `--async`/],
  [/^Server side statistics compute counts must be the same/],
  [/Invalid long option|: (?:unrecognized|invalid) option |: option .* requires an argument/, "usage_error"],
  [/^Error: (?:Failed to parse -|Cannot (?:use|specify)|can ?not )/i, "usage_error"],
  [/^Failed to parse -/, "usage_error"],
  [/^terminate called (?:without an active exception|after throwing)/],
  [/perf_(?:analyzer|client).*(?:error while loading shared libraries|command not found|No such file)/]
];
var UNREACHABLE = /HTTP client failed|Couldn't (?:connect to server|resolve host)|[Ff]ailed to connect to all addresses|Connection refused|DNS resolution failed|Name or service not known/;
var NOTES = [
  [
    /^(?:\S+: line \d+:\s+\d+ )?Killed\b|exit(?:ed)?(?: with)?(?: code| status)?:? 137\b|OOMKilled|\bsignal 9\b/,
    "killed"
  ],
  [/exit(?:ed)?(?: with)?(?: code| status)?:? 143\b|^Terminated\b/, "killed"],
  [/^Interrupt signal \(\d+\) received|^Exiting immediately\.\.\.|^Received exit signal/, "interrupted"],
  [/^Waiting for in-flight inferences to complete/, "interrupted"]
];
var USAGE = /^Usage: .*\[options\]$/;
var USAGE_OWN = /^==== SYNOPSIS ====$|^--service-kind </;
function match(rules, line) {
  for (const [pattern, ...flags] of rules) if (pattern.test(line)) return flags;
  return void 0;
}
function messageOf(line) {
  const warning = match(WARNINGS, line);
  if (warning) return { level: "warning", flags: warning, own: true };
  const note = match(NOTES, line);
  if (note) return { level: "note", flags: note, own: note.includes("interrupted") };
  if (USAGE.test(line)) return { level: "note", flags: ["usage_error"], own: /perf_(?:analyzer|client)/.test(line) };
  if (USAGE_OWN.test(line)) return { level: "note", flags: ["usage_error"], own: true };
  const error = match(ERRORS, line);
  const reach = UNREACHABLE.test(line) && !/[Mm]etrics endpoint/.test(line) ? ["server_unreachable"] : [];
  if (error) return { level: "error", flags: [...error, ...reach], own: true };
  if (/^(?:error|Error): /.test(line)) return { level: "error", flags: reach, own: false };
  return void 0;
}

// ../../src/perf-analyzer/markup.ts
var BULLET = /^(?:[*\u2022-] +|#{1,6} +|> *)(?=\S)/;
var BREAK = /(?:<br ?\/?>|\\)$/;
var ONLY_BULLET = /^\s*[*\u2022>#-]+\s*$/;
var AROUND = /^(\*\*|__|`)(?![*_`])(.+?)\1$/;
var QUOTED = /^"((?:[^"\\]|\\.)*)",?$/;
function withoutMarkup(text) {
  const around = AROUND.exec(text);
  if (around?.[2] !== void 0) return around[2].trim();
  if (QUOTED.test(text)) return unquoted(text);
  const bare = text.replace(BULLET, "").replace(BREAK, "");
  return bare === text ? text : bare.trim();
}
function unquoted(text) {
  try {
    return String(JSON.parse(text.replace(/,$/, ""))).trim();
  } catch {
    return text;
  }
}

// ../../src/perf-analyzer/run.ts
var Run = class {
  levels = [];
  /** Index in `levels` from which on another report may have run into this one. */
  suspect;
  /** Two reports are mixed: no level is believed until a report begins anew. */
  tainted = false;
  /** What `latency` is in the closing table that is being read. */
  statistic;
  /** Levels whose header is all there is. */
  withoutBlock = /* @__PURE__ */ new Set();
  /** Settings begin; `afresh` when the report before has ended. */
  begin(afresh) {
    this.statistic = void 0;
    if (afresh) this.restart([]);
    else this.suspect = 0;
  }
  /** Nothing before these levels matters any more. */
  restart(levels) {
    this.levels = levels;
    this.suspect = void 0;
    this.tainted = false;
  }
  /** A level begins; `behindTable` when the closing table of others stands before it. */
  add(m, behindTable) {
    if (behindTable && this.suspect === void 0) this.levels = [];
    this.levels.push(m);
  }
  /** The level had no numbers. */
  hasNone(m) {
    this.withoutBlock.add(m);
  }
  /** What was suspected is sure: the levels since then may have another report's numbers. */
  taint() {
    this.tainted = true;
    for (const m of this.levels.slice(this.suspect)) spoil(m);
  }
  levelsOf(row) {
    return this.levels.filter(
      (m) => row.concurrency === void 0 ? m.request_rate === row.request_rate : m.concurrency === row.concurrency
    );
  }
  /** A row for a level without a block repeats another level's numbers. */
  isStale(row) {
    const levels = this.levelsOf(row);
    return levels.length > 0 && levels.every((m) => this.withoutBlock.has(m));
  }
  /**
   * The level that a row contradicts. A row repeats throughput and latency of the level's
   * block; if it does not, the block's beginning, its end or the table come from another
   * report.
   */
  contradicted(row) {
    const [m, other] = this.levelsOf(row).filter(hasNumbers);
    if (!m || other || m.flags?.elided || this.statistic === void 0) return void 0;
    const latency = m[`${this.statistic}_us`];
    const sameLatency = latency === void 0 || row.latency_us === void 0 || latency === row.latency_us;
    return sameLatency && isSameRate(m.throughput, row.throughput) ? void 0 : m;
  }
};
function isSameRate(one2, other) {
  if (one2 === void 0 || other === void 0) return true;
  return Math.abs(one2 - other) <= 51e-4 + 1e-5 * Math.max(one2, other);
}

// ../../src/perf-analyzer/settings.ts
var LINES = [
  [/^Batch size: (\d+)$/, (s, v) => s.batch_size ??= Number(v)],
  [/^Service Kind: (\S.*)$/, (s, v) => s.service_kind ??= v],
  [/^Using "(\w+)" mode for stabilization$/, (s, v) => s.mode ??= v],
  [/^Measurement window: (\d+) msec$/, (s, v) => s.window_ms ??= Number(v)],
  [/^Minimum number of samples in each window: (\d+)$/, (s, v) => s.min_samples ??= Number(v)],
  [/^Stabilizing using (\S.*)$/, (s, v) => s.stabilizing ??= v],
  [
    /^Using (synchronous|asynchronous) calls for inference$/,
    (s, v) => s.calls ??= v
  ],
  [/^Sending a total of (\d+) requests?$/, (s, v) => s.request_count_setting ??= Number(v)],
  [/^Sending (\d+) benchmark requests?$/, (s, v) => s.request_count_setting ??= Number(v)],
  [/^Sending (\d+) warm-?up requests?$/, (s, v) => s.warmup_requests ??= Number(v)],
  [/^Latency limit: (\d+) msec$/, void 0],
  [/^Concurrency limit: (\d+) concurrent requests$/, void 0],
  [/^Request Rate limit: (\S+) requests per seconds?$/, void 0],
  [/^Using (\w+) distribution on request generation$/, void 0],
  [/^Using Binary Search algorithm()$/, void 0],
  [/^Using custom (?:request|time) intervals?.*()$/, void 0],
  [/^Detected decoupled model, using the first response for measuring latency()$/, void 0],
  [/^Reporting (\d+)-th percentile latency$/, void 0],
  [/^(?:Max|Maximum) (?:concurrency|concurrent requests|number of threads|requests|threads): (\d+).*$/, void 0]
];
var FREE_TEXT = /^(?:Service Kind|Stabilizing using)\b/;
function readSetting(settings, line, ended) {
  for (const [pattern, read] of LINES) {
    const match2 = pattern.exec(line);
    if (!match2) continue;
    if (!ended && (FREE_TEXT.test(line) || /\d$/.test(line))) return false;
    read?.(settings, match2[1] ?? "");
    return true;
  }
  return false;
}

// ../../src/perf-analyzer/report.ts
var shorten = (line) => line.length > 200 ? `${line.slice(0, 200)}…` : line;
var Report = class {
  constructor(sink, stream) {
    this.sink = sink;
    this.stream = stream;
  }
  sink;
  stream;
  /** How many lines only perf_analyzer prints. */
  marks = 0;
  section = "none";
  block;
  settingsSeen = false;
  headerSeen = false;
  cut = false;
  /** The levels that the next closing table is about. */
  run = new Run();
  /** The run has had its closing table, or an error that explains why it has none. */
  ended = true;
  /** Takes the next line. */
  push(line) {
    const { text } = line;
    if (text === "") return;
    if (this.structure(line) || this.field(line)) return;
    const bare = withoutMarkup(text);
    if (bare !== text) {
      this.push({ ...line, text: bare });
      return;
    }
    if (this.message(line)) return;
    const hidden = HIDDEN.exec(text);
    if (hidden && hidden.index > 0) {
      this.notUnderstood({ ...line, text: text.slice(0, hidden.index).trim() });
      this.push({ ...line, text: hidden[0] });
    } else {
      this.notUnderstood(line);
    }
  }
  /** True while lines of any form may belong to the report: GPU values have no words of their own. */
  get wantsEveryLine() {
    return this.block?.part === "gpu";
  }
  get hasBlock() {
    return this.block !== void 0;
  }
  /** True while a report that has begun has not ended. */
  get isOpen() {
    return !this.ended || this.block !== void 0;
  }
  /** Takes a whole report that was read at once; it must not be open. */
  takeRun(run) {
    this.marks += 1;
    this.section = "summary";
    this.settingsSeen = true;
    this.headerSeen = true;
    this.run.restart(run.measurements);
    this.run.statistic = "avg";
    this.ended = true;
    const { sink } = this;
    sink.settings = { ...run.settings, ...sink.settings };
    sink.summary_statistic ??= "avg";
    sink.measurements.push(...run.measurements);
    sink.summary.push(...run.summary);
    if (run.verbose) sink.wording.add("pass with dot");
  }
  /** The text has ended. */
  finish() {
    const block = this.block;
    if (this.cut || !block?.whole(this.sink.settings.service_kind)) this.cutOff();
    this.close();
  }
  /** The report ends here, inside the block if there is one. */
  cutOff() {
    const block = this.block;
    if (block?.started && !block.elided && block.part !== "mixed") block.flag("truncated");
  }
  warn(line, what) {
    this.sink.warnings.push(`line ${line.number}: ${what}: "${shorten(line.text)}"`);
  }
  notUnderstood(line) {
    if (!line.ended) this.cut = !beginsAnother(line.text);
    if (ELISION.test(line.text)) {
      this.elide();
      return;
    }
    const { block } = this;
    if (block?.part === "mixed") return;
    const labelled = block?.started ? WITH_LABEL : /^Request count: \d/;
    if (WITH_UNIT.test(line.text) || this.marks > 0 && labelled.test(line.text)) this.warn(line, "not understood");
  }
  elide() {
    const block = this.block;
    if (!block || block.explained || block.part === "mixed" || block.started && block.whole(void 0)) return;
    block.elided = true;
    block.flag("elided");
  }
  // --- structure -----------------------------------------------------------------
  structure(line) {
    const known2 = this.heading(line) || this.level(line) || this.closingTable(line) || this.inBlock(line);
    if (known2 && !COMMON.has(line.text)) this.marks += 1;
    return known2 || this.setting(line);
  }
  heading(line) {
    if (line.text === "*** Measurement Settings ***") {
      this.begin();
      return true;
    }
    if (line.text.startsWith("Successfully read data for ")) return true;
    if (!line.text.endsWith(":")) return false;
    const part = PARTS2.get(line.text);
    if (!part) return false;
    this.enter(part, line);
    return true;
  }
  begin() {
    if (!this.block?.whole(this.sink.settings.service_kind)) this.cutOff();
    this.close();
    this.run.begin(this.ended);
    this.ended = false;
    this.section = "settings";
    this.settingsSeen = true;
    this.headerSeen = false;
  }
  enter(part, line) {
    if (part === "client" && this.block?.started && this.block.whole(this.sink.settings.service_kind)) this.close();
    const block = this.current();
    if (!block.enter(part)) this.spoil(line);
  }
  level(line) {
    const level2 = line.text.startsWith("Request ") ? readLevel(line.text) : void 0;
    if (!level2 || !line.ended && /\d$/.test(line.text)) return false;
    if (level2.request_rate !== null) {
      this.sink.wording.add(line.text.endsWith("s") ? "rate per seconds" : "rate per second");
    }
    if (this.repeatedHeader(level2)) return true;
    const { block } = this;
    if (block && !block.explained && !block.whole(this.sink.settings.service_kind))
      this.run.suspect ??= this.run.levels.length - 1;
    this.open(level2, true);
    return true;
  }
  /** Releases with warm-up requests print the header of the level twice. */
  repeatedHeader(level2) {
    const block = this.block;
    if (!block?.hasHeader || block.started || block.measurement.passes) return false;
    if (this.settingsSeen && this.sink.settings.warmup_requests === void 0) return false;
    const m = block.measurement;
    return m.concurrency === level2.concurrency && m.request_rate === level2.request_rate;
  }
  open(level2, hasHeader) {
    this.close();
    const measurement = { ...level2 };
    if (this.stream !== void 0) measurement.stream = this.stream;
    this.sink.measurements.push(measurement);
    this.run.add(measurement, this.section === "summary");
    this.block = new Block(measurement, hasHeader);
    if (!hasHeader && !(this.settingsSeen && !this.headerSeen)) this.block.flag("fragment");
    if (!hasHeader && this.run.suspect !== void 0) this.run.taint();
    this.section = "level";
    if (hasHeader) this.headerSeen = true;
    return this.block;
  }
  /** The block that a line without header belongs to. */
  current() {
    if (this.block && this.section === "level") return this.block;
    return this.open({ concurrency: null, request_rate: null }, false);
  }
  close() {
    const block = this.block;
    this.block = void 0;
    if (!block) return;
    const m = block.measurement;
    if (!block.hasHeader && !hasNumbers(m)) {
      this.sink.measurements.splice(this.sink.measurements.indexOf(m), 1);
      return;
    }
    if (!block.started) {
      block.flag("no_result");
      if (!block.elided) this.run.hasNone(m);
    } else if (block.broken && !block.elided) block.flag("truncated");
    if (this.run.tainted) spoil(m);
    if (servesOthers(m)) block.flag("server_counts_exceed_client");
    if (m.flags) {
      const flags = m.flags;
      delete m.flags;
      m.flags = flags;
    }
  }
  /** A line came that cannot come here. */
  spoil(line) {
    if (!this.block || this.block.part === "mixed") return;
    this.block.spoil();
    if (this.run.suspect !== void 0) this.run.taint();
    this.warn(line, "two reports are mixed here, the numbers of this level are not used");
  }
  closingTable(line) {
    const first = line.text.charCodeAt(0);
    if (first === 73) return this.tableTitle(line.text);
    const row = first === 67 || first === 82 ? SUMMARY_ROW.exec(line.text) : null;
    if (!row) return false;
    if (!line.text.includes(" throughput: ")) this.sink.wording.add("summary without throughput");
    this.close();
    this.section = "summary";
    const [, what, level2 = "", throughput = "", latency = ""] = row;
    const entry = what === "Concurrency" ? { concurrency: Number(level2) } : { request_rate: Number(level2) };
    if (this.stream !== void 0) entry.stream = this.stream;
    this.number(entry, "throughput", throughput, line);
    this.number(entry, "latency_us", latency, line);
    if (this.run.isStale(entry)) entry.stale = true;
    else this.compare(entry, line);
    this.sink.summary.push(entry);
    return true;
  }
  tableTitle(text) {
    const title = SUMMARY_TITLE.exec(text);
    if (!title) return false;
    this.close();
    this.ended = true;
    if (this.section === "summary") this.run.levels = [];
    this.section = "summary";
    const statistic = title[1] ? "avg" : title[2] ?? `p${title[3] ?? ""}`;
    this.run.statistic = statistic;
    this.sink.summary_statistic ??= statistic;
    return true;
  }
  /** Stores a printed number, or warns that it is none (wrapped around, nan, inf). */
  number(target, key, printed, line) {
    const value = measured(printed);
    if (value === void 0) this.warn(line, `${key} is no measurement`);
    else target[key] = value;
  }
  compare(row, line) {
    const m = this.run.contradicted(row);
    if (!m) return;
    spoil(m);
    this.warn(line, "the numbers of the level are others, they are not used");
  }
  inBlock(line) {
    return this.pass(line) || this.gpu(line) || this.composing(line);
  }
  pass(line) {
    if (!line.text.startsWith("Pass [")) return false;
    const match2 = PASS.exec(line.text);
    if (!match2) return this.failedPass(line);
    if (match2[3] !== void 0) this.sink.wording.add(match2[4] ? "pass with dot" : "pass without dot");
    if (this.block?.started && this.block.part !== "mixed") {
      if (this.block.whole(this.sink.settings.service_kind)) this.close();
      else this.spoil(line);
    }
    const block = this.current();
    if (block.part === "mixed") return true;
    const pass = {};
    this.number(pass, "throughput", match2[1] ?? "", line);
    this.number(pass, "latency_us", match2[2] ?? "", line);
    if (match2[3] !== void 0) this.number(pass, "std_us", match2[3], line);
    (block.measurement.passes ??= []).push(pass);
    return true;
  }
  failedPass(line) {
    if (!PASS_FAILED.test(line.text)) return false;
    this.sink.warnings.push(line.text);
    return true;
  }
  gpu(line) {
    const heading = line.text.endsWith(":") ? GPU_HEADINGS.get(line.text) : void 0;
    if (!heading) return this.gpuValue(line);
    const block = this.current();
    if (block.part === "header" && !block.hasHeader) block.enter("gpu");
    if (!block.gpuHeading(heading)) this.spoil(line);
    return true;
  }
  gpuValue(line) {
    const match2 = this.block?.part === "gpu" ? GPU_VALUE.exec(line.text) : null;
    const key = this.block?.gpuList;
    if (!match2?.[1] || !match2[2] || !key || match2[3] !== GPU_UNITS[key]) return false;
    const number = measured(match2[2]);
    if (number === void 0) this.warn(line, "no measurement");
    else if (!this.block?.gpuValue(key, match2[1], number)) this.spoil(line);
    return true;
  }
  composing(line) {
    if (this.block?.part !== "composing") return false;
    const match2 = COMPOSING.exec(withoutMarkup(line.text));
    if (!match2?.[1] || !line.ended && match2[2]) return false;
    if (!this.block.composing(match2[1], match2[2] ?? "")) this.spoil(line);
    return true;
  }
  setting(line) {
    if (this.section === "level" || !readSetting(this.sink.settings, line.text, line.ended)) return false;
    if (line.text.startsWith("Sending a total")) this.sink.wording.add("total of requests");
    else if (line.text.startsWith("Sending ")) this.sink.wording.add("benchmark requests");
    return true;
  }
  // --- numbers ---------------------------------------------------------------------
  field(line) {
    const colon = line.text.indexOf(": ");
    if (colon < 0) return false;
    const label = line.text.slice(0, colon).trimEnd();
    const ofClient = isClientLabel(label);
    const ofServer = isServerLabel(label);
    if (!ofClient && !ofServer && !this.isRequestCount(label)) return false;
    if (!line.ended && /\d$/.test(line.text)) return false;
    const block = this.place(label, ofServer);
    if (block.part === "header") return this.misplaced(line, true);
    const serverPart = block.part === "server" || block.part === "composing";
    const value = line.text.slice(colon + 2);
    const found = serverPart ? serverLine(label, value) : clientLine(label, value);
    if (!found) return this.misplaced(line, serverPart ? ofClient : ofServer);
    this.keep(line, block, found);
    return true;
  }
  /** Other programs count requests, too: without a block it is ours only where a text begins within one. */
  isRequestCount(label) {
    return label === "Request count" && (this.section === "level" || this.marks === 0);
  }
  keep(line, block, found) {
    this.marks += ofUnits(line.text) ? 1 : 0;
    if (line.text.includes("-th percentile")) this.sink.wording.add("th percentile");
    if (line.text.startsWith("Avg HTTP time")) block.measurement.protocol = "HTTP";
    if (line.text.startsWith("Avg gRPC time")) block.measurement.protocol = "gRPC";
    const missing = block.add(found);
    if (!missing) {
      this.spoil(line);
      return;
    }
    for (const name2 of missing) this.warn(line, `${name2} is no measurement`);
    for (const name2 of found.unknown) this.warn(line, `"${name2}" is not known`);
  }
  /** The block for a labelled line; a text that begins inside a block opens one. */
  place(label, ofServer) {
    const block = this.current();
    if (block.part === "header" && (!block.hasHeader || label === "Request count"))
      block.enter(ofServer ? "server" : "client");
    else if (block.hasHeader) return block;
    else if (label === "Avg request latency") block.moveRequestCountToServer();
    return block;
  }
  misplaced(line, foreignPart) {
    if (!foreignPart) return false;
    this.spoil(line);
    return true;
  }
  message(line) {
    const message = messageOf(line.text);
    if (!message) return false;
    if (message.own) this.marks += 1;
    if (message.level === "error") this.sink.errors.push(line.text);
    if (message.level === "warning") this.sink.warnings.push(line.text);
    if (message.level === "error" || message.flags.length > 0) this.ended = true;
    if (this.block) this.block.explained ||= message.level === "error" || message.flags.length > 0;
    for (const flag of message.flags) this.sink.flags[flag] = true;
    this.flagLevel(line.text);
    return true;
  }
  flagLevel(text) {
    const block = this.block;
    if (!block) return;
    if (text.startsWith("Failed to obtain stable measurement")) block.flag("unstable");
    else if (text.startsWith("Measured latency went over")) block.flag("over_latency_limit");
    else if (text.includes("not able to keep up with")) block.flag("cannot_keep_up");
  }
};

// ../../src/perf-analyzer/unwrap.ts
var ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;
var LEARN = /^(.*\S.*?)(?:\*\*\* Measurement Settings \*\*\*|Request concurrency: \d+)\s*$/;
var LogLines = class {
  /** @param emit gets every line in the order in which it was completed */
  constructor(emit) {
    this.emit = emit;
  }
  emit;
  number = 0;
  /** Unfinished lines by stream and channel. */
  partial = /* @__PURE__ */ new Map();
  /** Prefixes that were seen before a line that only perf_analyzer prints. */
  prefixes = [];
  held;
  /** Lines of the file that nobody needs. */
  skip(lines) {
    this.number += lines;
  }
  /** Prefixes have been met. */
  get learned() {
    return this.prefixes.length > 0;
  }
  /** A line is kept until the next one has been seen. */
  get waiting() {
    return this.held !== void 0 || this.partial.size > 0;
  }
  /** The next line of the file, without its line feed. */
  push(raw, ended) {
    this.number += 1;
    let text = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (text.charCodeAt(0) === 65279) text = text.slice(1);
    if (text.includes("\x1B")) text = text.replace(ANSI, "");
    if (!text.includes("\r")) {
      this.one(text, ended);
      return;
    }
    const parts = text.split("\r");
    parts.forEach((part, index) => {
      this.one(part, ended || index < parts.length - 1);
    });
  }
  /** Hands out lines whose end never came. */
  finish() {
    if (this.held) this.deliver(this.held.line, this.held.ended, this.held.number);
    this.held = void 0;
    for (const line of this.partial.values()) this.emit({ ...line, ended: false });
    this.partial.clear();
  }
  one(text, ended) {
    const line = wrapped(text);
    unwrap(line);
    if (line.text.includes("\x1B")) line.text = line.text.replace(ANSI, "");
    this.unlearn(line);
    if (this.held?.line === line) this.held.ended = ended;
    else this.deliver(line, ended, this.number);
  }
  deliver(line, ended, number) {
    if (this.prefixes.length > 0) this.cut(line);
    this.join(line, ended, number);
  }
  join(line, ended, number) {
    const key = `${line.stream}
${line.channel}`;
    const before = this.partial.get(key);
    const text = before ? before.text + line.text : line.text;
    const whole = { stream: line.stream, text, number, ended };
    if (line.partial) {
      this.partial.set(key, whole);
      return;
    }
    if (before) this.partial.delete(key);
    if (!text.includes("\n")) {
      this.emit(whole);
      return;
    }
    for (const part of text.split("\n")) this.emit({ ...whole, text: part });
  }
  /**
   * A logger's name or a quotation mark before every line. It is learned where a
   * headline of the report follows it, and believed when the next line has one, too:
   * otherwise it is a half-finished line that the headline ran into.
   */
  unlearn(line) {
    const match2 = line.text.includes("Request c") || line.text.includes("***") ? LEARN.exec(line.text) : null;
    const found = match2?.[1];
    const prefix = found !== void 0 && found.length <= 200 && !ONLY_BULLET.test(found) ? found : void 0;
    const held = this.held;
    this.held = void 0;
    if (held) {
      const believed = prefix !== void 0 || line.text.startsWith(held.prefix);
      if (believed) this.prefixes.push(held.prefix);
      this.deliver(held.line, held.ended, held.number);
    }
    if (prefix === void 0 || this.prefixes.includes(prefix)) return;
    this.held = { prefix, line, ended: true, number: this.number };
  }
  cut(line) {
    for (const prefix of this.prefixes) {
      if (!line.text.startsWith(prefix.trimEnd())) continue;
      line.text = line.text.slice(prefix.length);
      const name2 = prefix.trim().replace(/[\s|:>\]]+$/, "").replace(/^\[/, "");
      line.stream = line.stream === "" ? name2 : `${line.stream} ${name2}`;
      return;
    }
  }
};

// ../../src/perf-analyzer/stdout.ts
function emptyReading(kind) {
  return { kind, measurements: [], summary: [], flags: {}, errors: [], warnings: [], wording: [] };
}
var StdoutReader = class {
  sink = {
    settings: {},
    summary_statistic: void 0,
    measurements: [],
    summary: [],
    flags: {},
    errors: [],
    warnings: [],
    wording: /* @__PURE__ */ new Set()
  };
  reports = /* @__PURE__ */ new Map();
  lines = new LogLines((line) => {
    this.reportOf(line.stream).push({ text: line.text.trim(), number: line.number, ended: line.ended });
  });
  /** The next line without its line feed; `ended` is false for a last line that has none. */
  push(raw, ended) {
    this.lines.push(raw, ended);
  }
  /** Passes over lines that mean nothing, whatever stands before them. */
  skip(lines) {
    this.lines.skip(lines);
  }
  /** True while a line of any kind matters. */
  get wantsEveryLine() {
    if (this.lines.waiting) return true;
    for (const report of this.reports.values()) if (report.wantsEveryLine) return true;
    return false;
  }
  /** True while lines of dots matter. */
  get wantsElisions() {
    for (const report of this.reports.values()) if (report.hasBlock) return true;
    return false;
  }
  /**
   * Reads the whole report that begins at a line, if it is of the plain form and nothing
   * before it is open; returns where the bytes go on, or undefined.
   */
  pushRun(bytes, start) {
    const report = this.reports.get("");
    if (this.lines.learned || this.lines.waiting || report?.isOpen) return void 0;
    const run = readPlainRun(bytes, start, readStdout);
    if (!run || run.end >= bytes.length) return void 0;
    this.reportOf("").takeRun(run);
    this.lines.skip(countLines(bytes, start, run.end));
    return run.end;
  }
  reportOf(stream) {
    let report = this.reports.get(stream);
    if (!report) {
      report = new Report(this.sink, stream === "" ? void 0 : stream);
      this.reports.set(stream, report);
    }
    return report;
  }
  /** Ends the text. `foreign` when no line was perf_analyzer's. */
  finish() {
    this.lines.finish();
    for (const report of this.reports.values()) report.finish();
    const marked = [...this.reports.values()].filter((report) => report.marks > 0);
    if (marked.length === 0) return emptyReading("foreign");
    this.keepStreams(marked.length > 1);
    this.nameCustomRate();
    if (this.sink.measurements.length === 0 && this.sink.summary.length === 0) this.sink.flags.no_report = true;
    return this.reading();
  }
  reading() {
    const {
      summary_statistic: statistic,
      wording,
      settings,
      measurements,
      summary,
      flags,
      errors,
      warnings
    } = this.sink;
    return {
      kind: "stdout",
      settings,
      ...statistic === void 0 ? {} : { summary_statistic: statistic },
      measurements,
      summary,
      flags,
      errors,
      warnings,
      wording: [...wording]
    };
  }
  /** `stream` tells several sources apart; with one it says nothing. */
  keepStreams(several) {
    if (several) return;
    for (const m of this.sink.measurements) delete m.stream;
    for (const row of this.sink.summary) delete row.stream;
  }
  /** Custom intervals have no level header; the only row of the table names their rate. */
  nameCustomRate() {
    const [m, second] = this.sink.measurements;
    const [row, other] = this.sink.summary;
    if (!m || second || !row || other || m.flags?.fragment) return;
    if (m.concurrency !== null || m.request_rate !== null) return;
    if (row.request_rate === void 0) {
      m.flags = { ...m.flags, fragment: true };
      return;
    }
    if (m.throughput === row.throughput) m.request_rate = row.request_rate;
  }
};
function readReport(text) {
  return readPlainReport(Buffer.from(text, "utf8"), readStdout) ?? readStdout(text);
}
function readStdout(text) {
  const reader = new StdoutReader();
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    reader.push(text.slice(start, end), true);
    start = end + 1;
  }
  if (start < text.length) reader.push(text.slice(start), false);
  return reader.finish();
}
export {
  readFrames,
  readReport
};
