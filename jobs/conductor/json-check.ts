/**
 * The part of JSON Schema that this kit's documents need, so that the conductor can check what it reads without a library.
 * Keywords: type, const, enum, required, properties, additionalProperties, items, anyOf, minimum, exclusiveMinimum, maximum,
 * minItems, minLength, pattern, $ref to a definition; format is ignored. An unknown keyword throws: a schema must not be checked half.
 */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** One thing that is wrong: where, the value, and what is allowed. */
export interface Problem {
  /** Dotted path, such as `stages.measure.job`; empty for the document itself. */
  readonly where: string;
  readonly value: unknown;
  readonly allowed: string;
}

type Check = (value: unknown, rule: unknown, where: string, schema: JsonSchema, root: JsonSchema) => Problem[];

const IGNORED = new Set(['$schema', '$id', 'title', 'description', 'format', 'default', 'definitions']);

const CHECKS: Record<string, Check> = {
  $ref: (value, rule, where, _, root) => problemsOf(value, definition(root, String(rule)), where, root),
  type: (value, rule, where) =>
    unless(
      [rule].flat().some((name) => isType(value, name)),
      where,
      value,
      said(rule),
    ),
  const: (value, rule, where) => unless(value === rule, where, value, JSON.stringify(rule)),
  enum: (value, rule, where) =>
    unless((rule as unknown[]).includes(value), where, value, (rule as unknown[]).map(String).join(', ')),
  anyOf: (value, rule, where, _, root) =>
    unless(
      (rule as JsonSchema[]).some((schema) => problemsOf(value, schema, where, root).length === 0),
      where,
      value,
      (rule as JsonSchema[]).map((schema) => said(resolved(schema, root)['type'])).join(' or '),
    ),
  required: (value, rule, where) =>
    (rule as string[]).flatMap((key) =>
      isObject(value) && !(key in value) ? unless(false, join(where, key), undefined, 'a value: it is missing') : [],
    ),
  properties: (value, rule, where, _, root) =>
    Object.entries(rule as Record<string, JsonSchema>).flatMap(([key, schema]) =>
      isObject(value) && key in value ? problemsOf(value[key], schema, join(where, key), root) : [],
    ),
  additionalProperties: (value, rule, where, schema, root) => {
    if (!isObject(value) || rule === true) return [];
    const known = (schema['properties'] ?? {}) as Record<string, unknown>;
    const others = Object.keys(value).filter((key) => !(key in known));
    return others.flatMap((key) =>
      rule === false
        ? unless(false, join(where, key), value[key], `only ${Object.keys(known).join(', ')}`)
        : problemsOf(value[key], rule as JsonSchema, join(where, key), root),
    );
  },
  propertyNames: () => [],
  items: (value, rule, where, _, root) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => problemsOf(item, rule as JsonSchema, join(where, String(index)), root))
      : [],
  minItems: (value, rule, where) =>
    Array.isArray(value) ? unless(value.length >= Number(rule), where, value, `${String(rule)} or more items`) : [],
  minLength: (value, rule, where) =>
    typeof value === 'string' ? unless(value.length >= Number(rule), where, value, 'a text that is not empty') : [],
  minimum: (value, rule, where) =>
    typeof value === 'number' ? unless(value >= Number(rule), where, value, `${String(rule)} or more`) : [],
  exclusiveMinimum: (value, rule, where) =>
    typeof value === 'number' ? unless(value > Number(rule), where, value, `above ${String(rule)}`) : [],
  maximum: (value, rule, where) =>
    typeof value === 'number' ? unless(value <= Number(rule), where, value, `${String(rule)} or less`) : [],
  pattern: (value, rule, where) =>
    typeof value === 'string'
      ? unless(new RegExp(String(rule), 'u').test(value), where, value, `text like ${String(rule)}`)
      : [],
};

/** Everything about `value` that the schema does not allow; empty when all is well. */
export function problemsOf(value: unknown, schema: JsonSchema, where = '', root = schema): Problem[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    if (IGNORED.has(keyword)) return [];
    const check = CHECKS[keyword];
    if (check === undefined) throw new Error(`JSON Schema keyword ${JSON.stringify(keyword)} is not supported here`);
    return check(value, rule, where, schema, root);
  });
}

/** One line for each of the first problems: where, the value, what is allowed. */
export function explain(problems: readonly Problem[], most = 5): string {
  const lines = problems
    .slice(0, most)
    .map(({ where, value, allowed }) => `${where || 'the document'}: is ${shown(value)}; allowed: ${allowed}`);
  return [...lines, ...(problems.length > most ? [`and ${problems.length - most} more`] : [])].join('; ');
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  return typeof schema['$ref'] === 'string' ? definition(root, schema['$ref']) : schema;
}

function definition(root: JsonSchema, ref: string): JsonSchema {
  const found = (root['definitions'] as Record<string, JsonSchema> | undefined)?.[ref.replace('#/definitions/', '')];
  if (found === undefined) throw new Error(`the schema has no definition ${ref}`);
  return found;
}

function unless(ok: boolean, where: string, value: unknown, allowed: string): Problem[] {
  return ok ? [] : [{ where, value, allowed }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isType(value: unknown, name: unknown): boolean {
  if (name === 'object') return isObject(value);
  if (name === 'array') return Array.isArray(value);
  if (name === 'integer') return Number.isInteger(value);
  if (name === 'null') return value === null;
  return typeof value === name;
}

function said(type: unknown): string {
  return [type].flat().map(String).join(' or ');
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function join(where: string, key: string): string {
  return where === '' ? key : `${where}.${key}`;
}
