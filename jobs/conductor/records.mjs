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
  return contentKey({ ...spec, gitops: void 0, cluster: { ...spec.cluster, runId: void 0 } });
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

// ../../src/spec/schema.ts
import { z as z5 } from "zod";

// ../../src/spec/cluster.ts
import { z as z2 } from "zod";

// ../../src/spec/values.ts
import { z } from "zod";
var dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: 'is not a DNS label: lower-case letters, digits and "-", at most 63, starting and ending with a letter or digit'
});
var dnsName = z.string().max(253).regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, {
  error: 'is not a name: lower-case letters, digits, "-" and ".", starting and ending with a letter or digit'
});
var quantity = z.string().regex(/^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/, {
  error: "is not a size: a whole number with Ki, Mi, Gi or Ti, such as 64Gi"
});
var cpus = z.number().min(0.1).max(1024).refine((value) => Number.isInteger(Math.round(value * 1e6) / 1e5), {
  error: "is not a number of CPUs in steps of 0.1"
});
var image = z.string().regex(/^[^\s:@]+(:\d+)?(\/[^\s:@]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/, {
  error: "is not an image reference"
}).refine((reference) => /:[\w.-]+(@|$)|@sha256:/.test(reference.slice(reference.lastIndexOf("/") + 1)), {
  error: "has no tag or digest, so it could change between runs"
}).refine((reference) => !/:latest$/.test(reference), {
  error: 'has the tag "latest", so it could change between runs'
});

// ../../src/spec/cluster.ts
var stage = {
  image: image.optional().meta({ description: "Image of this stage; left out: cluster.image." }),
  cpu: cpus.optional().meta({ description: "CPUs, request and limit alike; left out: computed from the spec." }),
  memory: quantity.optional().meta({ description: "Memory, request and limit alike; left out: computed." }),
  deadlineMinutes: z2.int().min(1).max(20160).optional().meta({ description: "Bound of this stage; left out: computed from sizes and windows." })
};
var stages = z2.strictObject({
  createModels: z2.strictObject(stage).prefault({}),
  buildEngines: z2.strictObject(stage).prefault({}),
  serve: z2.strictObject(stage).prefault({}).meta({ description: "deadlineMinutes is the time from start to all models ready." }),
  measure: z2.strictObject(stage).prefault({}),
  conductor: z2.strictObject({
    image: image.default("docker.io/library/node:22.20.0-bookworm-slim").meta({ description: "Any Node 20 or newer." }),
    cpu: cpus.default(0.2),
    memory: quantity.default("512Mi")
  }).prefault({})
});
var toleration = z2.strictObject({
  key: z2.string().min(1).max(317).optional(),
  operator: z2.enum(["Exists", "Equal"]).default("Exists"),
  value: z2.string().max(63).optional(),
  effect: z2.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional()
}).refine((item) => item.operator === "Equal" || item.value === void 0, {
  error: "has a value with operator Exists; write operator: Equal"
}).refine((item) => item.operator === "Exists" || item.key !== void 0 && item.value !== void 0, {
  error: "with operator Equal needs key and value"
});
var cluster = z2.strictObject({
  namespace: dnsLabel.default("hps-bench"),
  runId: dnsLabel.max(40).default("run-1").meta({
    description: "Name of this run: results-<runId>. A new one measures again, on the artifacts that are there."
  }),
  image: image.default("nvcr.io/nvidia/merlin/merlin-tensorflow:23.02").meta({ description: "Image of every stage but the conductor." }),
  stages: stages.prefault({}),
  gpus: z2.int().min(0).max(1).default(1).meta({ description: "GPUs the run may hold at once; 0: variants without a GPU only." }),
  gpuProduct: z2.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,55}$/, { error: "is no label value" }).default("A100-SXM4-80GB").meta({ description: 'nvidia.com/gpu.product, with or without "NVIDIA-".' }),
  nodeLabels: z2.enum(["gpu-feature-discovery", "gke", "eks"]).default("gpu-feature-discovery").meta({ description: "Whose node labels tell the GPU: NVIDIA GPU Feature Discovery, GKE or EKS instance types." }),
  nodeName: dnsName.optional().meta({ description: "Run on this node only." }),
  tolerations: z2.array(toleration).default([]).meta({ description: "Besides nvidia.com/gpu:NoSchedule, which is always tolerated in a GPU run." }),
  runtimeClass: dnsName.optional().meta({ description: "RuntimeClass of the pods with a GPU, such as nvidia." }),
  pullSecrets: z2.array(dnsName).default([]).meta({ description: "imagePullSecrets that are in the namespace." }),
  priorityClass: dnsName.optional().meta({ description: "PriorityClass of every pod." }),
  queue: dnsName.optional().meta({ description: "Kueue LocalQueue that Jobs and Deployment are submitted to." }),
  isolation: z2.enum(["shared", "variant"]).default("shared").meta({
    description: "shared: one Triton serves all variants, as on the page. variant: each has a Triton of its own, in turn."
  }),
  storage: z2.strictObject({
    className: dnsName.optional().meta({ description: "StorageClass; left out: the cluster default." }),
    size: quantity.default("64Gi"),
    accessMode: z2.enum(["ReadWriteOnce", "ReadWriteMany"]).default("ReadWriteOnce")
  }).prefault({})
});

