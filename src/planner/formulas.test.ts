import { describe, expect, it } from 'vitest';
import { tableBytes } from '../dlrm/slots.js';
import { loadSpec } from '../spec/index.js';
import { activations, denseBytes, denseParameters } from './dense.js';
import { diskForecast, requestBytes, stockDiskBytes, stockHostBytes } from './disk.js';
import {
  cacheSlots,
  hpsHostBytes,
  hpsMemory,
  keyFileBytes,
  keysPerLookup,
  workerBytes,
  pinnedBytes,
} from './hps-memory.js';

const page = loadSpec({ preset: 'a100-page' });
const hps = hpsMemory(page);
const gigabytes = (bytes: number): number => bytes / 1e9;
const gibibytes = (bytes: number): number => bytes / 2 ** 30;

describe('the table at the published settings', () => {
  it('is 16,747,078,656 bytes of vectors (16.75 GB, 15.6 GiB) and 261,673,104 bytes of keys (0.26 GB)', () => {
    expect(tableBytes(page.model)).toBe(16_747_078_656);
    expect(gibibytes(tableBytes(page.model))).toBeCloseTo(15.6, 1);
    expect(keyFileBytes(page.model)).toBe(261_673_104);
  });

  it('takes at most 17.5 GB at rest where it is stored once, and about 34 GB as the published scripts store it', () => {
    const { atRest, withoutHardLinks, dense, engines } = diskForecast(page);
    expect(gigabytes(atRest)).toBeGreaterThan(17.0);
    expect(gigabytes(atRest)).toBeLessThan(17.5);
    expect(gigabytes(stockDiskBytes(page.model))).toBeCloseTo(33.76, 1);
    expect(Math.round(gigabytes(withoutHardLinks))).toBe(34);
    expect(gigabytes(dense + engines)).toBeLessThan(0.11);
  });

  it('took the published script 50 to 67 GB of host memory', () => {
    const { draw, worst } = stockHostBytes(page.model);
    expect(gigabytes(draw)).toBeCloseTo(33.5 + 16.75, 1);
    expect(Math.round(gigabytes(worst))).toBe(67);
  });
});

describe('the dense half', () => {
  it('has 2,368,897 parameters: 171,392 below and 2,197,505 above', () => {
    expect(denseParameters(page.model)).toBe(171_392 + 2_197_505);
    expect(denseBytes(page.model) / 1e6).toBeCloseTo(9.5, 1);
  });

  it('holds 1.74, 1.81 and 0.38 GB of tensors at batch 131072', () => {
    const { embeddings, concat, gram } = activations(page.model, 131072);
    expect([embeddings, concat, gram].map((bytes) => Math.floor(bytes / 1e7) / 100)).toEqual([1.74, 1.81, 0.38]);
  });

  it('is asked with 156 bytes a sample, 20.4 MB at 131072', () => {
    expect(requestBytes(1)).toBe(156);
    expect(requestBytes(131072) / 1e6).toBeCloseTo(20.4, 1);
  });
});

describe('HPS on the GPU at the published settings', () => {
  it('has a cache of 102,217 sets, 6,541,888 slots, 3.43 GB', () => {
    expect(cacheSlots(32_709_138, 0.2)).toBe(6_541_888);
    expect(cacheSlots(32_709_138, 0.2) / 64).toBe(102_217);
    expect(gigabytes(hps.cache)).toBeCloseTo(3.43, 2);
  });

  it('has workers of 3.71 GB each for lookups of 3,407,872 keys, of which two buffers are 1.745 GB each', () => {
    expect(keysPerLookup(131072)).toBe(3_407_872);
    expect(gigabytes(keysPerLookup(131072) * 128 * 4)).toBeCloseTo(1.745, 3);
    expect(gigabytes(hps.worker)).toBeCloseTo(3.71, 2);
    expect(gigabytes(3 * hps.worker)).toBeCloseTo(11.1, 1);
  });

  it('takes 14.6 GB (13.6 GiB) in all', () => {
    expect(gigabytes(hps.gpu).toFixed(1)).toBe('14.6');
    expect(gibibytes(hps.gpu).toFixed(1)).toBe('13.6');
  });

  it('takes 1.4 GB for three workers at 16384', () => {
    expect(gigabytes(3 * workerBytes(16384, 128)).toFixed(1)).toBe('1.4');
  });

  it('keeps at least one set of 64 slots, and rounds up to whole sets', () => {
    expect(cacheSlots(10, 0.1)).toBe(64);
    expect(cacheSlots(65, 1)).toBe(128);
    expect(cacheSlots(640, 0.1)).toBe(64);
  });
});

describe('HPS in host memory', () => {
  it('has 1.77 GB of page-locked buffers a worker, 5.3 GB for three', () => {
    expect(gigabytes(pinnedBytes(131072, 128))).toBeCloseTo(1.77, 2);
    expect(gigabytes(hps.pinned).toFixed(1)).toBe('5.3');
  });

  it('takes about 42.5 GB while loading before 23.04 and about 22 GB since, besides the buffers', () => {
    expect(gigabytes(hpsHostBytes(hps, 2.5) - hps.pinned).toFixed(1)).toBe('42.5');
    expect(Math.round(gigabytes(hpsHostBytes(hps, 1.3) - hps.pinned))).toBe(22);
  });
});
