// Bundled from jobs/conductor and src by `npm run bundle:conductor`. Edit those, not this file.

// records.ts
import { createHash as createHash3 } from "node:crypto";

// ../../schema/evidence.schema.json
var evidence_schema_default = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    schema: {
      type: "string",
      const: "hps-bench/evidence/1"
    },
    id: {
      type: "string"
    },
    run_id: {
      type: "string"
    },
    spec_hash: {
      type: "string"
    },
    variant: {
      type: "string"
    },
    batch: {
      type: "integer",
      minimum: 1,
      maximum: 9007199254740991
    },
    concurrency: {
      type: "integer",
      minimum: 1,
      maximum: 9007199254740991
    },
    repeat: {
      type: "integer",
      minimum: 1,
      maximum: 9007199254740991
    },
    attempt: {
      type: "integer",
      minimum: 1,
      maximum: 9007199254740991
    },
    started_at: {
      type: "string",
      format: "date-time",
      pattern: "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$"
    },
    ended_at: {
      type: "string",
      format: "date-time",
      pattern: "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$"
    },
    command: {
      type: "array",
      items: {
        type: "string"
      }
    },
    exit_code: {
      anyOf: [
        {
          type: "integer",
          minimum: -9007199254740991,
          maximum: 9007199254740991
        },
        {
          type: "null"
        }
      ]
    },
    signal: {
      type: [
        "string",
        "null"
      ]
    },
    deadline_exceeded: {
      type: "boolean"
    },
    perf_analyzer_version: {
      type: [
        "string",
        "null"
      ]
    },
    text: {
      type: "string"
    },
    text_sha256: {
      type: "string",
      pattern: "^[0-9a-f]{64}$"
    },
    mode: {
      type: "string",
      enum: [
        "time_windows",
        "request_count"
      ]
    },
    warmup: {
      type: "object",
      properties: {
        requests: {
          type: "integer",
          minimum: 0,
          maximum: 9007199254740991
        },
        seconds: {
          type: "number",
          minimum: 0
        },
        first_request_us: {
          anyOf: [
            {
              type: "number",
              minimum: 0
            },
            {
              type: "null"
            }
          ]
        }
      },
      required: [
        "requests",
        "seconds",
        "first_request_us"
      ]
    },
    statistics: {
      type: "object",
      properties: {
        before: {
          anyOf: [
            {
              $ref: "#/definitions/__schema0"
            },
            {
              type: "null"
            }
          ]
        },
        first: {
          anyOf: [
            {
              $ref: "#/definitions/__schema0"
            },
            {
              type: "null"
            }
          ]
        },
        after: {
          anyOf: [
            {
              $ref: "#/definitions/__schema0"
            },
            {
              type: "null"
            }
          ]
        }
      },
      required: [
        "before",
        "first",
        "after"
      ]
    },
    environment: {
      type: "object",
      propertyNames: {
        type: "string"
      },
      additionalProperties: {
        type: [
          "string",
          "number",
          "boolean",
          "null"
        ]
      }
    },
    error: {
      type: [
        "string",
        "null"
      ]
    }
  },
  required: [
    "schema",
    "id",
    "run_id",
    "spec_hash",
    "variant",
    "batch",
    "concurrency",
    "repeat",
    "attempt",
    "started_at",
    "ended_at",
    "command",
    "exit_code",
    "signal",
    "deadline_exceeded",
    "perf_analyzer_version",
    "text",
    "text_sha256",
    "mode",
    "warmup",
    "statistics",
    "environment",
    "error"
  ],
  definitions: {
    __schema0: {
      type: "object",
      properties: {
        inference_count: {
          type: "integer",
          minimum: 0,
          maximum: 9007199254740991
        },
        execution_count: {
          type: "integer",
          minimum: 0,
          maximum: 9007199254740991
        },
        success: {
          $ref: "#/definitions/__schema1"
        },
        fail: {
          $ref: "#/definitions/__schema1"
        },
        queue: {
          $ref: "#/definitions/__schema1"
        },
        compute_input: {
          $ref: "#/definitions/__schema1"
        },
        compute_infer: {
          $ref: "#/definitions/__schema1"
        },
        compute_output: {
          $ref: "#/definitions/__schema1"
        }
      },
      required: [
        "inference_count",
        "execution_count",
        "success",
        "fail",
        "queue",
        "compute_input",
        "compute_infer",
        "compute_output"
      ]
    },
    __schema1: {
      type: "object",
      properties: {
        count: {
          type: "integer",
          minimum: 0,
          maximum: 9007199254740991
        },
        ns: {
          type: "integer",
          minimum: 0,
          maximum: 9007199254740991
        }
      },
      required: [
        "count",
        "ns"
      ]
    }
  },
  title: "hps-bench evidence"
};

// ../../src/spec/cells.ts
import { createHash } from "node:crypto";
function cellsOf(spec) {
  return spec.batches.flatMap(
    (batch) => spec.variants.map((variant) => ({ variant, batch, concurrency: spec.concurrency }))
  );
}
function plannedMeasurements(spec) {
  const repeats = Array.from({ length: spec.repeats }, (_, i) => i + 1);
  return repeats.flatMap(
    (repeat) => cellsOf(spec).map((cell) => ({ ...cell, repeat, id: measurementId(cell, repeat) }))
  );
}
function measurementId(cell, repeat) {
  return `${cell.variant}-b${cell.batch}-c${cell.concurrency}-r${repeat}`;
}
function canonicalJson(value) {
  return JSON.stringify(
    value,
    (_key, at) => typeof at === "object" && at !== null && !Array.isArray(at) ? Object.fromEntries(Object.entries(at).sort(([a], [b]) => a < b ? -1 : 1)) : at
  );
}
function contentKey(value) {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 12);
}
function specHash(spec) {
  return contentKey({ ...spec, cluster: { ...spec.cluster, runId: void 0 } });
}

// ../../src/spec/variants.ts
var VARIANTS = [
  { id: "native_tf", label: "Native TF", hps: false, backend: "tensorflow", local: true, cluster: true },
  { id: "tf_with_hps", label: "TF with HPS", hps: true, backend: "tensorflow", local: false, cluster: true },
  { id: "fp32_trt_with_hps", label: "FP32 TRT with HPS", hps: true, backend: "tensorrt", local: false, cluster: true },
  { id: "fp16_trt_with_hps", label: "FP16 TRT with HPS", hps: true, backend: "tensorrt", local: false, cluster: true },
  { id: "onnx_cpu", label: "ONNX Runtime (CPU)", hps: false, backend: "python", local: true, cluster: false }
];
var VARIANT_IDS = VARIANTS.map((variant) => variant.id);
function variantOf(id) {
  const found = VARIANTS.find((variant) => variant.id === id);
  if (found === void 0) throw new RangeError(`no variant is called "${id}"; allowed: ${VARIANT_IDS.join(", ")}`);
  return found;
}

