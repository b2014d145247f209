/** Drivers that an image's CUDA runs on. */
export interface DriverNeed {
  /** This version and every newer one will do. */
  readonly minimum: string;
  /** Of older branches (first number), these versions and newer of the same branch; data-centre GPUs only. */
  readonly branches: readonly string[];
}

/**
 * What each CUDA release asks of the driver. Source: NVIDIA, Triton Inference Server release notes 22.12, 23.04, 23.06
 * 24.03 and 25.04, and TensorFlow release notes 23.01 (the same CUDA as Triton 23.02), "Driver Requirements".
 */
export const DRIVERS = {
  'CUDA 11.8': { minimum: '520', branches: ['450.51', '470.57', '510.47', '515.65'] },
  'CUDA 12.0': { minimum: '525', branches: ['450.51', '470.57', '510.47', '515.65'] },
  'CUDA 12.1': { minimum: '530', branches: ['450.51', '470.57', '510.47', '515.65', '525.85'] },
  'CUDA 12.4': { minimum: '545', branches: ['470.57', '525.85', '535.86'] },
  'CUDA 12.9': { minimum: '575', branches: ['470.57', '525.85', '535.86', '545.23'] },
} as const satisfies Record<string, DriverNeed>;

function numbers(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

function atLeast(found: string, needed: string): boolean {
  const [a, b] = [numbers(found), numbers(needed)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Whether a driver such as `535.104.05` is new enough. */
export function driverSuffices(found: string, need: DriverNeed): boolean {
  const branch = numbers(found)[0];
  return (
    atLeast(found, need.minimum) ||
    need.branches.some((version) => numbers(version)[0] === branch && atLeast(found, version))
  );
}

/** `520 or newer, or 450.51, 470.57 or newer of that branch`. */
export function driverText(need: DriverNeed): string {
  return `${need.minimum} or newer, or of an older branch at least ${need.branches.join(', ')}`;
}
