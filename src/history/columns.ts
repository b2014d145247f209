import { z } from 'zod';
import { recordSchema } from '../records/index.js';

/** The parts of a JSON schema that the schema of a record is made of. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** A type as DuckDB's `from_json` takes it: a name, a struct or a list. */
export type Structure = string | { readonly [field: string]: Structure } | readonly [Structure];

const SCALARS: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
};

/** The columns of a record, from its schema: a field that the schema gains is a column of `records` without further ado. */
export function recordStructure(): Readonly<Record<string, Structure>> {
  const schema = z.toJSONSchema(recordSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return fieldsOf(schema.properties ?? {});
}

function fieldsOf(properties: Readonly<Record<string, JsonSchema>>): Record<string, Structure> {
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, structureOf(one)]));
}

function structureOf(schema: JsonSchema): Structure {
  if (schema.anyOf !== undefined) {
    const [only, ...others] = schema.anyOf.filter(({ type }) => type !== 'null');
    return only === undefined || others.length > 0 ? 'JSON' : structureOf(only);
  }
  if (schema.properties !== undefined) return fieldsOf(schema.properties);
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  if (types[0] === 'array' && schema.items !== undefined) return [structureOf(schema.items)];
  // What has no one type, such as an object of free keys, stays as it is written.
  return (types.length === 1 ? SCALARS[types[0] ?? ''] : undefined) ?? 'JSON';
}
