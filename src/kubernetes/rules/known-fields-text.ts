/** Kinds that the rules know, by group and version. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  v1: ['ConfigMap', 'Namespace', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apps/v1': ['Deployment', 'StatefulSet'],
  'batch/v1': ['CronJob', 'Job'],
  'networking.k8s.io/v1': ['NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
};

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}
type Model = { readonly attributeTypeMap: readonly Attribute[] };

/**
 * Text of known-fields.ts: the fields of every type that the kinds are made of, from the models of client-node, which is
 * generated from Kubernetes' own OpenAPI. Loading client-node takes longer than a whole synth, so this is done once.
 */
export async function knownFieldsText(): Promise<string> {
  const models = (await import('@kubernetes/client-node')) as unknown as Record<string, Model | undefined>;
  const types = new Map<string, Record<string, string>>();
  const add = (name: string): void => {
    const model = models[name];
    if (model === undefined || types.has(name)) return;
    const fields = model.attributeTypeMap.map(({ baseName, type }) => [baseName, type] as const);
    types.set(name, Object.fromEntries([...fields].sort(([a], [b]) => (a < b ? -1 : 1))));
    for (const [, type] of fields) add(itemType(type));
  };
  const kinds = Object.entries(KINDS).flatMap(([version, names]) =>
    names.map((kind) => {
      add(`V1${kind}`);
      return [`${version} ${kind}`, `V1${kind}`] as const;
    }),
  );
  const lines = [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fields]) => `  ${name}: ${JSON.stringify(fields)},`);
  return [
    "// Made by `npm run known-fields` from client-node's models; not to be edited.",
    '',
    `export const KINDS: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(kinds), null, 2)};`,
    '',
    'export const KNOWN_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

/** `V1Container` of `Array<V1Container>` and of `{ [key: string]: V1Container; }`. */
export function itemType(type: string): string {
  return /^Array<(.*)>$/.exec(type)?.[1] ?? /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1] ?? type;
}