// ../../src/ledger/ledger.ts
function ledgerOf(spec, records, why = "not measured yet") {
  const byId = /* @__PURE__ */ new Map();
  for (const record of records) byId.set(record.id, [...byId.get(record.id) ?? [], record]);
  const planned = plannedMeasurements(spec);
  const entries = planned.map((item) => entryOf(item, byId.get(item.id) ?? [], why));
  const expected = new Set(planned.map((item) => item.id));
  return { entries, unexpected: records.filter((record) => !expected.has(record.id)) };
}
function entryOf(planned, records, why) {
  const attempts = [...records].sort((a, b) => a.attempt - b.attempt);
  const record = attempts.find((attempt) => attempt.status === "measured") ?? attempts.at(-1);
  const made = attempts.at(-1)?.attempt ?? 0;
  if (record === void 0) return { planned, status: "missing", reasons: [why], attempts: 0, record };
  return { planned, status: record.status, reasons: record.reasons, attempts: made, record };
}
function countByStatus(ledger) {
  const counts = { measured: 0, invalid: 0, failed: 0, missing: 0 };
  for (const entry of ledger.entries) counts[entry.status]++;
  return counts;
}

// ../../src/perf-analyzer/frame.ts
import { hash } from "node:crypto";
var LARGEST = 64 * 1024 * 1024;
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
  parts = [];
  length = 0;
  overflown = false;
  /** Adds bytes of the text, line feeds included; they are copied. */
  add(bytes) {
    if (bytes.length === 0 || this.overflown) return;
    this.overflown = this.length + bytes.length > LARGEST;
    if (this.overflown) return;
    this.length += bytes.length;
    this.parts.push(Buffer.from(bytes));
  }
  get bytes() {
    return this.parts.length === 1 && this.parts[0] ? this.parts[0] : Buffer.concat(this.parts);
  }
};
function closeFrame(open, end) {
  let bytes = open.crlf ? withoutReturns(open.bytes) : open.bytes;
  if (end?.newline_added === true && bytes.at(-1) === 10) bytes = bytes.subarray(0, -1);
  const complete = end !== void 0 && !open.overflown;
  return {
    begin: open.begin,
    ...end ? { end } : {},
    text: bytes.toString("utf8"),
    complete,
    intact: complete && isIntact(bytes, end),
    firstLine: open.line,
    stream: open.stream
  };
}
function withoutReturns(bytes) {
  return Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}
function lostBegin(end, line, stream) {
  return { begin: { v: end.v, id: end.id }, end, text: "", complete: false, intact: false, firstLine: line, stream };
}
function isIntact(bytes, end) {
  if (typeof end.sha256 !== "string") return false;
  if (end.bytes !== void 0 && end.bytes !== bytes.length) return false;
  return hash("sha256", bytes) === end.sha256.toLowerCase();
}
function readMark(text) {
  const match2 = /^#hps-bench:(begin|end) (\{.*\})\s*$/.exec(text);
  if (!match2?.[2]) return void 0;
  let value;
  try {
    value = JSON.parse(match2[2]);
  } catch {
    return void 0;
  }
  const fields = value;
  if (typeof fields["id"] !== "string" || typeof fields["v"] !== "number") return void 0;
  const mark = fields;
  return match2[1] === "begin" ? { kind: "begin", begin: mark } : { kind: "end", end: mark };
}

// ../../src/perf-analyzer/wrappings.ts
var TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[-+]\d\d:?\d\d))?`;
var CRI = new RegExp(`^${TIME} (stdout|stderr) ([FP])(?::\\S*)?(?: |$)`);
var TIMESTAMP = new RegExp(`^(?:${TIME}|\\[${TIME}\\])(?:[ \\t]|$)`);
var KUBECTL = /^\[((?:pod|job|deployment|statefulset|daemonset|replicaset)s?\/[^\]\s]+)\](?: |$)/;
var RANK = /^\[(\d+,\d+)\]<(stdout|stderr|stddiag)>: ?/;
var COMPOSE = /^([A-Za-z0-9][\w.-]*) +\| ?/;
var JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ ([\w./-]+(?:\[\d+\])?): /;
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
  line.partial = docker && !log.endsWith("\n");
  line.text = log.replace(/\r?\n$/, "");
  return true;
};
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
function candidates(text) {
  const first = text.charCodeAt(0);
  if (first === 91) return BRACKET;
  if (first >= 48 && first <= 57) return DIGIT;
  if (first === 123) return BRACE;
  if (first === 32 || Number.isNaN(first)) return NONE;
  return text.includes("|") || text.includes("	") || first >= 65 && first <= 90 ? WORD : NONE;
}
var NONE = [];
var BRACKET = [kubectl, rank, timestamp];
var DIGIT = [cri, timestamp];
var BRACE = [json];
var WORD = [compose, journal, actions];
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

// ../../src/perf-analyzer/frame-splitter.ts
var MARK = Buffer.from("#hps-bench:");
var LF = 10;
function countLines(bytes, start, end) {
  let lines = 0;
  for (let at = bytes.indexOf(LF, start); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}
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
  /** Lines whose end comes in another record, by stream and channel. */
  partial = /* @__PURE__ */ new Map();
  /** Takes the next bytes of the log; returns the frames that end in them. */
  push(chunk) {
    const last = chunk.lastIndexOf(LF);
    if (last < 0) {
      this.rest.push(chunk);
      return [];
    }
    const head = chunk.subarray(0, last + 1);
    this.read(this.rest.length > 0 ? Buffer.concat([...this.rest, head]) : head);
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
      const lineStart = bytes.lastIndexOf(LF, mark) + 1;
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
  addPlain(bytes, start, end, count2 = true) {
    const to = Math.min(end, bytes.length);
    this.open.get("\n")?.add(bytes.subarray(start, to));
    if (count2) this.line += countLines(bytes, start, to);
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
      const next = mark < 0 ? bytes.length : bytes.lastIndexOf(LF, mark) + 1;
      this.line += countLines(bytes, start, next);
      if (next > start || mark < 0) return next;
    }
    const end = endOfLine(bytes, start);
    this.wrappedLine(bytes.toString("utf8", start, end));
    this.line += 1;
    return end + 1;
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
    this.partial.delete(key);
    if (whole.startsWith("#hps-bench:")) {
      this.handle(line.stream, line.channel, whole, () => this.open.get(key)?.add(Buffer.from(`${whole}
`)));
    } else this.open.get(key)?.add(Buffer.from(`${whole}
