import { z } from 'zod';
import { cluster } from './cluster.js';
import { design, validity } from './design.js';
import { fleet } from './fleet.js';
import { gitops } from './gitops.js';
import { PAGE_BATCHES } from './page-batches.js';
import { dnsLabel } from './values.js';
import { VARIANT_IDS } from './variants.js';

const MAX_BATCH = 131072;

const positive = z.int().min(1);
const fraction = z.number().gt(0).max(1);
const model = z.strictObject({
  preset: z
    .enum(['criteo-t15'])
    .default('criteo-t15')
    .meta({ description: 'The 26 table sizes; criteo-t15 is the published 32,709,138 rows.' }),
  scale: fraction.default(1).meta({ description: 'Factor on every cardinality; 1 is the published size.' }),
  embeddingWidth: z
    .int()
    .min(1)
    .max(1024)
    .default(128)
    .meta({ description: 'Width of an embedding row, in float32 numbers.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(20230215)
    .meta({ description: 'Seed of table and dense weights.' }),
  table: z
    .strictObject({
      low: z.number().min(-1000).max(1000).default(-0.05),
      high: z.number().min(-1000).max(1000).default(0.05),
    })
    .refine((range) => range.low < range.high, { error: 'low must be below high' })
    .prefault({})
    .meta({ description: 'Uniform range of the table. The page draws from 0 to 1, which saturates the sigmoid.' }),
  opset: z.int().min(13).max(18).default(13).meta({ description: 'ONNX opset of the dense part.' }),
});

const hps = z.strictObject({
  gpuCacheFraction: fraction
    .default(0.2)
    .meta({ description: 'Share of the rows held in the GPU cache (gpucacheper).' }),
  workers: positive.max(64).default(3).meta({ description: 'Lookup workspaces (num_of_worker_buffer_in_pool).' }),
  hitRateThreshold: z
    .number()
    .min(0)
    .max(2)
    .default(1)
    .meta({ description: 'Below it a lookup waits for missing rows.' }),
  refreshFraction: z.number().min(0).max(1).default(0),
  defaultValue: z.number().default(1).meta({ description: 'Vector value returned for an unknown key.' }),
});

const engine = z
  .strictObject({
    minBatch: positive.max(MAX_BATCH).default(1),
    optBatch: positive.max(MAX_BATCH).default(1024),
    maxBatch: positive.max(MAX_BATCH).default(MAX_BATCH),
  })
  .refine((profile) => profile.minBatch <= profile.optBatch && profile.optBatch <= profile.maxBatch, {
    error: 'needs minBatch <= optBatch <= maxBatch',
  });

const perfAnalyzer = z.strictObject({
  protocol: z.enum(['http', 'grpc']).default('http'),
  input: z.enum(['json', 'binary', 'system_shared_memory', 'cuda_shared_memory']).default('json').meta({
    description:
      'json: one file as on the page. binary: the same numbers as raw files, read at once at any batch; sent alike. The others hand tensors over in memory that both share: Triton on the same machine.',
  }),
  mode: z.enum(['time_windows', 'request_count']).default('time_windows').meta({
    description:
      'time_windows: three windows as on the page, any release. request_count: one window of a fixed number of requests sized to windowMs, needs release 24.05 or newer.',
  }),
  windowMs: positive.min(100).max(600_000).default(5000).meta({ description: 'Length of a window in ms (-p).' }),
  stabilityPercentage: z
    .number()
    .gt(0)
    .max(999)
    .default(10)
    .meta({ description: 'Spread within which three windows count as stable (-s).' }),
  maxTrials: positive.min(3).max(100).default(10).meta({ description: 'Windows before giving up (-r).' }),
  warmupSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(10)
    .meta({ description: 'Same requests sent before measuring, in s.' }),
  deadlineSeconds: positive
    .max(86_400)
    .default(300)
    .meta({ description: 'A perf_analyzer that takes longer is stopped.' }),
});

const torch = z.strictObject({
  tableType: z
    .enum(['fp32', 'fp16'])
    .default('fp32')
    .meta({ description: 'Numbers of the table on the GPU and of its cache: as made, or rounded to fp16.' }),
  cacheAdmission: z.enum(['on_miss', 'none']).default('on_miss').meta({
    description:
      'torch_fp16_cache: on_miss takes a missed row in after the request; none keeps the first rows of each slot.',
  }),
});

const requestKeys = z.strictObject({
  distribution: z.enum(['uniform', 'hit_rate', 'power_law']).default('uniform').meta({
    description:
      'How a slot draws its keys. hit_rate: so many among the rows that a cache of hps.gpuCacheFraction holds at first. power_law: row r in proportion to (r + 1) ** -exponent.',
  }),
  hitRate: z.number().min(0).max(1).default(1).meta({ description: 'For hit_rate: share of keys that are held.' }),
  exponent: z.number().min(0).max(10).default(1.2).meta({ description: 'For power_law.' }),
});

const local = z.strictObject({
  threads: z.int().min(0).max(256).default(0).meta({ description: 'CPU threads of a local variant; 0: all cores.' }),
});

const allDifferent = (items: readonly unknown[]): boolean => new Set(items).size === items.length;

/** bench.yaml. Every key has a default, which together are the published benchmark. */
export const specSchema = z.strictObject({
  name: dnsLabel.max(40).default('dlrm-hps').meta({ description: 'Name of the benchmark; begins every run id.' }),
  model: model.prefault({}),
  variants: z
    .array(z.enum(VARIANT_IDS as [string, ...string[]]))
    .min(1)
    .refine(allDifferent, { error: 'names a variant twice' })
    .default(['native_tf', 'tf_with_hps', 'fp32_trt_with_hps', 'fp16_trt_with_hps'])
    .meta({
      description: 'Deployments to compare; the first is the baseline, the last the contender of the speed-up column.',
    }),
  batches: z
    .array(positive.max(MAX_BATCH))
    .min(1)
    .refine(allDifferent, { error: 'names a batch size twice' })
    .default([...PAGE_BATCHES])
    .meta({ description: 'Samples in one request.' }),
  concurrency: positive.max(1024).default(1).meta({ description: 'Requests in flight.' }),
  repeats: positive.max(1000).default(10).meta({ description: 'Fresh perf_analyzer processes per cell.' }),
  requestSeed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(7)
    .meta({ description: 'Seed of the request files.' }),
  requestKeys: requestKeys.prefault({}),
  hps: hps.prefault({}),
  engine: engine.prefault({}),
  perfAnalyzer: perfAnalyzer.prefault({}),
  design: design.prefault({}),
  validity: validity.prefault({}),
  cluster: cluster.prefault({}),
  fleet: fleet.optional().meta({ description: 'Left out: one GPU, with Triton as a Deployment.' }),
  torch: torch
    .prefault({})
    .meta({ description: 'The torch_* variants; the share of a cache is hps.gpuCacheFraction.' }),
  gitops: gitops.optional().meta({ description: 'Left out: no manifests for Argo CD are made.' }),
  local: local.prefault({}),
});

/** A checked spec with every default filled in. */
export type Spec = z.output<typeof specSchema>;
/** What a person may write. */
export type SpecInput = z.input<typeof specSchema>;