// ../../src/spec/design.ts
import { z as z3 } from "zod";
var share = z3.number().min(0).max(1);
var design = z3.strictObject({
  seed: z3.int().min(0).max(2 ** 32 - 1).default(1).meta({ description: "Seed of the order in which the cells of a repeat are measured; each repeat has its own." }),
  restartTriton: z3.enum(["never", "each_repeat"]).default("never").meta({
    description: "each_repeat: a fresh Triton before every repeat, so that each has cold first replays. On one machine only: on a cluster Triton would be killed while it loads its table."
  }),
  adaptive: z3.enum(["off", "published"]).default("off").meta({
    description: "published: a cell is measured no more once its verdict against the published figure is certain, and repeats is the most. Cells that the page does not have get every repeat."
  }),
  canary: z3.strictObject({
    measurements: z3.int().min(0).max(20).optional().meta({
      description: "How often the canary is measured before everything else, and again after it; 0: never. Default 3, without repeats 0."
    }),
    variant: z3.enum(VARIANT_IDS).optional().meta({ description: "Default: the last variant." }),
    batch: z3.int().min(1).optional().meta({ description: "Default: the middle one of batches." })
  }).prefault({}).meta({ description: "One cell measured first and last: if it drifted, the run is invalid as a whole." })
});
var validity = z3.strictObject({
  cpuThrottledShare: z3.number().min(0).default(0.01).meta({ description: "Share of the time for which the kernel may hold perf_analyzer or Triton back." }),
  gpuSlowdownShare: share.default(0).meta({ description: "Share of the seconds in which the GPU may slow itself down for heat or its power supply." }),
  gpuPowerCapShare: share.default(0.01).meta({ description: "Share of the seconds in which the GPU may be at its power limit." }),
  gpuClockLoss: share.default(0.02).meta({ description: "How far the median SM clock may lie below the run's highest, as a share." }),
  drift: share.default(0.03).meta({ description: "How far compute infer may drift within a measurement, as a share of its median." }),
  canaryDrift: share.default(0.02).meta({ description: "How far the canary may drift from the beginning of the run to its end, as a share." })
});

// ../../src/spec/gitops.ts
import { z as z4 } from "zod";
var repository = z4.string().regex(/^((https?|ssh|file):\/\/\S+|[\w.-]+@[\w.-]+:\S+)$/, {
  error: "is not the address of a Git repository, such as https://git.example.com/team/benchmarks.git"
});
var path = z4.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*(\/\*)?$/, {
  error: "is not a folder in the repository, such as deploy/dlrm-hps, or deploy/* for each folder in deploy"
});
var cluster2 = z4.strictObject({
  name: dnsLabel.max(30).meta({ description: "Short name; part of the name of the Application." }),
  server: z4.url().meta({ description: "Address of the API server, as Argo CD knows the cluster." })
});
var gitops = z4.strictObject({
  repository: repository.meta({ description: "Git repository that holds the rendered manifests." }),
  revision: z4.string().min(1).max(250).default("main").meta({ description: "Branch or tag that Argo CD follows." }),
  path: path.meta({
    description: "Folder of the rendered manifests in the repository. Ending in /*: an Application for each folder there, by an ApplicationSet."
  }),
  project: dnsName.default("default").meta({ description: "AppProject of the Applications." }),
  argocdNamespace: dnsLabel.default("argocd").meta({ description: "Namespace in which Argo CD runs." }),
  clusters: z4.array(cluster2).min(1).refine((list) => new Set(list.map(({ name }) => name)).size === list.length, { error: "names a cluster twice" }).default([{ name: "in-cluster", server: "https://kubernetes.default.svc" }]).meta({ description: "Clusters to run on; more than one makes an ApplicationSet." })
});

