import { kindOf, type Rule } from './manifest.js';

/** etcd's and the API server's bound on the data of a ConfigMap (1 MiB). */
const CONFIG_MAP_BYTES = 1_048_576;
/** Bound on all annotations of an object together (256 KiB). */
const ANNOTATION_BYTES = 262_144;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Texts = Readonly<Record<string, unknown>>;

export const configMapSize: Rule = ({ objects }) =>
  objects
    .filter((object) => kindOf(object) === 'ConfigMap')
    .flatMap((object) => {
      const { data = {}, binaryData = {} } = object.manifest as { data?: Texts; binaryData?: Texts };
      const bytes =
        sum(Object.entries(data).map(([key, text]) => Buffer.byteLength(key) + Buffer.byteLength(String(text)))) +
        sum(Object.entries(binaryData).map(([key, text]) => Buffer.byteLength(key) + (String(text).length * 3) / 4));
      if (bytes <= CONFIG_MAP_BYTES) return [];
      return [
        {
          object,
          where: 'data',
          problem: `holds ${Math.ceil(bytes)} bytes, and a ConfigMap at most ${CONFIG_MAP_BYTES}`,
          fix: 'split it, or ask for fewer repeats or batches',
        },
      ];
    });

/** `kubectl apply` keeps the whole object in an annotation. */
export const lastAppliedSize: Rule = ({ objects }) =>
  objects.flatMap((object) => {
    const annotations = object.manifest.metadata?.annotations ?? {};
    const own = sum(Object.entries<string>(annotations).map(([key, text]) => Buffer.byteLength(key + text)));
    const bytes = own + Buffer.byteLength(LAST_APPLIED) + goJsonBytes(object.manifest) + 1;
    if (bytes <= ANNOTATION_BYTES) return [];
    return [
      {
        object,
        where: 'metadata.annotations',
        problem: `kubectl apply would write ${bytes} bytes of annotations, and ${ANNOTATION_BYTES} are allowed`,
        fix: 'split the object, ask for fewer repeats or batches, or apply with --server-side',
      },
    ];
  });

/** Bytes of the JSON that Go writes: as JavaScript's, with <, >, & and two line separators as six characters each. */
function goJsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  const escaped = text.match(/[<>&]/g)?.length ?? 0;
  const separators = text.match(/[\u2028\u2029]/g)?.length ?? 0;
  return Buffer.byteLength(text) + 5 * escaped + 3 * separators;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
