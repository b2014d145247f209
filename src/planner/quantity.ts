const UNITS = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

/** Bytes of a Kubernetes size such as `64Gi`. @throws RangeError if it is none; a checked spec never has one */
export function bytesOf(quantity: string): number {
  const [, count, unit] = /^([1-9][0-9]*)(Ki|Mi|Gi|Ti)$/.exec(quantity) ?? [];
  if (count === undefined || unit === undefined)
    throw new RangeError(`"${quantity}" is not a size: a whole number with Ki, Mi, Gi or Ti, such as 64Gi`);
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}

/** The size that holds so many bytes, in steps of 8 GiB: `24Gi`. */
export function quantityFor(bytes: number): string {
  return `${Math.max(1, Math.ceil(bytes / (8 * UNITS.Gi))) * 8}Gi`;
}

/** Bytes for people, in decimal units: `14.6 GB`. */
export function bytesText(bytes: number): string {
  if (bytes <= 0) return '-';
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Seconds for people: `48 s`, `12 min`, `3 h 40 min`. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