// ../../src/spec/schema.ts
var PAGE_BATCHES = [32, 64, 256, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072];
var MAX_BATCH = 131072;
var positive = z5.int().min(1);
var fraction = z5.number().gt(0).max(1);
var model = z5.strictObject({
  preset: z5.enum(["criteo-t15"]).default("criteo-t15").meta({ description: "The 26 table sizes; criteo-t15 is the published 32,709,138 rows." }),
  scale: fraction.default(1).meta({ description: "Factor on every cardinality; 1 is the published size." }),
  embeddingWidth: z5.int().min(1).max(1024).default(128).meta({ description: "Width of an embedding row, in float32 numbers." }),
  seed: z5.int().min(0).max(2 ** 32 - 1).default(20230215).meta({ description: "Seed of table and dense weights." }),
  table: z5.strictObject({
    low: z5.number().min(-1e3).max(1e3).default(-0.05),
    high: z5.number().min(-1e3).max(1e3).default(0.05)
  }).refine((range) => range.low < range.high, { error: "low must be below high" }).prefault({}).meta({ description: "Uniform range of the table. The page draws from 0 to 1, which saturates the sigmoid." }),
  opset: z5.int().min(13).max(18).default(13).meta({ description: "ONNX opset of the dense part." })
});
var hps = z5.strictObject({
  gpuCacheFraction: fraction.default(0.2).meta({ description: "Share of the rows held in the GPU cache (gpucacheper)." }),
  workers: positive.max(64).default(3).meta({ description: "Lookup workspaces (num_of_worker_buffer_in_pool)." }),
  hitRateThreshold: z5.number().min(0).max(2).default(1).meta({ description: "Below it a lookup waits for missing rows." }),
  refreshFraction: z5.number().min(0).max(1).default(0),
  defaultValue: z5.number().default(1).meta({ description: "Vector value returned for an unknown key." })
});
var engine = z5.strictObject({
  minBatch: positive.max(MAX_BATCH).default(1),
  optBatch: positive.max(MAX_BATCH).default(1024),
  maxBatch: positive.max(MAX_BATCH).default(MAX_BATCH)
}).refine((profile) => profile.minBatch <= profile.optBatch && profile.optBatch <= profile.maxBatch, {
  error: "needs minBatch <= optBatch <= maxBatch"
});
var perfAnalyzer = z5.strictObject({
  protocol: z5.enum(["http", "grpc"]).default("http"),
  input: z5.enum(["json", "binary", "system_shared_memory", "cuda_shared_memory"]).default("json").meta({
    description: "json: one file as on the page. binary: the same numbers as raw files, read at once at any batch; sent alike. The others hand tensors over in memory that both share: Triton on the same machine."
  }),
  mode: z5.enum(["time_windows", "request_count"]).default("time_windows").meta({
    description: "time_windows: three windows as on the page, any release. request_count: one window of a fixed number of requests sized to windowMs, needs release 24.05 or newer."
  }),
  windowMs: positive.min(100).max(6e5).default(5e3).meta({ description: "Length of a window in ms (-p)." }),
  stabilityPercentage: z5.number().gt(0).max(999).default(10).meta({ description: "Spread within which three windows count as stable (-s)." }),
  maxTrials: positive.min(3).max(100).default(10).meta({ description: "Windows before giving up (-r)." }),
  warmupSeconds: z5.number().min(0).max(3600).default(10).meta({ description: "Same requests sent before measuring, in s." }),
  deadlineSeconds: positive.max(86400).default(300).meta({ description: "A perf_analyzer that takes longer is stopped." })
});
var torch2 = z5.strictObject({
  tableType: z5.enum(["fp32", "fp16"]).default("fp32").meta({ description: "Numbers of the table on the GPU and of its cache: as made, or rounded to fp16." }),
  cacheAdmission: z5.enum(["on_miss", "none"]).default("on_miss").meta({
    description: "torch_fp16_cache: on_miss takes a missed row in after the request; none keeps the first rows of each slot."
  })
});
var requestKeys = z5.strictObject({
  distribution: z5.enum(["uniform", "hit_rate", "power_law"]).default("uniform").meta({
    description: "How a slot draws its keys. hit_rate: so many among the rows that a cache of hps.gpuCacheFraction holds at first. power_law: row r in proportion to (r + 1) ** -exponent."
  }),
  hitRate: z5.number().min(0).max(1).default(1).meta({ description: "For hit_rate: share of keys that are held." }),
  exponent: z5.number().min(0).max(10).default(1.2).meta({ description: "For power_law." })
});
var local = z5.strictObject({
  threads: z5.int().min(0).max(256).default(0).meta({ description: "CPU threads of a local variant; 0: all cores." })
});
var allDifferent = (items) => new Set(items).size === items.length;
var specSchema = z5.strictObject({
  name: dnsLabel.max(40).default("dlrm-hps").meta({ description: "Name of the benchmark; begins every run id." }),
  model: model.prefault({}),
  variants: z5.array(z5.enum(VARIANT_IDS)).min(1).refine(allDifferent, { error: "names a variant twice" }).default(["native_tf", "tf_with_hps", "fp32_trt_with_hps", "fp16_trt_with_hps"]).meta({
    description: "Deployments to compare; the first is the baseline, the last the contender of the speed-up column."
  }),
  batches: z5.array(positive.max(MAX_BATCH)).min(1).refine(allDifferent, { error: "names a batch size twice" }).default([...PAGE_BATCHES]).meta({ description: "Samples in one request." }),
  concurrency: positive.max(1024).default(1).meta({ description: "Requests in flight." }),
  repeats: positive.max(1e3).default(10).meta({ description: "Fresh perf_analyzer processes per cell." }),
  requestSeed: z5.int().min(0).max(2 ** 32 - 1).default(7).meta({ description: "Seed of the request files." }),
  requestKeys: requestKeys.prefault({}),
  hps: hps.prefault({}),
  engine: engine.prefault({}),
  perfAnalyzer: perfAnalyzer.prefault({}),
  design: design.prefault({}),
  validity: validity.prefault({}),
  cluster: cluster.prefault({}),
  torch: torch2.prefault({}).meta({ description: "The torch_* variants; the share of a cache is hps.gpuCacheFraction." }),
  gitops: gitops.optional().meta({ description: "Left out: no manifests for Argo CD are made." }),
  local: local.prefault({})
});

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

// ../../src/statistics/normal.ts
import cdf from "@stdlib/stats-base-dists-normal-cdf";
import quantile from "@stdlib/stats-base-dists-normal-quantile";
function normalCdf(z6) {
  return cdf(z6, 0, 1);
}

