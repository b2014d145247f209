const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;
const DECIMAL: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };

/** Bytes as Kubernetes writes them back: the largest binary suffix that leaves a whole number. */
export function memoryQuantity(bytes: number): string {
  if (!Number.isSafeInteger(bytes) || bytes <= 0)
    throw new RangeError(`memory of ${bytes} bytes; allowed: a whole number above 0`);
  let [value, suffix] = [bytes, 0];
  while (value % 1024 === 0 && suffix < BINARY.length - 1) [value, suffix] = [value / 1024, suffix + 1];
  return `${value}${BINARY[suffix] ?? ''}`;
}

/** CPUs as Kubernetes writes them back: a whole number, else thousandths with "m". */
export function cpuQuantity(cpus: number): string {
  const thousandths = Math.round(cpus * 1000);
  if (thousandths <= 0) throw new RangeError(`${cpus} CPUs; allowed: 0.001 or more`);
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** Bytes of a memory quantity such as `64Gi` or `500M`; undefined if it is none. */
export function bytesOf(quantity: string): number | undefined {
  const [, digits, suffix] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  if (digits === undefined || suffix === undefined) return undefined;
  const power = (BINARY as readonly string[]).indexOf(suffix);
  const factor = suffix !== '' && power > 0 ? 1024 ** power : DECIMAL[suffix];
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** CPUs of a quantity such as `4` or `500m`; undefined if it is none. */
export function cpusOf(quantity: string): number | undefined {
  const [, digits, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  return digits === undefined ? undefined : Number(digits) / (milli === 'm' ? 1000 : 1);
}
