import { z } from 'zod';
import { VARIANT_IDS } from './variants.js';

const share = z.number().min(0).max(1);

/** How the measurements of a run follow each other. */
export const design = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .meta({ description: 'Seed of the order in which the cells of a repeat are measured; each repeat has its own.' }),
  restartTriton: z.enum(['never', 'each_repeat']).default('never').meta({
    description:
      'each_repeat: a fresh Triton before every repeat, so that each has cold first replays. On one machine only: on a cluster Triton would be killed while it loads its table.',
  }),
  adaptive: z.enum(['off', 'published']).default('off').meta({
    description:
      'published: a cell is measured no more once its verdict against the published figure is certain, and repeats is the most. Cells that the page does not have get every repeat.',
  }),
  canary: z
    .strictObject({
      measurements: z.int().min(0).max(20).optional().meta({
        description:
          'How often the canary is measured before everything else, and again after it; 0: never. Default 3, without repeats 0.',
      }),
      variant: z
        .enum(VARIANT_IDS as [string, ...string[]])
        .optional()
        .meta({ description: 'Default: the last variant.' }),
      batch: z.int().min(1).optional().meta({ description: 'Default: the middle one of batches.' }),
    })
    .prefault({})
    .meta({ description: 'One cell measured first and last: if it drifted, the run is invalid as a whole.' }),
});

/** Limits that a measurement must keep to be valid. Beyond one it is measured again, and counted. */
export const validity = z.strictObject({
  cpuThrottledShare: z
    .number()
    .min(0)
    .default(0.01)
    .meta({ description: 'Share of the time for which the kernel may hold perf_analyzer or Triton back.' }),
  gpuSlowdownShare: share
    .default(0)
    .meta({ description: 'Share of the seconds in which the GPU may slow itself down for heat or its power supply.' }),
  gpuPowerCapShare: share
    .default(0.01)
    .meta({ description: 'Share of the seconds in which the GPU may be at its power limit.' }),
  gpuClockLoss: share
    .default(0.02)
    .meta({ description: "How far the median SM clock may lie below the run's highest, as a share." }),
  drift: share
    .default(0.03)
    .meta({ description: 'How far compute infer may drift within a measurement, as a share of its median.' }),
  canaryDrift: share
    .default(0.02)
    .meta({ description: 'How far the canary may drift from the beginning of the run to its end, as a share.' }),
});