`));
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
function endOfLine(bytes, from) {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end;
}

// ../../src/perf-analyzer/frames.ts
async function* readFrames(stream) {
  const splitter = new FrameSplitter();
  for await (const chunk of stream) yield* splitter.push(chunk);
  yield* splitter.finish();
}

// ../../src/records/judge.ts
import { createHash as createHash2 } from "node:crypto";

// ../../src/perf-analyzer/numbers.ts
var NUMBER = String.raw`[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf)`;
var LARGEST2 = Number.MAX_SAFE_INTEGER;
function measured(text) {
  const value = Number(text);
  return Number.isFinite(value) && Math.abs(value) <= LARGEST2 ? value : void 0;
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
    const name2 = PARTS[found[1] ?? ""];
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
    const nested = part === "composing" && this.part === "composing" && this.isEnsemble(this.model);
    if (this.part === "mixed") return true;
    if (part === "composing" && this.part === "server" && !this.isEnsemble(this.measurement)) return false;
    if (!nested && order.indexOf(part) <= order.indexOf(this.part)) return false;
    this.part = part;
    this.rank = 0;
    this.model = void 0;
    this.elided = false;
    this.totals = false;
    return true;
  }
  /** Only ensembles (and BLS models) have composing models: their compute time is not split, or in lines of its own. */
  isEnsemble(fields) {
    return fields?.avg_request_latency_us !== void 0 && (fields.compute_infer_us === void 0 || this.totals);
  }
  /** Begins a composing model; false outside the list, and for a model that has been listed. */
  composing(name2, version) {
    if (this.part === "mixed") return true;
    if (this.part !== "composing") return false;
    const models = this.measurement.composing_models ??= [];
    if (models.some((model) => model.name === name2 && model.version === version)) return false;
    this.model = { name: name2, version };
    models.push(this.model);
    this.totals = false;
    this.rank = 0;
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
    this.rank = line.rank;
    this.totals ||= line.rank >= FIRST_TOTAL;
    const target = this.part === "composing" ? this.model : this.measurement;
    return store(target, line.fields);
  }
  /** A `Request count` without its heading turns out to be the server's. */
  moveRequestCountToServer() {
    const m = this.measurement;
    if (this.part !== "client" || this.rank !== 1 || m.request_count === void 0) return false;
    m.server_request_count = m.request_count;
    delete m.request_count;
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
    if (this.part === "client") return kind !== void 0 && !/^triton/i.test(kind) && clientWhole(m);
    if (this.part === "gpu") return this.gpuKey === "total_memory_bytes";
    if (this.part === "composing") return this.model !== void 0 && serverWhole(this.model);
    if (this.part === "server")
      return serverWhole(m) && (m.compute_us === void 0 || m.execution_count === void 0);
    return true;
  }
  /** Whether so much is missing that lines must have been lost, though the text went on. */
  get broken() {
    const m = this.measurement;
    if (this.part === "client") return !clientWhole(m);
    if (this.part === "server") return !serverWhole(m);
    if (this.part === "composing") return this.model === void 0 || !serverWhole(this.model);
    return false;
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
function clientWhole(m) {
  return m.throughput !== void 0 && Object.keys(m).some((key) => /^(?:avg|p[\d.]+)_us$/.test(key));
}
function serverWhole(s) {
  if (s.server_request_count === 0) return true;
  if (s.avg_request_latency_us === void 0) return false;
  return s.cache_hit_count === void 0 || s.avg_cache_miss_latency_us !== void 0;
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

// ../../src/perf-analyzer/patterns.ts
var LEVEL_CONCURRENCY = /^Request concurrency: (\d+)$/;
var LEVEL_RATE = new RegExp(`^Request Rate: (${NUMBER}) inference requests per seconds?$`);
var SUMMARY_TITLE = /^Inferences\/Second vs\. Client (?:(Average)|(p[\d.]+)) Batch Latency$/;
var SUMMARY_ROW = new RegExp(
  `^(Concurrency|Request Rate): (${NUMBER}), (?:throughput: )?(${NUMBER}) infer/sec, latency (${NUMBER}) usec$`
);
var PASS = new RegExp(
  `^Pass \\[\\d+\\] throughput: (${NUMBER}) infer/sec\\. (?:Avg|p[\\d.]+) latency: (${NUMBER}) usec(?: \\(std (${NUMBER}) usec\\))?\\.?$`
);
var COMPOSING = /^(\S.*), version:(?: (.*))?$/;
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
var ELISION = /^[[(<]?\s*(?:\.{2,}|…+|snip|\.\.\. ?snip ?\.\.\.)\s*[\])>]?$/;
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
  /** The levels of the run that the next closing table is about. */
  run = [];
  /** Index in `run` from which on another report may have run into this one. */
  suspect;
  /** Two reports are mixed: no level is believed until a report begins anew. */
  tainted = false;
  /** The run has had its closing table, or an error that explains why it has none. */
  ended = true;
  /** Levels whose header is all there is. */
  withoutBlock = /* @__PURE__ */ new Set();
  /** Takes the next line. */
  push(line) {
    const { text } = line;
    if (text === "") return;
    const known = this.structure(line) || this.field(line) || this.message(line);
    if (known) return;
    const hidden = HIDDEN.exec(text);
    if (hidden && hidden.index > 0) {
      this.notUnderstood({ ...line, text: text.slice(0, hidden.index).trim() });
      this.push({ ...line, text: hidden[0] });
    } else {
      this.notUnderstood(line);
    }
  }
  /** The text has ended. */
  finish() {
    const block = this.block;
    if (block?.started && !block.elided && (this.cut || !block.whole(this.sink.settings.service_kind))) {
      if (block.part !== "mixed") block.flag("truncated");
    }
    this.close();
  }
  warn(line, what) {
    this.sink.warnings.push(`line ${line.number}: ${what}: "${shorten(line.text)}"`);
  }
  notUnderstood(line) {
    if (!line.ended) this.cut = true;
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
    const known = this.heading(line) || this.level(line) || this.closingTable(line) || this.inBlock(line);
    if (known && !COMMON.has(line.text)) this.marks += 1;
    return known || this.setting(line);
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
    this.close();
    if (this.ended) {
      this.run = [];
      this.suspect = void 0;
      this.tainted = false;
    } else {
      this.suspect = 0;
    }
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
    const level = line.text.startsWith("Request ") ? readLevel(line.text) : void 0;
    if (!level) return false;
    if (level.request_rate !== null) {
      this.sink.wording.add(line.text.endsWith("s") ? "rate per seconds" : "rate per second");
    }
    if (this.repeatedHeader(level)) return true;
    const { block } = this;
    if (block && !block.explained && !block.whole(this.sink.settings.service_kind))
      this.suspect ??= this.run.length - 1;
    this.open(level, true);
    return true;
  }
  /** Releases with warm-up requests print the header of the level twice. */
  repeatedHeader(level) {
    const block = this.block;
    if (!block?.hasHeader || block.started || block.measurement.passes) return false;
    if (this.settingsSeen && this.sink.settings.warmup_requests === void 0) return false;
    const m = block.measurement;
    return m.concurrency === level.concurrency && m.request_rate === level.request_rate;
  }
  open(level, hasHeader) {
    this.close();
    const measurement = { ...level };
    if (this.stream !== void 0) measurement.stream = this.stream;
    this.sink.measurements.push(measurement);
    if (this.section === "summary" && this.suspect === void 0) this.run = [];
    this.run.push(measurement);
    this.block = new Block(measurement, hasHeader);
    if (!hasHeader && !(this.settingsSeen && !this.headerSeen)) this.block.flag("fragment");
    if (!hasHeader && this.suspect !== void 0) this.taint();
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
      if (!block.elided) this.withoutBlock.add(m);
    } else if (block.broken && !block.elided) block.flag("truncated");
    if (this.tainted) spoil(m);
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
    if (this.suspect !== void 0) this.taint();
    this.warn(line, "two reports are mixed here, the numbers of this level are not used");
  }
  /** What was suspected is sure: the levels since then may have another report's numbers. */
  taint() {
    this.tainted = true;
    for (const m of this.run.slice(this.suspect)) spoil(m);
  }
  closingTable(line) {
    const first = line.text.charCodeAt(0);
    if (first === 73) return this.tableTitle(line.text);
    const row = first === 67 || first === 82 ? SUMMARY_ROW.exec(line.text) : null;
    if (!row) return false;
    if (!line.text.includes(" throughput: ")) this.sink.wording.add("summary without throughput");
    this.close();
    this.section = "summary";
    const [, what, level = "", throughput = "", latency = ""] = row;
    const entry = what === "Concurrency" ? { concurrency: Number(level) } : { request_rate: Number(level) };
    if (this.stream !== void 0) entry.stream = this.stream;
    this.number(entry, "throughput", throughput, line);
    this.number(entry, "latency_us", latency, line);
    if (this.isStale(entry)) entry.stale = true;
    this.sink.summary.push(entry);
    return true;
  }
  tableTitle(text) {
    const title = SUMMARY_TITLE.exec(text);
    if (!title) return false;
    this.close();
    this.ended = true;
    this.section = "summary";
    this.sink.summary_statistic ??= title[1] ? "avg" : title[2];
    return true;
  }
  /** Stores a printed number, or warns that it is none (wrapped around, nan, inf). */
  number(target, key, printed, line) {
    const value = measured(printed);
    if (value === void 0) this.warn(line, `${key} is no measurement`);
    else target[key] = value;
  }
  /** A row for a level without a block repeats another level's numbers. */
  isStale(row) {
    const levels = this.run.filter(
      (m) => row.concurrency === void 0 ? m.request_rate === row.request_rate : m.concurrency === row.concurrency
    );
    return levels.length > 0 && levels.every((m) => this.withoutBlock.has(m));
  }
  inBlock(line) {
    return this.pass(line) || this.gpu(line) || this.composing(line);
  }
  pass(line) {
    const match2 = line.text.startsWith("Pass [") ? PASS.exec(line.text) : null;
    if (!match2) return false;
    if (match2[3] !== void 0) this.sink.wording.add(line.text.endsWith(".") ? "pass with dot" : "pass without dot");
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
    const match2 = COMPOSING.exec(line.text);
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
function hasNumbers(m) {
  return Object.keys(m).some((key) => !["concurrency", "request_rate", "stream", "flags"].includes(key));
}
function ofUnits(text) {
  return / (?:usec|infer\/sec)\b/.test(text) || /^(?:Inference|Execution|Successful request) count: /.test(text);
}

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
  learned = [];
  held;
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
    if (this.learned.length > 0) this.cut(line);
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
    const prefix = match2?.[1] !== void 0 && match2[1].length <= 200 ? match2[1] : void 0;
    const held = this.held;
    this.held = void 0;
    if (held) {
      const believed = prefix !== void 0 || line.text.startsWith(held.prefix);
      if (believed) this.learned.push(held.prefix);
      this.deliver(held.line, held.ended, held.number);
    }
    if (prefix === void 0 || this.learned.includes(prefix)) return;
    this.held = { prefix, line, ended: true, number: this.number };
  }
  cut(line) {
    for (const prefix of this.learned) {
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
    let report = this.reports.get(line.stream);
    if (!report) {
      report = new Report(this.sink, line.stream === "" ? void 0 : line.stream);
      this.reports.set(line.stream, report);
    }
    report.push({ text: line.text.trim(), number: line.number, ended: line.ended });
  });
  /** The next line without its line feed; `ended` is false for a last line that has none. */
  push(raw, ended) {
    this.lines.push(raw, ended);
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
    if (m.concurrency !== null || m.request_rate !== null || row.request_rate === void 0) return;
    if (m.throughput === row.throughput) m.request_rate = row.request_rate;
  }
};
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

// ../../src/triton/statistics.ts
var COUNTERS = ["success", "fail", "queue", "compute_input", "compute_infer", "compute_output"];
function difference(before, after) {
  for (const name2 of COUNTERS)
    if (after[name2].count < before[name2].count || after[name2].ns < before[name2].ns)
      throw new RangeError(
        `Triton's ${name2} counter went back from ${before[name2].count} to ${after[name2].count}: it was restarted`
      );
  const mean = (name2) => {
    const count2 = after[name2].count - before[name2].count;
    return count2 === 0 ? null : (after[name2].ns - before[name2].ns) / count2 / 1e3;
  };
  return {
    successes: after.success.count - before.success.count,
    failures: after.fail.count - before.fail.count,
    executions: after.execution_count - before.execution_count,
    requestUs: mean("success"),
    queueUs: mean("queue"),
    computeInputUs: mean("compute_input"),
    computeInferUs: mean("compute_infer"),
    computeOutputUs: mean("compute_output")
  };
}

