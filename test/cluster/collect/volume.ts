import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from '../kubectl.js';
import { volumeFor } from '../rehearsal/rehearsal.js';
import { fileOf } from './evidence.js';
import type { Fleet, FleetUnit } from './fleet.js';

/** The claim that reader pods mount, bound to a volume that exists only as an object. */
export async function claim(kubectl: Kubectl, namespace: string): Promise<void> {
  await kubectl.apply(volumeFor(namespace), {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'hps-bench', namespace } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
  });
}

/** What the pods of these units left on the volume. */
export function leave(folder: string, units: readonly FleetUnit[]): void {
  for (const { unit, pieces } of units) {
    mkdirSync(join(folder, unit, 'evidence'), { recursive: true });
    for (const piece of pieces) writeFileSync(fileFor(folder, unit, piece.key), fileOf(piece));
  }
}

export const fileFor = (folder: string, unit: string, key: string): string =>
  join(folder, unit, 'evidence', `${key}.json`);

/** The unit with that number. */
export function unitAt(fleet: Fleet, n: number): FleetUnit {
  const unit = fleet.units[n];
  if (unit === undefined) throw new RangeError(`no unit ${n}`);
  return unit;
}
