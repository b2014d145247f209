import { describe, expect, it } from 'vitest';
import { loadSpec } from '../spec/index.js';
import { artifactSettings, cacheKeys } from './settings.js';

interface Artifacts {
  readonly model: { readonly table: { readonly low: number; readonly high: number }; readonly cardinalities: number[] };
  readonly artifacts: { readonly hps_saved_model: boolean };
}

function settingsOf(...sets: string[]): Artifacts {
  return artifactSettings(loadSpec({ preset: 'a100-page', set: sets })) as unknown as Artifacts;
}

describe('the settings of the model program', () => {
  it('ask for the published 32,709,138 rows in a range that keeps the scores apart', () => {
    const { model } = settingsOf();
    expect(model.cardinalities.reduce((sum, rows) => sum + rows, 0)).toBe(32_709_138);
    expect(model.table).toEqual({ distribution: 'uniform', low: -0.05, high: 0.05 });
  });

  it("ask for the page's range of 0 to 1 by option", () => {
    expect(settingsOf('model.table.low=0', 'model.table.high=1').model.table).toMatchObject({ low: 0, high: 1 });
  });

  it('refuse a range that is empty or upside down', () => {
    expect(() => settingsOf('model.table.low=0.5', 'model.table.high=0.5')).toThrow('low must be below high');
    expect(() => settingsOf('model.table.low=1')).toThrow('low must be below high');
  });

  it('ask for an HPS SavedModel only where tf_with_hps is in the run', () => {
    expect(settingsOf().artifacts.hps_saved_model).toBe(true);
    expect(settingsOf('variants=[native_tf, fp32_trt_with_hps]').artifacts.hps_saved_model).toBe(false);
  });

  it('name another folder for another range, and the same requests', () => {
    const [one, other] = [[], ['model.table.high=1']].map((sets) =>
      cacheKeys(loadSpec({ preset: 'a100-page', set: sets })),
    );
    expect(one?.artifacts).not.toBe(other?.artifacts);
    expect(one?.requests).toBe(other?.requests);
  });
});
