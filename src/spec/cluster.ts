import { z } from 'zod';
import { cpus, dnsLabel, dnsName, image, quantity } from './values.js';

const stage = {
  image: image.optional().meta({ description: 'Image of this stage; left out: cluster.image.' }),
  cpu: cpus.optional().meta({ description: 'CPUs, request and limit alike; left out: computed from the spec.' }),
  memory: quantity.optional().meta({ description: 'Memory, request and limit alike; left out: computed.' }),
  deadlineMinutes: z
    .int()
    .min(1)
    .max(20_160)
    .optional()
    .meta({ description: 'Bound of this stage; left out: computed from sizes and windows.' }),
};

const stages = z.strictObject({
  createModels: z.strictObject(stage).prefault({}),
  buildEngines: z.strictObject(stage).prefault({}),
  serve: z
    .strictObject(stage)
    .prefault({})
    .meta({ description: 'deadlineMinutes is the time from start to all models ready.' }),
  measure: z.strictObject(stage).prefault({}),
  conductor: z
    .strictObject({
      image: image
        .default('docker.io/library/node:22.20.0-bookworm-slim')
        .meta({ description: 'Any Node 20 or newer.' }),
      cpu: cpus.default(0.2),
      memory: quantity.default('512Mi'),
    })
    .prefault({}),
});

const toleration = z
  .strictObject({
    key: z.string().min(1).max(317).optional(),
    operator: z.enum(['Exists', 'Equal']).default('Exists'),
    value: z.string().max(63).optional(),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  })
  .refine((item) => item.operator === 'Equal' || item.value === undefined, {
    error: 'has a value with operator Exists; write operator: Equal',
  })
  .refine((item) => item.operator === 'Exists' || (item.key !== undefined && item.value !== undefined), {
    error: 'with operator Equal needs key and value',
  });

/** The `cluster` section: where and how the charts run. */
export const cluster = z.strictObject({
  namespace: dnsLabel.default('hps-bench'),
  runId: dnsLabel.max(40).default('run-1').meta({
    description: 'Name of this run: results-<runId>. A new one measures again, on the artifacts that are there.',
  }),
  image: image
    .default('nvcr.io/nvidia/merlin/merlin-tensorflow:23.02')
    .meta({ description: 'Image of every stage but the conductor.' }),
  stages: stages.prefault({}),
  gpus: z
    .int()
    .min(0)
    .max(1)
    .default(1)
    .meta({ description: 'GPUs the run may hold at once; 0: variants without a GPU only.' }),
  gpuProduct: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,55}$/, { error: 'is no label value' })
    .default('A100-SXM4-80GB')
    .meta({ description: 'nvidia.com/gpu.product, with or without "NVIDIA-".' }),
  nodeLabels: z
    .enum(['gpu-feature-discovery', 'gke', 'eks'])
    .default('gpu-feature-discovery')
    .meta({ description: 'Whose node labels tell the GPU: NVIDIA GPU Feature Discovery, GKE or EKS instance types.' }),
  nodeName: dnsName.optional().meta({ description: 'Run on this node only.' }),
  tolerations: z
    .array(toleration)
    .default([])
    .meta({ description: 'Besides nvidia.com/gpu:NoSchedule, which is always tolerated in a GPU run.' }),
  runtimeClass: dnsName.optional().meta({ description: 'RuntimeClass of the pods with a GPU, such as nvidia.' }),
  pullSecrets: z.array(dnsName).default([]).meta({ description: 'imagePullSecrets that are in the namespace.' }),
  priorityClass: dnsName.optional().meta({ description: 'PriorityClass of every pod.' }),
  queue: dnsName.optional().meta({ description: 'Kueue LocalQueue that Jobs and Deployment are submitted to.' }),
  isolation: z.enum(['shared', 'variant']).default('shared').meta({
    description:
      'shared: one Triton serves all variants, as on the page. variant: each has a Triton of its own, in turn.',
  }),
  storage: z
    .strictObject({
      className: dnsName.optional().meta({ description: 'StorageClass; left out: the cluster default.' }),
      size: quantity.default('64Gi'),
      accessMode: z.enum(['ReadWriteOnce', 'ReadWriteMany']).default('ReadWriteOnce'),
    })
    .prefault({}),
});
