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
    hps_errors: {
      anyOf: [
        {
          type: "object",
          properties: {
            count: {
              type: "integer",
              minimum: 0,
              maximum: 9007199254740991
            },
            first: {
              type: "array",
              items: {
                type: "string"
              }
            }
          },
          required: [
            "count",
            "first"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    role: {
      anyOf: [
        {
          type: "string",
          enum: [
            "cell",
            "canary"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    cold: {
      anyOf: [
        {
          type: "object",
          properties: {
            us: {
              type: "number",
              minimum: 0
            },
            initialises: {
              type: "boolean"
            }
          },
          required: [
            "us",
            "initialises"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    samples: {
      anyOf: [
        {
          type: "object",
          properties: {
            every_ms: {
              type: "integer",
              minimum: 1,
              maximum: 9007199254740991
            },
            at_ms: {
              type: "array",
              items: {
                $ref: "#/definitions/__schema2"
              }
            },
            requests: {
              type: "array",
              items: {
                $ref: "#/definitions/__schema2"
              }
            },
            compute_infer_ns: {
              type: "array",
              items: {
                $ref: "#/definitions/__schema2"
              }
            }
          },
          required: [
            "every_ms",
            "at_ms",
            "requests",
            "compute_infer_ns"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    windows: {
      anyOf: [
        {
          type: "object",
          properties: {
            n: {
              $ref: "#/definitions/__schema2"
            },
            requests: {
              $ref: "#/definitions/__schema2"
            },
            mean_us: {
              type: "number",
              minimum: 0
            },
            sd_us: {
              anyOf: [
                {
                  type: "number",
                  minimum: 0
                },
                {
                  type: "null"
                }
              ]
            },
            drift_p: {
              anyOf: [
                {
                  type: "number",
                  minimum: 0,
                  maximum: 1
                },
                {
                  type: "null"
                }
              ]
            },
            drift_share: {
              type: [
                "number",
                "null"
              ]
            }
          },
          required: [
            "n",
            "requests",
            "mean_us",
            "sd_us",
            "drift_p",
            "drift_share"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    gpus: {
      anyOf: [
        {
          type: "array",
          items: {
            type: "object",
            properties: {
              uuid: {
                type: [
                  "string",
                  "null"
                ]
              },
              samples: {
                $ref: "#/definitions/__schema2"
              },
              sm_clock_mhz: {
                anyOf: [
                  {
                    $ref: "#/definitions/__schema3"
                  },
                  {
                    type: "null"
                  }
                ]
              },
              memory_clock_mhz: {
                anyOf: [
                  {
                    $ref: "#/definitions/__schema3"
                  },
                  {
                    type: "null"
                  }
                ]
              },
              temperature_c: {
                anyOf: [
                  {
                    $ref: "#/definitions/__schema3"
                  },
                  {
                    type: "null"
                  }
                ]
              },
              power_w: {
                anyOf: [
                  {
                    $ref: "#/definitions/__schema3"
                  },
                  {
                    type: "null"
                  }
                ]
              },
              throttle_reasons: {
                type: "object",
                propertyNames: {
                  type: "string"
                },
                additionalProperties: {
                  $ref: "#/definitions/__schema2"
                }
              },
              other_processes: {
                type: "array",
                items: {
                  type: "object",
                  properties: {
                    pid: {
                      type: "integer",
                      minimum: -9007199254740991,
                      maximum: 9007199254740991
                    },
                    samples: {
                      $ref: "#/definitions/__schema2"
                    },
                    memory_mib: {
                      type: [
                        "number",
                        "null"
                      ]
                    }
                  },
                  required: [
                    "pid",
                    "samples",
                    "memory_mib"
                  ]
                }
              }
            },
            required: [
              "uuid",
              "samples",
              "sm_clock_mhz",
              "memory_clock_mhz",
              "temperature_c",
              "power_w",
              "throttle_reasons",
              "other_processes"
            ]
          }
        },
        {
          type: "null"
        }
      ]
    },
    cpu_throttling: {
      anyOf: [
        {
          type: "object",
          properties: {
            client: {
              anyOf: [
                {
                  $ref: "#/definitions/__schema4"
                },
                {
                  type: "null"
                }
              ]
            },
            server: {
              anyOf: [
                {
                  $ref: "#/definitions/__schema4"
                },
                {
                  type: "null"
                }
              ]
            }
          },
          required: [
            "client",
            "server"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    server: {
      anyOf: [
        {
          type: "object",
          properties: {
            start_id: {
              type: "string"
            },
            started_at: {
              type: "string"
            },
            restarted: {
              type: "boolean"
            }
          },
          required: [
            "start_id",
            "started_at",
            "restarted"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    parity: {
      anyOf: [
        {
          type: "object",
          properties: {
            ok: {
              type: "boolean"
            },
            max_abs_difference: {
              type: "number"
            },
            limit: {
              type: "number"
            }
          },
          required: [
            "ok",
            "max_abs_difference",
            "limit"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    enough: {
      anyOf: [
        {
          type: "object",
          properties: {
            repeats: {
              type: "integer",
              minimum: 1,
              maximum: 9007199254740991
            },
            verdict: {
              type: "string"
            }
          },
          required: [
            "repeats",
            "verdict"
          ]
        },
        {
          type: "null"
        }
      ]
    },
    figures: {
      anyOf: [
        {
          type: "object",
          propertyNames: {
            type: "string"
          },
          additionalProperties: {
            type: [
              "number",
              "null"
            ]
          }
        },
        {
          type: "null"
        }
      ]
    },
    limits: {
      anyOf: [
        {
          type: "object",
          propertyNames: {
            type: "string"
          },
          additionalProperties: {
            type: "number"
          }
        },
        {
          type: "null"
        }
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
    },
    __schema2: {
      type: "integer",
      minimum: 0,
      maximum: 9007199254740991
    },
    __schema3: {
      type: "object",
      properties: {
        min: {
          type: "number"
        },
        median: {
          type: "number"
        },
        max: {
          type: "number"
        }
      },
      required: [
        "min",
        "median",
        "max"
      ]
    },
    __schema4: {
      type: "object",
      properties: {
        seconds: {
          type: "number",
          minimum: 0
        },
        periods: {
          $ref: "#/definitions/__schema2"
        },
        throttled_periods: {
          $ref: "#/definitions/__schema2"
        },
        throttled_us: {
          type: "number",
          minimum: 0
        }
      },
      required: [
        "seconds",
        "periods",
        "throttled_periods",
        "throttled_us"
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
    (repeat) => cellsOf(spec).map((cell) => ({ ...cell, repeat, id: measurementId(cell, repeat), role: "cell" })).map((item) => ({ item, key: orderKey(spec.design.seed, item.id) })).sort((a, b) => a.key < b.key ? -1 : 1).map(({ item }) => item)
  );
}
function orderKey(seed, id) {
  return createHash("sha256").update(`${seed}/${id}`).digest("hex");
}
function measurementId(cell, repeat) {
  return `${cell.variant}-b${cell.batch}-c${cell.concurrency}-r${repeat}`;
}
function canonicalJson(value) {
  return JSON.stringify(
    value,
    (_key, at2) => typeof at2 === "object" && at2 !== null && !Array.isArray(at2) ? Object.fromEntries(Object.entries(at2).sort(([a], [b]) => a < b ? -1 : 1)) : at2
  );
}
function contentKey(value) {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 12);
}
function specHash(spec) {
  const fleet = spec.fleet === void 0 ? void 0 : { mode: spec.fleet.mode };
  return contentKey({ ...spec, fleet, gitops: void 0, cluster: { ...spec.cluster, runId: void 0 } });
}

// ../../src/spec/canary.ts
var MEASUREMENTS = 3;
function canaryOf(spec) {
  const { canary } = spec.design;
  const measurements = canary.measurements ?? (spec.repeats > 1 ? MEASUREMENTS : 0);
  const named = spec.variants.find((variant2) => variant2 === canary.variant);
  const variant = named ?? spec.variants.at(-1);
  const sorted = [...spec.batches].sort((a, b) => a - b);
  const batch = canary.batch ?? sorted[Math.floor(sorted.length / 2)];
  if (measurements === 0 || variant === void 0 || batch === void 0) return void 0;
  return { variant, batch, concurrency: spec.concurrency, measurements };
}
function plannedCanaries(spec) {
  const canary = canaryOf(spec);
  if (canary === void 0) return { first: [], last: [] };
  const { measurements, ...cell } = canary;
  const from = (start) => Array.from({ length: measurements }, (_, i) => {
    const repeat = start + i;
    return { ...cell, repeat, id: `canary-${measurementId(cell, repeat)}`, role: "canary" };
  });
  return { first: from(1), last: from(1 + measurements) };
}

// ../../src/spec/variants.ts
var torch = { hps: false, backend: "python", local: false, cluster: true };
var VARIANTS = [
  { id: "native_tf", label: "Native TF", hps: false, backend: "tensorflow", local: true, cluster: true },
  { id: "tf_with_hps", label: "TF with HPS", hps: true, backend: "tensorflow", local: false, cluster: true },
  { id: "fp32_trt_with_hps", label: "FP32 TRT with HPS", hps: true, backend: "tensorrt", local: false, cluster: true },
  { id: "fp16_trt_with_hps", label: "FP16 TRT with HPS", hps: true, backend: "tensorrt", local: false, cluster: true },
  { id: "onnx_cpu", label: "ONNX Runtime (CPU)", hps: false, backend: "python", local: true, cluster: false },
  { ...torch, id: "torch_cpu_table", label: "PyTorch, table on CPU", torch: { table: "cpu", dense: "tf32" } },
  { ...torch, id: "torch_fp32", label: "PyTorch FP32", torch: { table: "gpu", dense: "fp32" } },
  { ...torch, id: "torch_fp16_cache", label: "PyTorch FP16, GPU cache", torch: { table: "cache", dense: "fp16" } },
  { ...torch, id: "torch_fp16", label: "PyTorch FP16", torch: { table: "gpu", dense: "fp16" } }
];
var VARIANT_IDS = VARIANTS.map((variant) => variant.id);
function variantOf(id) {
  const found = VARIANTS.find((variant) => variant.id === id);
  if (found === void 0) throw new RangeError(`no variant is called "${id}"; allowed: ${VARIANT_IDS.join(", ")}`);
  return found;
}

// ../../src/statistics/checks.ts
function requireFinite(values, name) {
  if (values.length === 0) throw new RangeError(`${name}: no values; at least one is needed`);
  const at2 = values.findIndex((value) => !Number.isFinite(value));
  if (at2 >= 0) throw new RangeError(`${name}[${at2}] is ${String(values[at2])}; it must be a finite number`);
}
function requireShare(value, name) {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} is ${value}; it must be between 0 and 1, e.g. 0.95`);
}

// ../../src/statistics/median.ts
function ascending(values) {
  return new Float64Array(values).sort();
}
function at(values, index) {
  const value = values[index];
  if (value === void 0) throw new RangeError(`no value at ${index} of ${values.length}`);
  return value;
}
function medianOfSorted(sorted) {
  const lower = at(sorted, Math.floor((sorted.length - 1) / 2));
  const upper = at(sorted, Math.floor(sorted.length / 2));
  return lower === upper ? lower : lower + (upper - lower) / 2;
}
function median(values) {
  requireFinite(values, "values");
  return medianOfSorted(ascending(values));
}

// ../../src/statistics/moments.ts
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// ../../src/statistics/median-interval.ts
function medianRanks(n, level = 0.95) {
  requireShare(level, "level");
  let probability = 2 ** -n;
  let below = probability;
  if (n < 2 || 1 - 2 * below < level) return null;
  let rank = 1;
  for (; ; ) {
    probability *= (n - rank + 1) / rank;
    if (rank + 1 > n / 2 || 1 - 2 * (below + probability) < level) break;
    below += probability;
    rank += 1;
  }
  return { low: rank, high: n + 1 - rank, level: 1 - 2 * below };
}
function medianInterval(values, level = 0.95) {
  requireFinite(values, "values");
  const sorted = ascending(values);
  const n = sorted.length;
  const ranks = medianRanks(n, level);
  return {
    median: medianOfSorted(sorted),
    interval: ranks === null ? null : { low: at(sorted, ranks.low - 1), high: at(sorted, ranks.high - 1), level: ranks.level },
    range: { low: at(sorted, 0), high: at(sorted, n - 1) },
    n
  };
}

// ../../src/ledger/environment.ts
var Z = 2.576;
var MEDIAN_OF_DIFFERENCES = 0.9539;
var FEWEST_DIFFERENCES = 5;
function environmentVerdict(spec, entries, canaries) {
  const canary = canaryOf(spec);
  if (canary === void 0)
    return notJudged("the run has no canary (design.canary.measurements is 0, or repeats is 1)");
  const logs = canaries.map(logOf);
  const [first, last] = [logs.slice(0, canary.measurements), logs.slice(canary.measurements)];
  const measured = (values) => values.filter((value) => value !== void 0);
  const [before, after] = [measured(first), measured(last)];
  if (before.length === 0 || after.length === 0)
    return notJudged(`the canary is not measured ${before.length === 0 ? "before" : "after"} the cells`);
  const noise = noiseOf(entries);
  if (noise === void 0)
    return notJudged("too few repeats are measured to tell a drift of the canary from noise (raise repeats)");
  const shift = mean(after) - mean(before);
  const half = Z * noise * Math.sqrt(1 / before.length + 1 / after.length);
  const limit = spec.validity.canaryDrift;
  const drift = { ratio: Math.exp(shift), low: Math.exp(shift - half), high: Math.exp(shift + half), limit };
  const beyond = drift.low > 1 + limit || drift.high < 1 / (1 + limit);
  const said2 = `the canary (${canary.variant}, batch ${canary.batch}) took ${drift.ratio.toFixed(3)} times as long at the end as at the beginning (99 % interval ${drift.low.toFixed(3)} to ${drift.high.toFixed(3)})`;
  return beyond ? {
    state: "invalid",
    reason: `${said2}, allowed is ${(100 * limit).toFixed(1)} %: something on the node changed in mid-run (see clocks, heat and other loads; then measure again)`,
    drift
  } : {
    state: "valid",
    reason: `${said2}: no drift beyond ${(100 * limit).toFixed(1)} % is shown; the noise of this run hides one below ${(100 * (limit + half)).toFixed(1)} %`,
    drift
  };
}
function notJudged(reason) {
  return { state: "not judged", reason, drift: null };
}
function logOf({ status, record }) {
  const us = record?.server?.compute_infer_us;
  return status !== "measured" || us == null || us <= 0 ? void 0 : Math.log(us);
}
function noiseOf(entries) {
  const cells = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const { variant, batch, concurrency } = entry.planned;
    const key = `${variant}/${batch}/${concurrency}`;
    cells.set(key, [...cells.get(key) ?? [], entry]);
  }
  const differences = [...cells.values()].flatMap((cell) => {
    const logs = [...cell].sort((a, b) => a.planned.repeat - b.planned.repeat).flatMap((entry) => logOf(entry) ?? []);
    return logs.slice(1).map((value, index) => Math.abs(value - (logs[index] ?? value)));
  });
  return differences.length < FEWEST_DIFFERENCES ? void 0 : median(differences) / MEDIAN_OF_DIFFERENCES;
}

// ../../src/ledger/run-clock.ts
var FIGURE = "gpu_clock_loss";
function againstRunClock(records) {
  const highest = /* @__PURE__ */ new Map();
  for (const { environment } of records) {
    const clock = environment?.sm_clock_mhz;
    if (environment == null || clock == null) continue;
    highest.set(environment.gpu_uuid, Math.max(clock, highest.get(environment.gpu_uuid) ?? 0));
  }
  return records.map((record) => judged(record, highest.get(record.environment?.gpu_uuid ?? null)));
}
function judged(record, highest) {
  const clock = record.environment?.sm_clock_mhz;
  const rule = record.validity?.[FIGURE];
  if (clock == null || highest === void 0 || rule?.figure == null || record.status === "failed") return record;
  const loss = 1 - clock / highest;
  if (loss <= rule.limit || rule.figure > rule.limit) return record;
  const reason = `the GPU's median SM clock was ${clock} MHz, ${(100 * loss).toFixed(1)} % below the run's ${highest} MHz, allowed is ${(100 * rule.limit).toFixed(0)} % (lock the clocks: nvidia-smi -lgc; or raise validity.gpuClockLoss)`;
  return {
    ...record,
    status: "invalid",
    reasons: [...record.reasons, reason],
    validity: { ...record.validity, [FIGURE]: { ...rule, figure: loss } }
  };
}

// ../../src/ledger/spared.ts
function sparedRepeats(entries) {
  const reasons = /* @__PURE__ */ new Map();
  for (const { planned, status, record } of entries)
    if (status === "measured" && record?.enough != null)
      reasons.set(
        cellOf(planned),
        `not needed: after ${record.enough.repeats} repeats the verdict against the published figure was ${record.enough.verdict}`
      );
  const spared = entries.flatMap(({ planned, attempts }) => {
    const reason = attempts === 0 ? reasons.get(cellOf(planned)) : void 0;
    return reason === void 0 ? [] : [[planned.id, reason]];
  });
  return new Map(spared);
}
function cellOf({ variant, batch, concurrency }) {
  return `${variant}/${batch}/${concurrency}`;
}

// ../../src/ledger/ledger.ts
function ledgerOf(spec, records, why = "not measured yet") {
  const byId = /* @__PURE__ */ new Map();
  for (const record of againstRunClock(records)) byId.set(record.id, [...byId.get(record.id) ?? [], record]);
  const entriesOf = (planned) => planned.map((item) => entryOf(item, byId.get(item.id) ?? [], why));
  const { first, last } = plannedCanaries(spec);
  const all = entriesOf(plannedMeasurements(spec));
  const spared = sparedRepeats(all);
  const entries = all.filter(({ planned }) => !spared.has(planned.id));
  const notNeeded = all.flatMap(({ planned }) => {
    const reason = spared.get(planned.id);
    return reason === void 0 ? [] : [{ planned, reason }];
  });
  const canaries = entriesOf([...first, ...last]);
  const expected = new Set([...all, ...canaries].map(({ planned }) => planned.id));
  return {
    entries,
    canaries,
    notNeeded,
    environment: environmentVerdict(spec, entries, canaries),
    unexpected: records.filter((record) => !expected.has(record.id))
  };
}
function entryOf(planned, records, why) {
  const attempts = [...records].sort((a, b) => a.attempt - b.attempt);
  const record = attempts.find((attempt) => attempt.status === "measured") ?? attempts.at(-1);
  const made = attempts.at(-1)?.attempt ?? 0;
  if (record === void 0) return { planned, status: "missing", reasons: [why], attempts: 0, earlier: [], record };
  const earlier = attempts.filter(({ attempt }) => attempt < record.attempt).map(({ attempt, status, reasons }) => ({ attempt, status, reasons }));
  return { planned, status: record.status, reasons: record.reasons, attempts: made, earlier, record };
}
function countByStatus(ledger) {
  const counts = { measured: 0, invalid: 0, failed: 0, missing: 0 };
  for (const entry of ledger.entries) counts[entry.status]++;
  return counts;
}

// records.ts
import { readFrames } from "./reader.mjs";

// ../../src/records/versions.ts
var RECORD_SCHEMA = "hps-bench/record/1";

// ../../src/triton/statistics.ts
var COUNTERS = ["success", "fail", "queue", "compute_input", "compute_infer", "compute_output"];
function difference(before, after) {
  for (const name of COUNTERS)
    if (after[name].count < before[name].count || after[name].ns < before[name].ns)
      throw new RangeError(
        `Triton's ${name} counter went back from ${before[name].count} to ${after[name].count}: it was restarted`
      );
  const mean2 = (name) => {
    const count2 = after[name].count - before[name].count;
    return count2 === 0 ? null : (after[name].ns - before[name].ns) / count2 / 1e3;
  };
  return {
    successes: after.success.count - before.success.count,
    failures: after.fail.count - before.fail.count,
    executions: after.execution_count - before.execution_count,
    requestUs: mean2("success"),
    queueUs: mean2("queue"),
    computeInputUs: mean2("compute_input"),
    computeInferUs: mean2("compute_infer"),
    computeOutputUs: mean2("compute_output")
  };
}

// ../../src/records/judge/server.ts
function serverOf(evidence, level, failures) {
  const { before, first, after } = evidence.statistics;
  if (before === null || after === null) return null;
  try {
    const whole = difference(before, after);
    const printed = level?.successful_request_count;
    if (first === null || printed !== whole.successes - 1) return settled(evidence, whole, printed);
    const later = difference(first, after);
    return distance(later, level) <= distance(whole, level) ? later : whole;
  } catch (error) {
    failures.push(error.message);
    return null;
  }
}
function distance({ computeInferUs }, level) {
  const told = level?.compute_infer_us;
  return typeof told === "number" && computeInferUs !== null ? Math.abs(computeInferUs - told) : 0;
}
function settled(evidence, whole, printed) {
  const { windows } = evidence;
  const dropped = leftOut(evidence, whole, printed);
  return dropped && windows != null && windows.n > 0 ? { ...whole, computeInferUs: windows.mean_us } : whole;
}
function leftOut(evidence, server, printed) {
  return evidence.mode === "time_windows" && typeof printed === "number" && server.successes - printed > evidence.concurrency;
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

// ../../src/records/judge/agreement.ts
var AGREEMENT_US = 1;
var WINDOW_ENDS = 0.02;
function disagreements(evidence, server, level) {
  const reasons = server.failures > 0 ? [`Triton counted ${server.failures} failed requests, allowed are 0 (see Triton's log)`] : [];
  const printed = level.successful_request_count;
  const apart = printed === void 0 ? Infinity : server.successes - printed;
  if (leftOut(evidence, server, printed)) {
    const known = (evidence.windows?.n ?? 0) > 0;
    return known ? [...reasons, ...figuresApart(evidence, server, level, apart)] : reasons;
  }
  if (apart >= 0 && apart <= evidence.concurrency) return [...reasons, ...figuresApart(evidence, server, level, apart)];
  return [
    ...reasons,
    `Triton answered ${server.successes} requests, perf_analyzer counted ${String(printed)}; they may differ by ${evidence.concurrency}, one for each in flight: the model had another client, or perf_analyzer was held back while it started`
  ];
}
function figuresApart(evidence, server, level, apart) {
  const [told, counted] = [level.compute_infer_us, server.computeInferUs];
  if (typeof told !== "number" || counted === null) return [];
  const slack = slackUs(evidence, apart, counted);
  if (Math.abs(counted - told) <= slack) return [];
  const allowed = slack === AGREEMENT_US ? "1 µs" : `${slack.toFixed(1)} µs, ${100 * WINDOW_ENDS} %`;
  return [
    `perf_analyzer says compute infer ${told} µs, Triton's statistics say ${counted.toFixed(1)} µs; they may differ by ${allowed}: the two did not see the same requests`
  ];
}
function slackUs(evidence, apart, counted) {
  return evidence.mode === "time_windows" && apart !== 0 ? Math.max(counted * WINDOW_ENDS, AGREEMENT_US) : AGREEMENT_US;
}

// ../../src/records/judge/environment.ts
function environmentOf(evidence) {
  const told = (key) => {
    const value = evidence.environment[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const [gpu] = evidence.gpus ?? [];
  return {
    gpu_product: told("gpu_product"),
    gpu_uuid: told("gpu_uuid") ?? gpu?.uuid ?? null,
    gpu_driver: told("gpu_driver"),
    node: told("node"),
    pod: told("pod"),
    image: told("image"),
    cpu_model: told("cpu_model"),
    triton_version: told("triton_version"),
    perf_analyzer_version: evidence.perf_analyzer_version,
    server_start: evidence.server?.start_id ?? null,
    ...conditionOf(gpu)
  };
}
function conditionOf(gpu) {
  return {
    sm_clock_mhz: gpu?.sm_clock_mhz?.median ?? null,
    memory_clock_mhz: gpu?.memory_clock_mhz?.median ?? null,
    temperature_c: gpu?.temperature_c?.max ?? null,
    power_w: gpu?.power_w?.median ?? null
  };
}

// ../../src/records/judge/failures.ts
import { createHash as createHash2 } from "node:crypto";
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

// ../../src/records/judge/printed.ts
import { readReport } from "./reader.mjs";
function levelOf(evidence, failures) {
  const reading = readReport(evidence.text);
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

// ../../src/records/judge/validity.ts
function hpsErrors(evidence) {
  const errors = evidence.hps_errors ?? { count: 0, first: [] };
  if (errors.count === 0) return [];
  return [
    `HPS had logged ${errors.count} errors by then, so its answers mean nothing; the first: ${errors.first[0] ?? ""}`
  ];
}
function parityDoubts({ parity }) {
  if (parity == null || parity.ok) return [];
  return [
    `the variants' scores differed by up to ${parity.max_abs_difference.toExponential(1)} before anything was timed, allowed is ${parity.limit.toExponential(1)} (see parity.json: build all variants from the same model)`
  ];
}
var RULES = {
  client_cpu_throttled_share: {
    unit: "share",
    reason: (said2, allowed) => `the kernel held perf_analyzer's container back for ${said2} of the time, allowed is ${allowed} (raise cluster.stages.measure.cpu, or validity.cpuThrottledShare)`
  },
  server_cpu_throttled_share: {
    unit: "share",
    reason: (said2, allowed) => `the kernel held Triton's container back for ${said2} of the time, allowed is ${allowed} (raise cluster.stages.serve.cpu, or validity.cpuThrottledShare)`
  },
  gpu_slowdown_share: {
    unit: "share",
    reason: (said2, allowed) => `the GPU slowed itself down for heat or its power supply in ${said2} of the samples, allowed is ${allowed} (look at the node's cooling and power: nvidia-smi -q -d PERFORMANCE)`
  },
  gpu_power_cap_share: {
    unit: "share",
    reason: (said2, allowed) => `the GPU lowered its clocks for its power limit in ${said2} of the samples, allowed is ${allowed} (raise the limit: nvidia-smi -pl; or accept it and say so: validity.gpuPowerCapShare)`
  },
  gpu_clock_loss: {
    unit: "share",
    reason: (said2, allowed) => `the GPU's median SM clock was ${said2} below the highest of the run, allowed is ${allowed} (lock the clocks: nvidia-smi -lgc; or raise validity.gpuClockLoss)`
  },
  gpu_other_processes: {
    unit: "number",
    reason: (said2, allowed) => `${said2} other processes were on the GPU, allowed are ${allowed} (give Triton a GPU of its own: no sharing, no MPS, nothing started by hand)`
  },
  triton_restarts: {
    unit: "number",
    reason: (said2, allowed) => `Triton was started again ${said2} times during the measurement, allowed is ${allowed} (see its log for why it ended)`
  },
  drift_share: {
    unit: "share",
    reason: (said2, allowed) => `unstable: compute infer drifted by ${said2} from the first second to the last, allowed is ${allowed} (warm up longer: perfAnalyzer.warmupSeconds; or raise validity.drift)`
  }
};
function validityOf({ figures, limits }) {
  if (figures == null || limits == null) return null;
  return Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, { figure: figures[name] ?? null, limit }])
  );
}
function validityDoubts(evidence) {
  return Object.entries(validityOf(evidence) ?? {}).flatMap(([name, { figure, limit }]) => {
    if (figure === null || figure <= limit) return [];
    const rule = RULES[name];
    return [rule === void 0 ? `${name} is ${figure}, allowed is ${limit}` : ruleText(rule, figure, limit)];
  });
}
function ruleText({ unit, reason }, figure, limit) {
  const text = (value) => unit === "share" ? percent(value) : String(value);
  return reason(text(figure), text(limit));
}
function percent(share) {
  const value = 100 * share;
  return `${value === 0 || value >= 10 ? value.toFixed(0) : value.toPrecision(2)} %`;
}

// ../../src/records/judge/index.ts
function judge(evidence) {
  const failures = failuresOf(evidence);
  const level = levelOf(evidence, failures);
  const server = serverOf(evidence, level, failures);
  const doubts = [...hpsErrors(evidence), ...parityDoubts(evidence), ...validityDoubts(evidence)];
  if (failures.length === 0 && server !== null && level !== null)
    doubts.push(...disagreements(evidence, server, level));
  const status = failures.length > 0 ? "failed" : doubts.length > 0 ? "invalid" : "measured";
  const environment = environmentOf(evidence);
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
    triton_version: environment.triton_version,
    role: evidence.role ?? "cell",
    cold_us: evidence.cold?.us ?? null,
    cold_initialises: evidence.cold?.initialises ?? null,
    windows: windowsOf(evidence),
    validity: validityOf(evidence),
    enough: evidence.enough ?? null,
    environment
  };
}
function windowsOf({ windows }) {
  if (windows == null) return null;
  const { n, mean_us, sd_us, drift_p, drift_share } = windows;
  return { n, mean_us, sd_us, drift_p, drift_share };
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

// ../../src/report/rounding.ts
function wholeMicroseconds(value) {
  return String(Math.floor(value + 0.5));
}
function ratioTwoDecimals(numerator, denominator) {
  return (Math.floor((200 * numerator + denominator) / (2 * denominator)) / 100).toFixed(2);
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
  const { expected, measured, invalid, failed, missing } = model.ledger;
  if (measured + invalid + failed + missing !== expected) {
    fail(
      "ledger.expected",
      expected,
      `measured + invalid + failed + missing = ${measured + invalid + failed + missing}`
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
  const { median: median2, interval, range } = medianInterval(values.map((value) => value.computeInferUs));
  const measured = { ...base, medianUs: median2, minUs: range.low, maxUs: range.high };
  if (values.length < 2) return measured;
  const spread = interval === null ? { kind: "range", ...range } : { kind: "interval", ...interval };
  const half = median2 > 0 ? { halfWidthPercent: (spread.high - spread.low) / 2 / median2 * 100 } : {};
  return { ...measured, spread, ...half };
}
function allCells(summary) {
  return summary.rows.flatMap((row) => row.cells);
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

// ../../src/report/spread-table.ts
function spreadTable(summary) {
  if (!summary.repeated) return void 0;
  return {
    caption: `Median over the repeats, in microseconds. ${spreadSentence(summary)} Half-width: half the distance, in percent of the median.`,
    head: ["Batch size", "Deployment", "n", "Median", "From", "To", "What", "Half-width"],
    rows: allCells(summary).map((cell) => [String(cell.batch), cell.variant.label, ...spreadTexts(cell)]),
    wordColumns: [1, 6]
  };
}
function spreadSentence(summary) {
  const kinds = new Set(allCells(summary).flatMap(({ spread }) => spread === void 0 ? [] : [spread.kind]));
  const interval = "From and to enclose the median with the probability given, whatever the distribution (order statistics, at least 95 %).";
  const range = "are the smallest and the largest value: an interval of the median needs 6 repeats.";
  if (!kinds.has("interval")) return `From and to ${range}`;
  return kinds.has("range") ? `${interval} Where it says range, they ${range}` : interval;
}
function spreadTexts({ n, medianUs, spread, halfWidthPercent }) {
  if (medianUs === void 0) return ["0", "-", "-", "-", "-", "-"];
  const head = [String(n), wholeMicroseconds(medianUs)];
  if (spread === void 0) return [...head, "-", "-", "-", "-"];
  const half = halfWidthPercent === void 0 ? "-" : `${halfWidthPercent.toFixed(1)} %`;
  return [...head, wholeMicroseconds(spread.low), wholeMicroseconds(spread.high), spreadKind(spread), half];
}
function spreadKind(spread) {
  return spread.kind === "range" ? "range" : `${(100 * spread.level).toFixed(1)} % interval`;
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

// ../../src/results/ledger-document.ts
function ledgerDocument(ledger, runId, which = () => true) {
  const all = [...ledger.entries, ...ledger.canaries];
  return {
    schema: "hps-bench/ledger/1",
    run_id: runId,
    expected: ledger.entries.length,
    ...countByStatus(ledger),
    not_needed: ledger.notNeeded.length,
    measured_again: all.reduce((sum, { earlier }) => sum + earlier.length, 0),
    environment: ledger.environment,
    entries: ledger.entries.filter(which).map(lineOf),
    canaries: ledger.canaries.filter(which).map(lineOf),
    spared: ledger.notNeeded.map(({ planned, reason }) => ({ id: planned.id, reason }))
  };
}
function lineOf({ planned, status, reasons, attempts, earlier }) {
  const { id, variant, batch } = planned;
  return { id, status, reasons, cell: { variant, batch }, attempts, earlier };
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

// ../../src/dlrm/label.ts
function variantLabel(spec, id) {
  const { label, torch: torch2 } = variantOf(id);
  if (torch2 === void 0) return label;
  const type = torch2.table === "cpu" ? "fp32" : spec.torch.tableType;
  const bytes = tableBytes(spec.model) / (type === "fp16" ? 2 : 1);
  const size = bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const share = torch2.table === "cache" ? `${spec.hps.gpuCacheFraction} of ` : "";
  return `${label} (${share}${size} ${type} table)`;
}
function torchNote(spec, id) {
  const { torch: torch2 } = variantOf(id);
  if (torch2 === void 0) return void 0;
  const { gpuCacheFraction } = spec.hps;
  const admission = spec.torch.cacheAdmission === "on_miss" ? "a missed row comes in after the request" : "it keeps the first rows of each slot";
  const tables = {
    gpu: `The whole table on the GPU in ${spec.torch.tableType}`,
    cache: `${gpuCacheFraction} of the rows in a GPU cache in ${spec.torch.tableType}, all in page-locked host memory; ${admission}`,
    cpu: "The table in host memory in fp32, gathered by the CPU: the counterpart of Native TF"
  };
  const products = { fp16: "fp16 with fp32 sums", fp32: "fp32", tf32: "TF32" };
  return `${tables[torch2.table]}. Dense part in ${products[torch2.dense]}, by PyTorch through Triton's python backend.`;
}

// ../../src/results/environment.ts
var FIXED = [
  ["GPU", "gpu_product"],
  ["GPU id", "gpu_uuid"],
  ["GPU driver", "gpu_driver"],
  ["CPU", "cpu_model"],
  ["CPUs", "cpus"],
  ["Threads per variant", "threads"],
  ["Node", "node"],
  ["Image", "image"],
  ["Triton", "triton_version"],
  ["Kernel", "kernel"],
  ["Python", "python"]
];
function environmentLines(spec, evidence) {
  const seen = (name, key) => distinct(
    name,
    evidence.map((item) => item.environment[key])
  );
  return [
    ...FIXED.flatMap(([name, key]) => seen(name, key)),
    ...distinct(
      "perf_analyzer",
      evidence.map((item) => item.perf_analyzer_version)
    ),
    ...ranges(evidence),
    ...specLines(spec)
  ];
}
var INPUTS = {
  json: "",
  binary: "",
  system_shared_memory: " with tensors in system shared memory",
  cuda_shared_memory: " with tensors in CUDA shared memory"
};
function keysLine({ requestKeys, hps }) {
  const { distribution, hitRate, exponent } = requestKeys;
  if (distribution === "uniform") return [];
  const value = distribution === "hit_rate" ? `${100 * hitRate} % of the keys among the first ${hps.gpuCacheFraction} of each slot's rows` : `row r of a slot in proportion to (r + 1) ** -${exponent}`;
  return [{ name: "Keys", value }];
}
function specLines(spec) {
  const { model, perfAnalyzer } = spec;
  const rows = tableRows(model).toLocaleString("en-US");
  const mode = perfAnalyzer.mode === "request_count" ? "one window of a fixed number of requests" : "time windows";
  const megabytes = (tableBytes(model) / 1e6).toFixed(0);
  return [
    { name: "Table", value: `${rows} rows x ${model.embeddingWidth} float32 (${megabytes} MB), scale ${model.scale}` },
    {
      name: "Load",
      value: `the same request again and again, ${perfAnalyzer.protocol}${INPUTS[perfAnalyzer.input]}, ${mode}, ${perfAnalyzer.windowMs} ms`
    },
    ...keysLine(spec)
  ];
}
function distinct(name, values) {
  const known = [...new Set(values.filter((value) => value !== null && value !== void 0).map(String))];
  if (known.length === 0) return [];
  return [{ name, value: known.join("; "), ...known.length > 1 ? { varies: true } : {} }];
}
function ranges(evidence) {
  const gpus = evidence.flatMap((item) => item.gpus ?? []);
  const line = (name, unit, of) => {
    const known = gpus.flatMap((gpu) => of(gpu) ?? []);
    if (known.length === 0) return [];
    const low = Math.min(...known.map(({ min }) => min));
    const high = Math.max(...known.map(({ max }) => max));
    return [{ name, value: low === high ? `${low} ${unit}` : `${low} to ${high} ${unit}` }];
  };
  return [
    ...line("SM clock", "MHz", (gpu) => gpu.sm_clock_mhz),
    ...line("Memory clock", "MHz", (gpu) => gpu.memory_clock_mhz),
    ...line("GPU temperature", "°C", (gpu) => gpu.temperature_c),
    ...line("GPU power", "W", (gpu) => gpu.power_w),
    ...loadLine(evidence)
  ];
}
function loadLine(evidence) {
  const loads = evidence.map((item) => item.environment["load_average_1m"]).filter((value) => typeof value === "number");
  if (loads.length === 0) return [];
  const [low, high] = [Math.min(...loads), Math.max(...loads)].map((load) => load.toFixed(1));
  return [{ name: "Load average at the client", value: `${String(low)} to ${String(high)}` }];
}

// ../../src/results/report-model.ts
function reportModel(run, ledger, evidence, { parity, gpu = false, ...rest } = {}) {
  const { spec } = run;
  const last = evidence.reduce((latest, item) => item.ended_at > latest ? item.ended_at : latest, run.createdAt);
  return {
    title: "Benchmark of the DLRM model",
    runId: run.runId,
    specHash: run.specHash,
    // The last measurement's time, not now: the same records always make the same report.
    generatedAt: last,
    variants: spec.variants.map((id) => variantColumn(spec, id, gpu)),
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
    ...rest,
    environment: environmentLines(spec, evidence),
    notes: notesOf(run)
  };
}
function variantColumn(spec, id, gpu) {
  const { hps } = variantOf(id);
  const label = variantLabel(spec, id);
  const torch2 = torchNote(spec, id);
  if (torch2 !== void 0) return { id, label, hps, note: torch2 };
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
  const { server, printed, cold_us: coldUs, repeat } = record;
  if (server?.compute_infer_us == null) return [];
  const optional = {
    samplesPerSecond: samplesPerSecond(record, mode),
    clientAvgUs: printed?.client_avg_us,
    p50Us: printed?.p50_us,
    p90Us: printed?.p90_us,
    p99Us: printed?.p99_us,
    requests: printed?.client_requests,
    coldUs
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value != null));
  const initialises = coldUs != null && record.cold_initialises === true ? { coldInitialises: true } : {};
  return [{ repeat, computeInferUs: server.compute_infer_us, ...known, ...initialises }];
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
function notesOf(run) {
  return [
    "Each figure is the mean server-side compute infer of one perf_analyzer process, as the difference of Triton's statistics endpoint; perf_analyzer's own figure agrees to 1 µs.",
    ...run.spec.perfAnalyzer.mode === "request_count" ? ["Samples/s is concurrency x batch / client mean latency: the requests in flight are constant."] : []
  ];
}

// json-check.ts
var IGNORED = /* @__PURE__ */ new Set(["$schema", "$id", "title", "description", "format", "default", "definitions"]);
var CHECKS = {
  $ref: (value, rule, where, _, root) => problemsOf(value, definition(root, String(rule)), where, root),
  type: (value, rule, where) => unless(
    [rule].flat().some((name) => isType(value, name)),
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
function isType(value, name) {
  if (name === "object") return isObject(value);
  if (name === "array") return Array.isArray(value);
  if (name === "integer") return Number.isInteger(value);
  if (name === "null") return value === null;
  return typeof value === name;
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
  return {
    ledger,
    counts,
    table: `Run ${plan.runId}, specification ${plan.specHash}: ${counts.measured} of ${expected} measurements.

${environmentLine(ledger)}${markdownTable(model)}`,
    records: records.map((record) => `${JSON.stringify(record)}
`).join(""),
    ledgerJson: `${JSON.stringify(ledgerDocument(ledger, plan.runId, isWorthAWord))}
`
  };
}
function environmentLine({ environment }) {
  return environment.state === "invalid" ? `**Environment invalid**: ${environment.reason}.

` : "";
}
function isWorthAWord(entry) {
  return entry.status !== "measured" || entry.earlier.length > 0;
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
