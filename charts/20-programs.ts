import { Chart } from 'cdk8s';
import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Construct } from 'constructs';
import { apiObject, appLabels, filesVolume, keyed, type MappedFiles, type Mounted } from '../src/kubernetes/index.js';
import type { Bench } from './bench.js';
import type { JobFiles } from './job-files.js';

/**
 * Bytes of one ConfigMap as JSON. A client-side apply keeps the whole object in an annotation of at most 262,144 bytes;
 * this leaves room for the rest of it.
 */
const PART_BYTES = 200_000;

/** The Python programs as immutable ConfigMaps, mounted together as one folder. */
export class ProgramsChart extends Chart {
  /** What a pod mounts to have the programs in /programs. */
  readonly programs: Mounted;

  constructor(scope: Construct, bench: Bench, files: JobFiles) {
    super(scope, '20-programs', { namespace: bench.namespace });
    const parts = packed(files).map((part, index): MappedFiles => {
      const [map] = keyed((key) => [programMap(bench.namespace, `programs-${key}`, part)]);
      apiObject(this, `programs-${index + 1}`, map);
      return { configMap: map.metadata.name, files: new Map([...part.keys()].map((path) => [path, keyOfPath(path)])) };
    });
    this.programs = filesVolume('programs', '/programs', parts);
  }
}

function programMap(namespace: string, name: string, files: JobFiles) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { ...appLabels() } },
    immutable: true,
    data: Object.fromEntries([...files].map(([path, text]) => [keyOfPath(path), text])),
  } satisfies V1ConfigMap;
}

/** A key of a ConfigMap has no slash. */
function keyOfPath(path: string): string {
  return path.replaceAll('/', '.');
}

/** Files in their order, in as few parts as the limit allows. */
export function packed(files: JobFiles, limit = PART_BYTES): JobFiles[] {
  const parts: Map<string, string>[] = [];
  let room = 0;
  for (const [path, text] of files) {
    const bytes = Buffer.byteLength(JSON.stringify(text)) + path.length;
    if (bytes > limit)
      throw new RangeError(`jobs/${path} takes ${bytes} bytes in a ConfigMap; allowed: ${limit} (split the file)`);
    if (bytes > room || parts.length === 0) [room] = [limit, parts.push(new Map())];
    room -= bytes;
    parts.at(-1)?.set(path, text);
  }
  return parts;
}