// ../../src/statistics/student.ts
function central(t, df) {
  if (!Number.isInteger(df) || df < 1)
    throw new RangeError(`degrees of freedom are ${df}; a whole number above 0 is needed`);
  const angle = Math.atan(t / Math.sqrt(df));
  const cosine = Math.cos(angle);
  const square = cosine * cosine;
  const odd = df % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= square * (k - 1) / k;
    sum += term;
  }
  return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
var quantiles = /* @__PURE__ */ new Map();
function studentQuantile(level, df) {
  const key = `${level} ${df}`;
  const quantile2 = quantiles.get(key) ?? bisected(level, df);
  quantiles.set(key, quantile2);
  return quantile2;
}
function bisected(level, df) {
  let high = 1;
  while (central(high, df) < level && high < 1e15) high *= 2;
  let low = 0;
  for (let step = 0; step < 200 && high - low > Number.EPSILON * high; step += 1) {
    const middle = (low + high) / 2;
    if (central(middle, df) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
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
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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

// ../../src/dlrm/published.ts
var PUBLISHED_MICROSECONDS = {
  native_tf: [551, 608, 832, 1911, 4580, 9872, 19643, 35292, 54090, 107742, 213990],
  tf_with_hps: [612, 667, 639, 849, 1059, 1459, 2490, 4131, 7795, 15036, 29374],
  fp32_trt_with_hps: [380, 381, 438, 604, 927, 1446, 2432, 4355, 6816, 13012, 25440],
  fp16_trt_with_hps: [389, 346, 428, 534, 766, 1114, 1767, 3053, 5247, 10022, 19340]
};
function publishedLatency(variant, batch) {
  const figures = PUBLISHED_MICROSECONDS[variant];
  if (figures === void 0) return void 0;
  const points = PAGE_BATCHES.map((at2, index) => ({ batch: at2, us: figures[index] ?? NaN }));
  const exact = points.find((point) => point.batch === batch);
  if (exact !== void 0) return { microseconds: exact.us, exact: true };
  const above = points.find((point) => point.batch > batch);
  const below = points.findLast((point) => point.batch < batch);
  return { microseconds: between(below, above, batch), exact: false };
}
function between(below, above, batch) {
  if (below === void 0) return above?.us ?? NaN;
  if (above === void 0) return below.us * batch / below.batch;
  const share2 = Math.log(batch / below.batch) / Math.log(above.batch / below.batch);
  return below.us * (above.us / below.us) ** share2;
}

// ../../src/verdict/log-sample.ts
var CLIP_AT = 3;
var FEWEST_TO_CLIP = 5;
function logSample(values) {
  const logs = values.map(Math.log);
  return { logs, median: median(logs) };
}
function clippedMoments({ logs, median: centre }, scale) {
  const limit = logs.length < FEWEST_TO_CLIP || scale === 0 ? Infinity : CLIP_AT * scale;
  const clipped = logs.map((log) => Math.min(centre + limit, Math.max(centre - limit, log)));
  const mean2 = clipped.reduce((sum, log) => sum + log, 0) / clipped.length;
  return { mean: mean2, squares: clipped.reduce((sum, log) => sum + (log - mean2) ** 2, 0), n: clipped.length };
}

// ../../src/verdict/evidence.ts
var FEWEST_FOR_INTERVAL = 2;

// ../../src/verdict/next-action.ts
var FUTILITY_NEEDS = 8;
function nextAction(values, reference, table) {
  if (reference.repeats !== table.referenceRepeats || reference.degreesOfFreedom !== table.degreesOfFreedom) {
    throw new RangeError(
      `the table is for ${String(table.referenceRepeats)} reference repeats and ${table.degreesOfFreedom} degrees of freedom, the reference has ${String(reference.repeats)} and ${reference.degreesOfFreedom}`
    );
  }
  const last = table.looks.at(-1);
  const look = table.looks.find(({ repeats }) => repeats === Math.min(values.length, last?.repeats ?? 0));
  if (look === void 0 || last === void 0) return { action: "continue" };
  const state = stateOf(clippedMoments(logSample(values), reference.deviation), reference);
  const verdict = certainVerdict(state, look, reference, table);
  if (verdict !== null) return { action: "stop", verdict };
  if (look === last || futile(state, last, reference, table)) return { action: "stop", verdict: "inconclusive" };
  return { action: "continue" };
}
function stateOf({ mean: mean2, squares, n }, reference) {
  const degreesOfFreedom = reference.degreesOfFreedom + n - 1;
  const known2 = reference.degreesOfFreedom * reference.deviation ** 2;
  return { n, effect: mean2 - reference.logMean, variance: (known2 + squares) / degreesOfFreedom, degreesOfFreedom };
}
function standardErrorAt(n, { variance }, { repeats }) {
  return Math.sqrt(variance * (1 / n + (repeats === null ? 0 : 1 / repeats)));
}
function certainVerdict(state, look, reference, table) {
  const error = standardErrorAt(state.n, state, reference);
  const size = Math.abs(state.effect);
  if (size + look.same * error <= table.margin) return reference.repeats === null ? "reproduced" : "same";
  if (look.different === null || size < differentFrom(look.different * error, reference, table)) return null;
  return state.effect > 0 ? "regressed" : "improved";
}
function differentFrom(reach, reference, table) {
  return reference.repeats === null ? table.margin + reach : Math.max(table.negligible, reach);
}
function futile(state, last, reference, table) {
  if (state.degreesOfFreedom < FUTILITY_NEEDS || last.different === null) return false;
  const error = standardErrorAt(last.repeats, state, reference);
  const sameWithin = Math.max(0, table.margin - last.same * error);
  const from = differentFrom(last.different * error, reference, table);
  const spread = Math.sqrt(state.variance * (1 / state.n - 1 / last.repeats));
  if (spread === 0) return false;
  const below = (limit) => normalCdf((limit - state.effect) / spread);
  const chance = below(sameWithin) - below(-sameWithin) + below(-from) + (1 - below(from));
  return chance < table.futileBelow;
}

// ../../src/verdict/references.ts
function publishedReference(figure) {
  if (!(figure > 0 && Number.isFinite(figure)))
    throw new RangeError(`published figure is ${figure}; it must be above 0`);
  return { logMean: Math.log(figure), repeats: null, deviation: 0, degreesOfFreedom: 0 };
}

// ../../src/verdict/spending.ts
var POINTS = 400;
var REACH = 8;
function spendingBoundaries(information, total, power) {
  const key = [total, power, ...information].join(" ");
  const boundaries = known.get(key) ?? computed(information, total, power);
  known.set(key, boundaries);
  return boundaries;
}
var known = /* @__PURE__ */ new Map();
function computed(information, total, power) {
  const last = information.at(-1) ?? NaN;
  const boundaries = [];
  let grid;
  let before = 0;
  let spent = 0;
  for (const now of information) {
    const target = total * (now / last) ** power;
    const step = now - before;
    const exceeds = (limit2) => grid === void 0 ? normalCdf(-limit2 / Math.sqrt(step)) : grid.scores.reduce(
      (sum, s, i) => sum + (grid?.weights[i] ?? 0) * normalCdf((s - limit2) / Math.sqrt(step)),
      0
    );
    const limit = solve(exceeds, target - spent, Math.sqrt(now));
    boundaries.push(limit / Math.sqrt(now));
    grid = carried(grid, limit, step, now);
    before = now;
    spent = target;
  }
  return boundaries;
}
function carried(grid, limit, step, information) {
  const low = -REACH * Math.sqrt(information);
  const width = (limit - low) / POINTS;
  const scores = Float64Array.from({ length: POINTS }, (_, index) => low + (index + 0.5) * width);
  const deviation = Math.sqrt(step);
  const density = (distance2) => Math.exp(-(distance2 ** 2) / (2 * step)) / (deviation * Math.sqrt(2 * Math.PI));
  const weights = scores.map(
    (score) => grid === void 0 ? width * density(score) : width * grid.scores.reduce((sum, from, i) => sum + (grid.weights[i] ?? 0) * density(score - from), 0)
  );
  return { scores, weights };
}
function solve(exceeds, chance, deviation) {
  let low = -REACH * deviation;
  let high = 2 * REACH * deviation;
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (exceeds(middle) > chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// ../../src/verdict/sequential-table.ts
var DEFAULT_SEQUENTIAL = { margin: 0.05, alpha: 3e-3, cells: 44, maxRepeats: 14 };
var WRONGLY_SAME = 0.05;
var POWER_SAME = 1;
var POWER_DIFFERENT = 8;
var FIRST_DIFFERENCE = 7;
var FUTILE_BELOW = 0.3;
function sequentialTable(reference, options = DEFAULT_SEQUENTIAL) {
  requireOptions(reference, options);
  const { margin, alpha, cells, maxRepeats } = options;
  const repeats = Array.from(
    { length: maxRepeats - FEWEST_FOR_INTERVAL + 1 },
    (_, index) => index + FEWEST_FOR_INTERVAL
  );
  const information = (n) => 1 / (1 / n + (reference.repeats === null ? 0 : 1 / reference.repeats));
  const same = spendingBoundaries(repeats.map(information), WRONGLY_SAME, POWER_SAME);
  const late = repeats.filter((n) => n >= FIRST_DIFFERENCE);
  const different = spendingBoundaries(late.map(information), alpha / (2 * cells), POWER_DIFFERENT);
  const asT = (z6, n) => studentQuantile(1 - 2 * normalCdf(-z6), reference.degreesOfFreedom + n - 1);
  return {
    referenceRepeats: reference.repeats,
    degreesOfFreedom: reference.degreesOfFreedom,
    margin: Math.log1p(margin),
    negligible: Math.log1p(margin / 2),
    futileBelow: FUTILE_BELOW,
    looks: repeats.map((n, index) => {
      const z6 = different[n - FIRST_DIFFERENCE];
      return { repeats: n, same: asT(same[index] ?? NaN, n), different: z6 === void 0 ? null : asT(z6, n) };
    })
  };
}
function requireOptions({ repeats, degreesOfFreedom }, { margin, alpha, cells, maxRepeats }) {
  const whole = (value, least) => Number.isInteger(value) && value >= least;
  if (!(margin > 0 && margin <= 1)) throw new RangeError(`margin is ${margin}; a share above 0, e.g. 0.05 for 5 %`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; it must be between 0 and 1, e.g. 0.003`);
  if (!whole(cells, 1)) throw new RangeError(`cells are ${cells}; a whole number from 1`);
  if (!whole(maxRepeats, FIRST_DIFFERENCE) || maxRepeats > 100) {
    throw new RangeError(`maxRepeats is ${maxRepeats}; a whole number from ${FIRST_DIFFERENCE} to 100`);
  }
  if (repeats !== null && !whole(repeats, 1)) throw new RangeError(`reference repeats are ${repeats}; from 1, or null`);
  if (!whole(degreesOfFreedom, 0)) throw new RangeError(`degrees of freedom are ${degreesOfFreedom}; a whole number`);
}

// ../../src/adaptive/index.ts
function adaptiveDesign(spec) {
  if (spec.design.adaptive === "off") return void 0;
  const referenceOf = ({ variant, batch }) => {
    const found = publishedLatency(variant, batch);
    return found?.exact === true ? publishedReference(found.microseconds).logMean : void 0;
  };
  const cells = spec.variants.flatMap((variant) => spec.batches.filter((batch) => referenceOf({ variant, batch })));
  const options = { ...DEFAULT_SEQUENTIAL, cells: Math.max(1, cells.length), maxRepeats: spec.repeats };
  return { table: sequentialTable({ repeats: null, degreesOfFreedom: 0 }, options), referenceOf };
}
function enough({ table, referenceOf }, cell, values) {
  const logMean = referenceOf(cell);
  if (logMean === void 0) return void 0;
  const reference = { logMean, repeats: null, deviation: 0, degreesOfFreedom: 0 };
  for (let repeats = 1; repeats <= values.length; repeats++) {
    const next = nextAction(values.slice(0, repeats), reference, table);
    if (next.action === "stop") return { repeats, verdict: next.verdict };
  }
  return void 0;
}

// ../../src/ledger/spared.ts
function sparedRepeats(spec, entries) {
  const design2 = adaptiveDesign(spec);
  const spared = /* @__PURE__ */ new Map();
  if (design2 === void 0) return spared;
  const cells = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const key = `${entry.planned.variant}/${entry.planned.batch}`;
    cells.set(key, [...cells.get(key) ?? [], entry]);
  }
  for (const cell of cells.values()) {
    const inOrder = [...cell].sort((a, b) => a.planned.repeat - b.planned.repeat);
    const values = inOrder.flatMap(({ status, record }) => {
      const us = record?.server?.compute_infer_us;
      return status === "measured" && us != null && us > 0 ? [us] : [];
    });
    const stop = inOrder[0] === void 0 ? void 0 : enough(design2, inOrder[0].planned, values);
    if (stop === void 0) continue;
    const reason = `not needed: after ${stop.repeats} repeats the verdict against the published figure was ${stop.verdict}`;
    for (const { planned, attempts } of inOrder) if (attempts === 0) spared.set(planned.id, reason);
  }
  return spared;
}

// ../../src/ledger/ledger.ts
function ledgerOf(spec, records, why = "not measured yet") {
  const byId = /* @__PURE__ */ new Map();
  for (const record of againstRunClock(records)) byId.set(record.id, [...byId.get(record.id) ?? [], record]);
  const entriesOf = (planned) => planned.map((item) => entryOf(item, byId.get(item.id) ?? [], why));
  const { first, last } = plannedCanaries(spec);
  const all = entriesOf(plannedMeasurements(spec));
  const spared = sparedRepeats(spec, all);
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
    const known2 = (evidence.windows?.n ?? 0) > 0;
    return known2 ? [...reasons, ...figuresApart(evidence, server, level, apart)] : reasons;
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
import { readStdout } from "./reader.mjs";
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
function percent(share2) {
  const value = 100 * share2;
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
function checkReportModel(model2) {
  const ids = model2.variants.map((variant) => variant.id);
  const known2 = new Set(ids);
  const allowed = `allowed: ${ids.join(", ") || "(no variants)"}`;
  if (ids.length === 0) fail("variants", "[]", "at least one variant");
  if (model2.batches.length === 0) fail("batches", "[]", "at least one batch size");
  unique("variants", ids);
  unique("batches", model2.batches);
  for (const batch of model2.batches) {
    if (!Number.isInteger(batch) || batch < 1) fail("batches", batch, "whole numbers of samples, 1 or more");
  }
  for (const field of ["baseline", "contender"]) {
    if (!known2.has(model2[field])) fail(field, model2[field], `an id from variants (${allowed})`);
  }
  const batches = new Set(model2.batches);
  for (const cell of model2.cells) {
    if (!known2.has(cell.variant)) fail("cells[].variant", cell.variant, `an id from variants (${allowed})`);
    if (!batches.has(cell.batch)) fail("cells[].batch", cell.batch, `one of batches: ${model2.batches.join(", ")}`);
  }
  unique(
    "cells",
    model2.cells.map((cell) => `${cell.variant} at batch ${cell.batch}`)
  );
  const { expected, measured, invalid, failed, missing } = model2.ledger;
  if (measured + invalid + failed + missing !== expected) {
    fail(
      "ledger.expected",
      expected,
      `measured + invalid + failed + missing = ${measured + invalid + failed + missing}`
    );
  }
  if (Number.isNaN(Date.parse(model2.generatedAt))) fail("generatedAt", model2.generatedAt, "an ISO 8601 instant");
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
function cellReasons(model2, variant, batch) {
  const counts = /* @__PURE__ */ new Map();
  for (const entry of model2.ledger.entries) {
    if (entry.status === "measured") continue;
    const cell = entry.cell ?? cellOfId(entry.id, model2);
    if (cell?.variant !== variant || cell.batch !== batch) continue;
    const reason = entryReason(entry);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, times]) => times === 1 ? reason : `${times} x ${reason}`);
}
function entryReason(entry) {
  return `${entry.status}: ${entry.reasons.join("; ") || "no reason recorded"}`;
}
function cellOfId(id, model2) {
  const variant = model2.variants.map((candidate) => candidate.id).filter((candidate) => candidate !== "" && id.includes(candidate)).sort((a, b) => b.length - a.length)[0];
  if (variant === void 0) return void 0;
  const digits = /\d+/.exec(id.slice(id.indexOf(variant) + variant.length))?.[0];
  return digits === void 0 ? void 0 : { variant, batch: Number(digits) };
}

// ../../src/report/summary.ts
function summarise(model2) {
  checkReportModel(model2);
  const baseline = variantOf2(model2, model2.baseline);
  const contender = variantOf2(model2, model2.contender);
  const comparable = baseline.id !== contender.id;
  const rows = model2.batches.map((batch) => {
    const cells = model2.variants.map((variant) => summariseCell(model2, variant, batch));
    const speedUp = comparable ? speedUpOf(cells, baseline.id, contender.id) : void 0;
    return speedUp === void 0 ? { batch, cells } : { batch, cells, speedUp };
  });
  return {
    rows,
    baseline,
    contender,
    comparable,
    repeated: rows.some((row) => row.cells.some((cell) => cell.n > 1)),
    anyHps: model2.variants.some((variant) => variant.hps)
  };
}
function summariseCell(model2, variant, batch) {
  const cell = model2.cells.find((candidate) => candidate.variant === variant.id && candidate.batch === batch);
  const values = (cell?.values ?? []).filter((value) => Number.isFinite(value.computeInferUs));
  const base = { variant, batch, values, n: values.length, reasons: cellReasons(model2, variant.id, batch) };
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
function variantOf2(model2, id) {
  const found = model2.variants.find((variant) => variant.id === id);
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
function noHpsSentence(model2, summary) {
  if (summary.anyHps) return void 0;
  const labels = model2.variants.map((variant) => variant.label).join(", ");
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
function markdownTable(model2) {
  const summary = summarise(model2);
  const lines = [...pageTable(model2, summary), "", UNIT_LINE];
  const noHps = noHpsSentence(model2, summary);
  if (noHps !== void 0) lines.push("", escapeMarkdownLine(noHps));
  const notes = footnotes(summary);
  if (notes.length > 0) lines.push("", ...notes.map((note) => `- ${escapeMarkdownLine(note)}`));
  const spread = spreadTable(summary);
  if (spread !== void 0) lines.push("", ...plainTableLines(spread));
  return `${lines.join("\n")}
`;
}
function pageTable(model2, summary) {
  const labels = model2.variants.map((variant) => variant.label);
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
function cardinalities(model2) {
  return CRITEO_T15.map((rows) => Math.ceil(rows * model2.scale));
}
function tableRows(model2) {
  return cardinalities(model2).reduce((sum, rows) => sum + rows, 0);
}
function tableBytes(model2) {
  return tableRows(model2) * model2.embeddingWidth * 4;
}

// ../../src/dlrm/label.ts
function variantLabel(spec, id) {
  const { label, torch: torch3 } = variantOf(id);
  if (torch3 === void 0) return label;
  const type = torch3.table === "cpu" ? "fp32" : spec.torch.tableType;
  const bytes = tableBytes(spec.model) / (type === "fp16" ? 2 : 1);
  const size = bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const share2 = torch3.table === "cache" ? `${spec.hps.gpuCacheFraction} of ` : "";
  return `${label} (${share2}${size} ${type} table)`;
}
function torchNote(spec, id) {
  const { torch: torch3 } = variantOf(id);
  if (torch3 === void 0) return void 0;
  const { gpuCacheFraction } = spec.hps;
  const admission = spec.torch.cacheAdmission === "on_miss" ? "a missed row comes in after the request" : "it keeps the first rows of each slot";
  const tables = {
    gpu: `The whole table on the GPU in ${spec.torch.tableType}`,
    cache: `${gpuCacheFraction} of the rows in a GPU cache in ${spec.torch.tableType}, all in page-locked host memory; ${admission}`,
    cpu: "The table in host memory in fp32, gathered by the CPU: the counterpart of Native TF"
  };
  const products = { fp16: "fp16 with fp32 sums", fp32: "fp32", tf32: "TF32" };
  return `${tables[torch3.table]}. Dense part in ${products[torch3.dense]}, by PyTorch through Triton's python backend.`;
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
function keysLine({ requestKeys: requestKeys2, hps: hps2 }) {
  const { distribution, hitRate, exponent } = requestKeys2;
  if (distribution === "uniform") return [];
  const value = distribution === "hit_rate" ? `${100 * hitRate} % of the keys among the first ${hps2.gpuCacheFraction} of each slot's rows` : `row r of a slot in proportion to (r + 1) ** -${exponent}`;
  return [{ name: "Keys", value }];
}
function specLines(spec) {
  const { model: model2, perfAnalyzer: perfAnalyzer2 } = spec;
  const rows = tableRows(model2).toLocaleString("en-US");
  const mode = perfAnalyzer2.mode === "request_count" ? "one window of a fixed number of requests" : "time windows";
  const megabytes = (tableBytes(model2) / 1e6).toFixed(0);
  return [
    { name: "Table", value: `${rows} rows x ${model2.embeddingWidth} float32 (${megabytes} MB), scale ${model2.scale}` },
    {
      name: "Load",
      value: `the same request again and again, ${perfAnalyzer2.protocol}${INPUTS[perfAnalyzer2.input]}, ${mode}, ${perfAnalyzer2.windowMs} ms`
    },
    ...keysLine(spec)
  ];
}
function distinct(name, values) {
  const known2 = [...new Set(values.filter((value) => value !== null && value !== void 0).map(String))];
  if (known2.length === 0) return [];
  return [{ name, value: known2.join("; "), ...known2.length > 1 ? { varies: true } : {} }];
}
function ranges(evidence) {
  const gpus = evidence.flatMap((item) => item.gpus ?? []);
  const line = (name, unit, of) => {
    const known2 = gpus.flatMap((gpu) => of(gpu) ?? []);
    if (known2.length === 0) return [];
    const low = Math.min(...known2.map(({ min }) => min));
    const high = Math.max(...known2.map(({ max }) => max));
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
  const { hps: hps2 } = variantOf(id);
  const label = variantLabel(spec, id);
  const torch3 = torchNote(spec, id);
  if (torch3 !== void 0) return { id, label, hps: hps2, note: torch3 };
  if (gpu) return { id, label, hps: hps2 };
  const notes = {
    native_tf: "TensorFlow SavedModel through Triton's python backend on the CPU; on a cluster Triton's TensorFlow backend serves the same file.",
    onnx_cpu: "Table gather with NumPy and the dense part in ONNX Runtime through Triton's python backend, on the CPU."
  };
  const note = notes[id];
  return { id, label: id === "native_tf" ? "Native TF (CPU)" : label, hps: hps2, ...note === void 0 ? {} : { note } };
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
  const known2 = Object.fromEntries(Object.entries(optional).filter(([, value]) => value != null));
  const initialises = coldUs != null && record.cold_initialises === true ? { coldInitialises: true } : {};
  return [{ repeat, computeInferUs: server.compute_infer_us, ...known2, ...initialises }];
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
    const known2 = schema["properties"] ?? {};
    const others = Object.keys(value).filter((key) => !(key in known2));
    return others.flatMap(
      (key) => rule === false ? unless(false, join(where, key), value[key], `only ${Object.keys(known2).join(", ")}`) : problemsOf(value[key], rule, join(where, key), root)
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
async function readEvidenceLog(stream, plan, known2) {
  const unusable = [];
  for await (const { begin, end, text, intact } of readFrames(stream)) {
    const document = { ...end?.evidence, text };
    const attempt = end?.evidence?.["attempt"] ?? begin["attempt"];
    const key = `${begin.id}.a${typeof attempt === "number" ? attempt : 1}`;
    if (known2.has(key)) continue;
    if (end === void 0) unusable.push(`${key}: the log ends, or another begins, before its end`);
    else if (!intact) unusable.push(`${key}: its text does not have the length and digest that measure.py noted`);
    else {
      const problems = problemsOf(document, evidence_schema_default);
      const evidence = document;
      if (problems.length > 0) unusable.push(`${key}: is not evidence: ${explain(problems, 2)}`);
      else if (evidence.run_id !== plan.runId || evidence.spec_hash !== plan.specHash)
        unusable.push(`${key}: belongs to run ${evidence.run_id} of spec ${evidence.spec_hash}`);
      else known2.set(key, judge(evidence));
    }
  }
  return unusable;
}
function resultsOf(plan, known2, why) {
  const records = [...known2.values()].sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
  const ledger = ledgerOf(plan.spec, records, why);
  const counts = countByStatus(ledger);
  const run = { runId: plan.runId, spec: plan.spec, specHash: plan.specHash, createdAt: BEGINNING };
  const model2 = reportModel(run, ledger, [], { gpu: plan.stages.serve.gpus > 0 });
  const { expected } = model2.ledger;
  return {
    ledger,
    counts,
    table: `Run ${plan.runId}, specification ${plan.specHash}: ${counts.measured} of ${expected} measurements.

${environmentLine(ledger)}${markdownTable(model2)}`,
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
function evidenceDigest(known2) {
  const lines = [...known2.values()].map((record) => `${keyOf(record)} ${record.text_sha256}
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
