import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../spec/index.js';
import { compareGrid, DEFAULT_OPTIONS, UNSTEADY_OPTIONS, type CompareOptions, type GridComparison } from './index.js';

// Recorded on a machine that others use: what the rule for such machines is made for, and where it shall still find a difference.

/** Microseconds by repeat, from the first on. */
type Run = Readonly<Record<'native_tf' | 'onnx_cpu', readonly number[]>>;
interface Recorded {
  readonly sets: readonly { readonly same: readonly Run[]; readonly steady: Run; readonly slowed: Run }[];
}
const { sets } = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, 'test', 'fixtures', 'same-model-cpu.json'), 'utf8'),
) as Recorded;

function compared(a: Run, b: Run, options: CompareOptions): GridComparison {
  const variants = ['native_tf', 'onnx_cpu'] as const;
  const numbers = (run: Run): number[] => run.native_tf.map((_, index) => index + 1);
  const repeats = { a: numbers(a), b: numbers(b) };
  return compareGrid(
    variants.map((group) => ({ key: group, group, a: a[group], b: b[group], repeats })),
    options,
  );
}

function relative(a: Run, b: Run): GridComparison {
  const shares = ({ native_tf, onnx_cpu }: Run): number[] =>
    onnx_cpu.map((us, index) => us / (native_tf[index] ?? NaN));
  return compareGrid([{ key: 'onnx_cpu', a: shares(a), b: shares(b) }], { ...UNSTEADY_OPTIONS, runMove: 0 });
}

const pairs = sets.flatMap(({ same }) =>
  same.flatMap((later, index) => same.slice(0, index).map((earlier) => [later, earlier] as const)),
);
const alarms = (judge: (a: Run, b: Run) => GridComparison): number =>
  pairs.filter(([a, b]) => ['regressed', 'improved'].includes(judge(a, b).overall)).length;

describe('runs of the same model, recorded on a machine that others use', () => {
  it('are never called different, though a quarter of the pairs would be if the machine were taken for steady', () => {
    expect(pairs).toHaveLength(420);
    expect(alarms((a, b) => compared(a, b, DEFAULT_OPTIONS))).toBeGreaterThan(100);
    expect(alarms((a, b) => compared(a, b, UNSTEADY_OPTIONS))).toBe(0);
    expect(alarms(relative)).toBe(0);
  });

  it.each(sets.map((set, index) => [index + 1, set] as const))(
    'do not hide a variant that really is a tenth slower (set %d)',
    (_, { slowed, steady }) => {
      const [native, onnx] = compared(slowed, steady, UNSTEADY_OPTIONS).cells;
      expect(onnx?.verdict).toBe('regressed');
      expect(native?.verdict).not.toBe('regressed');
      expect(relative(slowed, steady).overall).toBe('regressed');
    },
  );
});
