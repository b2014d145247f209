import { describe, expect, it } from 'vitest';
import { PAGE_BATCHES } from '../spec/index.js';
import { PUBLISHED_MICROSECONDS, publishedLatency } from './published.js';

describe('the published table', () => {
  it('has 44 cells, whose speed-ups are the published ones', () => {
    const { native_tf: native = [], fp16_trt_with_hps: fp16 = [] } = PUBLISHED_MICROSECONDS;
    expect(Object.values(PUBLISHED_MICROSECONDS).flat()).toHaveLength(44);
    expect(native.map((us, index) => (us / (fp16[index] ?? NaN)).toFixed(2))).toEqual(
      ['1.42', '1.76', '1.94', '3.58', '5.98', '8.86', '11.12', '11.56', '10.31', '10.75', '11.06'], // prettier-ignore
    );
    expect(native).toHaveLength(PAGE_BATCHES.length);
  });

  it('is answered exactly where it has the batch', () => {
    expect(publishedLatency('tf_with_hps', 16384)).toEqual({ microseconds: 4131, exact: true });
  });

  it('is interpolated between its batches and never leaves the two neighbours', () => {
    for (let batch = 65; batch < 256; batch += 1) {
      const { microseconds, exact } = publishedLatency('native_tf', batch) ?? { microseconds: NaN, exact: true };
      expect(exact).toBe(false);
      expect(microseconds).toBeGreaterThan(608);
      expect(microseconds).toBeLessThan(832);
    }
    expect(publishedLatency('native_tf', 128)?.microseconds).toBeCloseTo(Math.sqrt(608 * 832), 6);
  });

  it('holds its first latency below 32 and grows in proportion above its last batch', () => {
    expect(publishedLatency('fp16_trt_with_hps', 1)?.microseconds).toBe(389);
    expect(publishedLatency('native_tf', 262144)?.microseconds).toBe(2 * 213990);
  });

  it('says nothing of a variant that the page does not have', () => {
    expect(publishedLatency('onnx_cpu', 32)).toBeUndefined();
  });
});
