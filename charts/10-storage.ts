import { Chart, Size } from 'cdk8s';
import { PersistentVolumeAccessMode, PersistentVolumeClaim } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { appLabels, bytesOf, CLAIM } from '../src/kubernetes/index.js';
import { KEPT_BY_ARGOCD } from './argocd/kept.js';
import type { Bench } from './bench.js';

const ACCESS = {
  ReadWriteOnce: PersistentVolumeAccessMode.READ_WRITE_ONCE,
  ReadWriteMany: PersistentVolumeAccessMode.READ_WRITE_MANY,
} as const;

/** The one claim, which holds artifacts, requests, engines and results. */
export class StorageChart extends Chart {
  constructor(scope: Construct, bench: Bench) {
    super(scope, '10-storage', { namespace: bench.namespace });
    const { size, accessMode, className } = bench.spec.cluster.storage;
    // cdk8s-plus takes whole GiB; a claim is what is needed at least, so the next one will do.
    const gibibytes = Math.ceil((bytesOf(size) ?? 0) / 2 ** 30);
    new PersistentVolumeClaim(this, 'claim', {
      metadata: { name: CLAIM, labels: appLabels(), annotations: KEPT_BY_ARGOCD },
      accessModes: [ACCESS[accessMode]],
      storage: Size.gibibytes(gibibytes),
      ...(className === undefined ? {} : { storageClassName: className }),
    });
  }
}