// ../../src/records/versions.ts
var RECORD_SCHEMA = "hps-bench/record/1";

// ../../src/records/judge.ts
var AGREEMENT_US = 1;
var WINDOW_ENDS = 0.02;
function judge(evidence) {
  const failures = failuresOf(evidence);
  const level = levelOf(evidence, failures);
  const server = serverOf(evidence, level, failures);
  const doubts = hpsErrors(evidence);
  if (failures.length === 0 && server !== null && level !== null)
    doubts.push(...disagreements(evidence, server, level));
  const status = failures.length > 0 ? "failed" : doubts.length > 0 ? "invalid" : "measured";
  const version = evidence.environment["triton_version"];
  return {
    schema: RECORD_SCHEMA,
    id: evidence.id,
    run_id: evidence.run_id,
    spec_hash: evidence.spec_hash,
    variant: evidence.variant,
    batch: evidence.batch,
    concurrency: evidence.concurrency,
    repeat: evidence.repeat,
    attempt: evidence.attempt,
    started_at: evidence.started_at,
    ended_at: evidence.ended_at,
    status,
    reasons: [...failures, ...doubts],
    server: server === null ? null : serverFields(server),
    printed: level === null ? null : printedFields(level),
    first_request_us: evidence.warmup.first_request_us,
    text_sha256: evidence.text_sha256,
    perf_analyzer_version: evidence.perf_analyzer_version,
    triton_version: typeof version === "string" ? version : null
  };
}
function hpsErrors(evidence) {
  const errors = evidence.hps_errors ?? { count: 0, first: [] };
  if (errors.count === 0) return [];
  return [
    `HPS had logged ${errors.count} errors by then, so its answers mean nothing; the first: ${errors.first[0] ?? ""}`
  ];
}
function failuresOf(evidence) {
  const reasons = [];
  if (evidence.error !== null) reasons.push(evidence.error);
  if (createHash2("sha256").update(evidence.text).digest("hex") !== evidence.text_sha256)
    reasons.push("the text does not have the digest written beside it: the evidence was changed or damaged");
  if (evidence.deadline_exceeded)
    reasons.push("perf_analyzer passed its deadline and was stopped (raise perfAnalyzer.deadlineSeconds)");
  else if (evidence.signal !== null) reasons.push(`perf_analyzer was ended by ${evidence.signal}`);
  else if (evidence.exit_code !== 0)
    reasons.push(`perf_analyzer ended with code ${String(evidence.exit_code)}${meaning(evidence.exit_code)}`);
  return reasons;
}
function meaning(code) {
  if (code === 2) return ": the measurement did not become stable";
  if (code === 3) return ": no valid request within the window (use a longer one)";
  return "";
}
function serverOf(evidence, level, failures) {
  const { before, first, after } = evidence.statistics;
  if (before === null || after === null) return null;
  try {
    const whole = difference(before, after);
    const printed = level?.successful_request_count;
    return first !== null && typeof printed === "number" && printed === whole.successes - 1 ? difference(first, after) : whole;
  } catch (error) {
    failures.push(error.message);
    return null;
  }
}
function levelOf(evidence, failures) {
  const reading = readStdout(evidence.text);
  for (const line of reading.errors.slice(0, 3)) failures.push(`perf_analyzer: ${line}`);
  const [level, ...others] = reading.measurements;
  if (level === void 0 || others.length > 0) {
    if (failures.length === 0)
      failures.push(`perf_analyzer printed ${reading.measurements.length} measurements, expected one`);
    return null;
  }
  if (level.compute_infer_us === void 0 && failures.length === 0)
    failures.push("perf_analyzer printed no compute infer");
  return level;
}
function disagreements(evidence, server, level) {
  const reasons = [];
  if (server.failures > 0) reasons.push(`Triton counted ${server.failures} failed requests`);
  const printed = level.successful_request_count;
  const apart = printed === void 0 ? Infinity : server.successes - printed;
  const together = apart >= 0 && apart <= evidence.concurrency;
  if (evidence.mode === "time_windows" && apart > evidence.concurrency) return reasons;
  if (!together)
    reasons.push(
      `Triton answered ${server.successes} requests, perf_analyzer counted ${String(printed)}: the model had another client`
    );
  const [told, counted] = [level.compute_infer_us, server.computeInferUs];
  if (together && typeof told === "number" && counted !== null && !agrees(told, counted, slackUs(evidence, apart, counted)))
    reasons.push(`perf_analyzer says compute infer ${told} µs, Triton's statistics say ${counted.toFixed(1)} µs`);
  return reasons;
}
function slackUs(evidence, apart, counted) {
  return evidence.mode === "time_windows" && apart !== 0 ? counted * WINDOW_ENDS : AGREEMENT_US;
}
function agrees(told, counted, slack) {
  return Math.abs(counted - told) <= slack;
}
function serverFields(server) {
  return {
    requests: server.successes,
    request_us: server.requestUs,
    queue_us: server.queueUs,
    compute_input_us: server.computeInputUs,
    compute_infer_us: server.computeInferUs,
    compute_output_us: server.computeOutputUs
  };
}
function printedFields(level) {
  const number = (value) => typeof value === "number" ? value : null;
  return {
    compute_infer_us: number(level.compute_infer_us),
    successful_requests: number(level.successful_request_count),
    client_requests: number(level.request_count),
    throughput: number(level.throughput),
    client_avg_us: number(level.avg_us),
    p50_us: number(level.p50_us),
    p90_us: number(level.p90_us),
    p95_us: number(level.p95_us),
    p99_us: number(level.p99_us)
  };
}

// ../../src/report/rounding.ts
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === void 0 || lower === void 0) {
    throw new RangeError("median of no values: a cell without values is missing and has no median");
  }
  return lower === upper ? lower : lower + (upper - lower) / 2;
}
function wholeMicroseconds(value) {
  return String(Math.floor(value + 0.5));
}
function ratioTwoDecimals(numerator, denominator) {
  return (Math.floor((200 * numerator + denominator) / (2 * denominator)) / 100).toFixed(2);
}

// ../../src/report/details.ts
function spreadTable(summary) {
  if (!summary.repeated) return void 0;
  return {
    caption: "Spread over the repeats, in microseconds. Half-range is half of max minus min, in percent of the median.",
    head: ["Batch size", "Deployment", "n", "Median", "Min", "Max", "Half-range"],
    rows: allCells(summary).map((cell) => [String(cell.batch), cell.variant.label, ...spreadTexts(cell)]),
    wordColumns: [1]
  };
}
function spreadTexts(cell) {
  const { n, medianUs, minUs, maxUs } = cell;
  if (medianUs === void 0 || minUs === void 0 || maxUs === void 0) return ["0", "-", "-", "-", "-"];
  const halfRange = cell.halfRangePercent === void 0 || n < 2 ? "-" : `${cell.halfRangePercent.toFixed(1)} %`;
  return [String(n), ...[medianUs, minUs, maxUs].map(wholeMicroseconds), halfRange];
}
function allCells(summary) {
  return summary.rows.flatMap((row) => row.cells);
}

// ../../src/report/escape.ts
function cleanText(text) {
  return text.replace(new RegExp("[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufffe\\uffff]|\\p{Surrogate}", "gu"), "�");
}
function oneLine(text) {
  return cleanText(text).replace(/[\s\u2028\u2029]+/gu, " ").trim();
}
function escapeMarkdown(text) {
  return oneLine(text).replace(/[\\`*[\]|~$]/g, "\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
function escapeMarkdownLine(text) {
  return escapeMarkdown(text).replace(/^(?:[#+-]+|=+)(?=\s|$)/, "\\$&").replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2");
}

// ../../src/report/check.ts
function checkReportModel(model) {
  const ids = model.variants.map((variant) => variant.id);
  const known = new Set(ids);
  const allowed = `allowed: ${ids.join(", ") || "(no variants)"}`;
  if (ids.length === 0) fail("variants", "[]", "at least one variant");
  if (model.batches.length === 0) fail("batches", "[]", "at least one batch size");
  unique("variants", ids);
  unique("batches", model.batches);
  for (const batch of model.batches) {
    if (!Number.isInteger(batch) || batch < 1) fail("batches", batch, "whole numbers of samples, 1 or more");
  }
  for (const field of ["baseline", "contender"]) {
    if (!known.has(model[field])) fail(field, model[field], `an id from variants (${allowed})`);
  }
  const batches = new Set(model.batches);
  for (const cell of model.cells) {
    if (!known.has(cell.variant)) fail("cells[].variant", cell.variant, `an id from variants (${allowed})`);
    if (!batches.has(cell.batch)) fail("cells[].batch", cell.batch, `one of batches: ${model.batches.join(", ")}`);
  }
  unique(
    "cells",
    model.cells.map((cell) => `${cell.variant} at batch ${cell.batch}`)
  );
  const { expected, measured: measured2, invalid, failed, missing } = model.ledger;
  if (measured2 + invalid + failed + missing !== expected) {
    fail(
      "ledger.expected",
      expected,
      `measured + invalid + failed + missing = ${measured2 + invalid + failed + missing}`
    );
  }
  if (Number.isNaN(Date.parse(model.generatedAt))) fail("generatedAt", model.generatedAt, "an ISO 8601 instant");
}
function unique(where, values) {
  const seen = /* @__PURE__ */ new Set();
  for (const value of values) {
    if (seen.has(value)) fail(where, value, "each value once; merge the two or rename one");
    seen.add(value);
  }
}
function fail(where, value, allowed) {
  throw new Error(`report model: ${where} is ${JSON.stringify(value)}, but must be ${allowed}`);
}

// ../../src/report/ledger-reasons.ts
function cellReasons(model, variant, batch) {
  const counts = /* @__PURE__ */ new Map();
  for (const entry of model.ledger.entries) {
    if (entry.status === "measured") continue;
    const cell = entry.cell ?? cellOfId(entry.id, model);
    if (cell?.variant !== variant || cell.batch !== batch) continue;
    const reason = entryReason(entry);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, times]) => times === 1 ? reason : `${times} x ${reason}`);
}
function entryReason(entry) {
  return `${entry.status}: ${entry.reasons.join("; ") || "no reason recorded"}`;
}
function cellOfId(id, model) {
  const variant = model.variants.map((candidate) => candidate.id).filter((candidate) => candidate !== "" && id.includes(candidate)).sort((a, b) => b.length - a.length)[0];
  if (variant === void 0) return void 0;
  const digits = /\d+/.exec(id.slice(id.indexOf(variant) + variant.length))?.[0];
  return digits === void 0 ? void 0 : { variant, batch: Number(digits) };
}

// ../../src/report/summary.ts
function summarise(model) {
  checkReportModel(model);
  const baseline = variantOf2(model, model.baseline);
  const contender = variantOf2(model, model.contender);
  const comparable = baseline.id !== contender.id;
  const rows = model.batches.map((batch) => {
    const cells = model.variants.map((variant) => summariseCell(model, variant, batch));
    const speedUp = comparable ? speedUpOf(cells, baseline.id, contender.id) : void 0;
    return speedUp === void 0 ? { batch, cells } : { batch, cells, speedUp };
  });
  return {
    rows,
    baseline,
    contender,
    comparable,
    repeated: rows.some((row) => row.cells.some((cell) => cell.n > 1)),
    anyHps: model.variants.some((variant) => variant.hps)
  };
}
function summariseCell(model, variant, batch) {
  const cell = model.cells.find((candidate) => candidate.variant === variant.id && candidate.batch === batch);
  const values = (cell?.values ?? []).filter((value) => Number.isFinite(value.computeInferUs));
  const base = { variant, batch, values, n: values.length, reasons: cellReasons(model, variant.id, batch) };
  if (values.length === 0) return base;
  const times = values.map((value) => value.computeInferUs);
  const medianUs = median(times);
  const minUs = Math.min(...times);
  const maxUs = Math.max(...times);
  const spread = medianUs > 0 ? { halfRangePercent: (maxUs - minUs) / 2 / medianUs * 100 } : {};
  return { ...base, medianUs, minUs, maxUs, ...spread };
}
function speedUpOf(cells, baseline, contender) {
  const above = cells.find((cell) => cell.variant.id === baseline)?.medianUs;
  const below = cells.find((cell) => cell.variant.id === contender)?.medianUs;
  if (above === void 0 || below === void 0 || below <= 0) return void 0;
  return ratioTwoDecimals(above, below);
}
function variantOf2(model, id) {
  const found = model.variants.find((variant) => variant.id === id);
  if (found === void 0) throw new Error(`report model: no variant has the id ${JSON.stringify(id)}`);
  return found;
}
function speedUpHeading(summary) {
  return `Speedup - ${summary.contender.label} to ${summary.baseline.label}`;
}

// ../../src/report/wording.ts
var UNIT_LINE = "Per-batch forward latency at the server (`compute infer`), in microseconds.";
function noHpsSentence(model, summary) {
  if (summary.anyHps) return void 0;
  const labels = model.variants.map((variant) => variant.label).join(", ");
  return `No deployment in this run uses HPS (${labels}). HPS needs an NVIDIA GPU and NVIDIA's Merlin container image, so it is not part of this run, and nothing here says how fast HPS is.`;
}
function footnotes(summary) {
  const groups = /* @__PURE__ */ new Map();
  for (const cell of summary.rows.flatMap((row) => row.cells)) {
    const text = lackOf(cell);
    if (text === void 0) continue;
    const key = JSON.stringify([cell.variant.id, text]);
    const group = groups.get(key) ?? { label: cell.variant.label, batches: [], text };
    group.batches.push(cell.batch);
    groups.set(key, group);
  }
  const notes = [...groups.values()].map(({ label, batches, text }) => `${label} at ${batchList(batches)}: ${text}`);
  const zero = summary.rows.filter((row) => row.speedUp === void 0 && row.cells.every((cell) => cell.n > 0));
  if (summary.comparable && zero.length > 0) {
    notes.push(
      `${speedUpHeading(summary)} at ${batchList(zero.map((row) => row.batch))}: cannot be formed from a time of 0`
    );
  }
  return notes.map(oneLine);
}
function lackOf(cell) {
  const reasons = cell.reasons.join("; ");
  if (cell.n === 0) return `no valid measurement (${reasons === "" ? "the ledger gives no reason" : reasons})`;
  return reasons === "" ? void 0 : `only ${count(cell.n, "valid repeat")} (${reasons})`;
}
function batchList(batches) {
  return `${batches.length === 1 ? "batch" : "batches"} ${batches.join(", ")}`;
}
function count(n, noun) {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

// ../../src/report/markdown-table.ts
function markdownTable(model) {
  const summary = summarise(model);
  const lines = [...pageTable(model, summary), "", UNIT_LINE];
  const noHps = noHpsSentence(model, summary);
  if (noHps !== void 0) lines.push("", escapeMarkdownLine(noHps));
  const notes = footnotes(summary);
  if (notes.length > 0) lines.push("", ...notes.map((note) => `- ${escapeMarkdownLine(note)}`));
  const spread = spreadTable(summary);
  if (spread !== void 0) lines.push("", ...plainTableLines(spread));
  return `${lines.join("\n")}
`;
}
function pageTable(model, summary) {
  const labels = model.variants.map((variant) => variant.label);
  const heads = ["Batch size", ...labels, ...summary.comparable ? [speedUpHeading(summary)] : []].map(escapeMarkdown);
  const rows = summary.rows.map((row) => {
    const cells = row.cells.map(cellText);
    return `| ${row.batch} |${[...cells, ...summary.comparable ? [speedUpText(row)] : []].join("|")}|`;
  });
  const rule = heads.map((head) => "-".repeat(Math.max(3, head.length)));
  return [`| ${heads.join(" | ")} |`, `| ${rule.join(" | ")} |`, ...rows];
}
function cellText(cell) {
  return cell.medianUs === void 0 ? "-" : wholeMicroseconds(cell.medianUs);
}
function speedUpText(row) {
  return row.speedUp ?? "-";
}
function plainTableLines(table) {
  const line = (cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const rule = table.head.map((_, index) => table.wordColumns.includes(index) ? ":---" : "---:");
  return [escapeMarkdownLine(table.caption), "", line(table.head), `| ${rule.join(" | ")} |`, ...table.rows.map(line)];
}

// ../../src/dlrm/slots.ts
var CRITEO_T15 = [
  7912889,
  33823,
  17139,
  7339,
  20046,
  4,
  7105,
  1382,
  63,
  5554114,
  582469,
  245828,
  11,
  2209,
  10667,
  104,
  4,
  968,
  15,
  8165896,
  2675940,
  7156453,
  302516,
  12022,
  97,
  35
];
function cardinalities(model) {
  return CRITEO_T15.map((rows) => Math.ceil(rows * model.scale));
}
function tableRows(model) {
  return cardinalities(model).reduce((sum, rows) => sum + rows, 0);
}
function tableBytes(model) {
  return tableRows(model) * model.embeddingWidth * 4;
}

// ../../src/results/report-model.ts
function reportModel(run, ledger, evidence, { parity, gpu = false } = {}) {
  const { spec } = run;
  const last = evidence.reduce((latest, item) => item.ended_at > latest ? item.ended_at : latest, run.createdAt);
  return {
    title: "Benchmark of the DLRM model",
    runId: run.runId,
    specHash: run.specHash,
    // The last measurement's time, not now: the same records always make the same report.
    generatedAt: last,
    variants: spec.variants.map((id) => variantColumn(id, gpu)),
    batches: spec.batches,
    concurrency: spec.concurrency,
    baseline: spec.variants[0] ?? "",
    contender: spec.variants.at(-1) ?? "",
    metric: "compute infer",
    cells: cellsOf(spec).map((cell) => reportCell(cell, ledger.entries, spec.perfAnalyzer.mode)),
    ledger: {
      expected: ledger.entries.length,
      ...countByStatus(ledger),
      entries: ledger.entries.map(({ planned, status, reasons }) => ({
        id: planned.id,
        status,
        reasons: [...reasons],
        cell: { variant: planned.variant, batch: planned.batch }
      }))
    },
    ...parity === void 0 ? {} : { parity: reportParity(parity) },
    environment: environmentOf(run, evidence),
    notes: notesOf(run)
  };
}
function variantColumn(id, gpu) {
  const { label, hps } = variantOf(id);
  if (gpu) return { id, label, hps };
  const notes = {
    native_tf: "TensorFlow SavedModel through Triton's python backend on the CPU; on a cluster Triton's TensorFlow backend serves the same file.",
    onnx_cpu: "Table gather with NumPy and the dense part in ONNX Runtime through Triton's python backend, on the CPU."
  };
  const note = notes[id];
  return { id, label: id === "native_tf" ? "Native TF (CPU)" : label, hps, ...note === void 0 ? {} : { note } };
}
function reportCell(cell, entries, mode) {
  const values = entries.flatMap(
    ({ planned, status, record }) => planned.variant === cell.variant && planned.batch === cell.batch && status === "measured" && record !== void 0 ? repeatValue(record, mode) : []
  );
  return { variant: cell.variant, batch: cell.batch, values };
}
function samplesPerSecond(record, mode) {
  const { printed } = record;
  if (mode === "request_count")
    return printed?.client_avg_us == null || printed.client_avg_us <= 0 ? void 0 : record.concurrency * record.batch * 1e6 / printed.client_avg_us;
  return printed?.throughput == null ? void 0 : printed.throughput * record.batch;
}
function repeatValue(record, mode) {
  const { server, printed } = record;
  if (server?.compute_infer_us == null) return [];
  const optional = {
    samplesPerSecond: samplesPerSecond(record, mode),
    clientAvgUs: printed?.client_avg_us ?? void 0,
    p50Us: printed?.p50_us ?? void 0,
    p99Us: printed?.p99_us ?? void 0,
    coldUs: record.repeat === 1 ? record.first_request_us ?? void 0 : void 0
  };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== void 0));
  return [{ repeat: record.repeat, computeInferUs: server.compute_infer_us, ...present }];
}
function reportParity(parity) {
  return {
    reference: parity.reference,
    requests: parity.requests,
    limit: parity.limit,
    rows: parity.rows.map((row) => ({
      variant: row.variant,
      maxAbsDifference: row.max_abs_difference,
      scoreMin: row.score_min,
      scoreMax: row.score_max
    }))
  };
}
function environmentOf(run, evidence) {
  const { spec } = run;
  const rows = tableRows(spec.model).toLocaleString("en-US");
  const mode = spec.perfAnalyzer.mode === "request_count" ? "one window of a fixed number of requests" : "time windows";
  const fixed = [
    {
      name: "Table",
      value: `${rows} rows x ${spec.model.embeddingWidth} float32 (${(tableBytes(spec.model) / 1e6).toFixed(0)} MB), scale ${spec.model.scale}`
    },
    {
      name: "Load",
      value: `the same request again and again, ${spec.perfAnalyzer.protocol}, ${mode}, ${spec.perfAnalyzer.windowMs} ms`
    }
  ];
  const names = {
    triton_version: "Triton",
    cpu_model: "CPU",
    cpus: "CPUs",
    threads: "Threads per variant",
    kernel: "Kernel",
    python: "Python"
  };
  const seen = Object.entries(names).flatMap(
    ([key, name2]) => distinct(
      name2,
      evidence.map((item) => item.environment[key])
    )
  );
  return [
    ...fixed,
    ...distinct(
      "perf_analyzer",
      evidence.map((item) => item.perf_analyzer_version)
    ),
    ...seen
  ];
}
function distinct(name2, values) {
  const known = [...new Set(values.filter((value) => value !== null && value !== void 0).map(String))];
  return known.length === 0 ? [] : [{ name: name2, value: known.join("; ") }];
}
function notesOf(run) {
  return [
    "Each figure is the mean server-side compute infer of one perf_analyzer process, as the difference of Triton's statistics endpoint; perf_analyzer's own figure agrees to 1 µs.",
    ...run.spec.perfAnalyzer.mode === "request_count" ? ["Samples/s is concurrency x batch / client mean latency: the requests in flight are constant."] : [],
    ...run.spec.variants.includes("onnx_cpu") ? ["The first request of a batch was sent before the warm-up; it is listed apart as cold."] : []
  ];
}

// json-check.ts
var IGNORED = /* @__PURE__ */ new Set(["$schema", "$id", "title", "description", "format", "default", "definitions"]);
var CHECKS = {
  $ref: (value, rule, where, _, root) => problemsOf(value, definition(root, String(rule)), where, root),
  type: (value, rule, where) => unless(
    [rule].flat().some((name2) => isType(value, name2)),
    where,
    value,
    said(rule)
  ),
  const: (value, rule, where) => unless(value === rule, where, value, JSON.stringify(rule)),
  enum: (value, rule, where) => unless(rule.includes(value), where, value, rule.map(String).join(", ")),
  anyOf: (value, rule, where, _, root) => unless(
    rule.some((schema) => problemsOf(value, schema, where, root).length === 0),
    where,
    value,
    rule.map((schema) => said(resolved(schema, root)["type"])).join(" or ")
  ),
  required: (value, rule, where) => rule.flatMap(
    (key) => isObject(value) && !(key in value) ? unless(false, join(where, key), void 0, "a value: it is missing") : []
  ),
  properties: (value, rule, where, _, root) => Object.entries(rule).flatMap(
    ([key, schema]) => isObject(value) && key in value ? problemsOf(value[key], schema, join(where, key), root) : []
  ),
  additionalProperties: (value, rule, where, schema, root) => {
    if (!isObject(value) || rule === true) return [];
    const known = schema["properties"] ?? {};
    const others = Object.keys(value).filter((key) => !(key in known));
    return others.flatMap(
      (key) => rule === false ? unless(false, join(where, key), value[key], `only ${Object.keys(known).join(", ")}`) : problemsOf(value[key], rule, join(where, key), root)
    );
  },
  propertyNames: () => [],
  items: (value, rule, where, _, root) => Array.isArray(value) ? value.flatMap((item, index) => problemsOf(item, rule, join(where, String(index)), root)) : [],
  minItems: (value, rule, where) => Array.isArray(value) ? unless(value.length >= Number(rule), where, value, `${String(rule)} or more items`) : [],
  minLength: (value, rule, where) => typeof value === "string" ? unless(value.length >= Number(rule), where, value, "a text that is not empty") : [],
  minimum: (value, rule, where) => typeof value === "number" ? unless(value >= Number(rule), where, value, `${String(rule)} or more`) : [],
  exclusiveMinimum: (value, rule, where) => typeof value === "number" ? unless(value > Number(rule), where, value, `above ${String(rule)}`) : [],
  maximum: (value, rule, where) => typeof value === "number" ? unless(value <= Number(rule), where, value, `${String(rule)} or less`) : [],
  pattern: (value, rule, where) => typeof value === "string" ? unless(new RegExp(String(rule), "u").test(value), where, value, `text like ${String(rule)}`) : []
};
function problemsOf(value, schema, where = "", root = schema) {
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    if (IGNORED.has(keyword)) return [];
    const check = CHECKS[keyword];
    if (check === void 0) throw new Error(`JSON Schema keyword ${JSON.stringify(keyword)} is not supported here`);
    return check(value, rule, where, schema, root);
  });
}
function explain(problems, most = 5) {
  const lines = problems.slice(0, most).map(({ where, value, allowed }) => `${where || "the document"}: is ${shown(value)}; allowed: ${allowed}`);
  return [...lines, ...problems.length > most ? [`and ${problems.length - most} more`] : []].join("; ");
}
function resolved(schema, root) {
  return typeof schema["$ref"] === "string" ? definition(root, schema["$ref"]) : schema;
}
function definition(root, ref) {
  const found = root["definitions"]?.[ref.replace("#/definitions/", "")];
  if (found === void 0) throw new Error(`the schema has no definition ${ref}`);
  return found;
}
function unless(ok, where, value, allowed) {
  return ok ? [] : [{ where, value, allowed }];
}
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isType(value, name2) {
  if (name2 === "object") return isObject(value);
  if (name2 === "array") return Array.isArray(value);
  if (name2 === "integer") return Number.isInteger(value);
  if (name2 === "null") return value === null;
  return typeof value === name2;
}
function said(type) {
  return [type].flat().map(String).join(" or ");
}
function shown(value) {
  const text = value === void 0 ? "missing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
function join(where, key) {
  return where === "" ? key : `${where}.${key}`;
}

// records.ts
var BEGINNING = (/* @__PURE__ */ new Date(0)).toISOString();
var keyOf = (record) => `${record.id}.a${record.attempt}`;
async function readEvidenceLog(stream, plan, known) {
  const unusable = [];
  for await (const { begin, end, text, intact } of readFrames(stream)) {
    const document = { ...end?.evidence, text };
    const attempt = end?.evidence?.["attempt"] ?? begin["attempt"];
    const key = `${begin.id}.a${typeof attempt === "number" ? attempt : 1}`;
    if (known.has(key)) continue;
    if (end === void 0) unusable.push(`${key}: the log ends, or another begins, before its end`);
    else if (!intact) unusable.push(`${key}: its text does not have the length and digest that measure.py noted`);
    else {
      const problems = problemsOf(document, evidence_schema_default);
      const evidence = document;
      if (problems.length > 0) unusable.push(`${key}: is not evidence: ${explain(problems, 2)}`);
      else if (evidence.run_id !== plan.runId || evidence.spec_hash !== plan.specHash)
        unusable.push(`${key}: belongs to run ${evidence.run_id} of spec ${evidence.spec_hash}`);
      else known.set(key, judge(evidence));
    }
  }
  return unusable;
}
function resultsOf(plan, known, why) {
  const records = [...known.values()].sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
  const ledger = ledgerOf(plan.spec, records, why);
  const counts = countByStatus(ledger);
  const run = { runId: plan.runId, spec: plan.spec, specHash: plan.specHash, createdAt: BEGINNING };
  const model = reportModel(run, ledger, [], { gpu: plan.stages.serve.gpus > 0 });
  const { expected } = model.ledger;
  const others = ledger.entries.filter((entry) => entry.status !== "measured");
  return {
    ledger,
    counts,
    table: `Run ${plan.runId}, specification ${plan.specHash}: ${counts.measured} of ${expected} measurements.

${markdownTable(model)}`,
    records: records.map((record) => `${JSON.stringify(record)}
`).join(""),
    ledgerJson: `${JSON.stringify({
      schema: "hps-bench/ledger/1",
      run_id: plan.runId,
      expected,
      ...counts,
      entries: others.map(({ planned, status, reasons }) => ({ id: planned.id, status, reasons }))
    })}
`
  };
}
function evidenceDigest(known) {
  const lines = [...known.values()].map((record) => `${keyOf(record)} ${record.text_sha256}
`).sort();
  return createHash3("sha256").update(lines.join("")).digest("hex");
}
export {
  evidenceDigest,
  keyOf,
  plannedMeasurements,
  readEvidenceLog,
  resultsOf,
  specHash
};
