import type { z } from 'zod';
import type { Problem } from './errors.js';
import type { PathPart } from './locate.js';
import { type Source, whereOf } from './source.js';
import { specSchema } from './schema.js';
import { nearest } from './spelling.js';

type Issue = z.core.$ZodIssue;

/** Turns zod's issues into messages that name the place, the value got, the values allowed and the likely fix. */
export function problemsOf(error: z.ZodError, input: unknown, sources: readonly Source[]): Problem[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeys(issue, sources) : [wrongValue(issue, input, sources)],
  );
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, sources: readonly Source[]): Problem[] {
  const path = issue.path as PathPart[];
  const allowed = keysAt(path);
  return issue.keys.map((key) => {
    const guess = nearest(key, allowed);
    return {
      where: whereOf(sources, path, key),
      path: dotted([...path, key]),
      message: `no such setting; allowed here: ${allowed.join(', ')}`,
      ...(guess === undefined ? {} : { hint: `did you mean "${guess}"?` }),
    };
  });
}

function wrongValue(issue: Issue, input: unknown, sources: readonly Source[]): Problem {
  const path = issue.path as PathPart[];
  const got = valueAt(input, path);
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  const { allowed, hint } = expectation(issue, got);
  return {
    where: whereOf(sources, path),
    path: dotted(path),
    message: `${shown} ${allowed}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function expectation(issue: Issue, got: unknown): { allowed: string; hint?: string } {
  // Every other code carries a message of our own schema.
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
  switch (issue.code) {
    case 'invalid_value': {
      const values = issue.values.map(String);
      const guess = nearest(String(got), values);
      const allowed = `is not allowed; allowed: ${values.join(', ')}`;
      return guess === undefined ? { allowed } : { allowed, hint: `did you mean "${guess}"?` };
    }
    case 'invalid_type':
      return { allowed: `is not ${article(issue.expected)}`, ...typeHint(issue.expected, got) };
    case 'too_small':
      return {
        allowed: `is too ${issue.origin === 'array' ? 'short' : 'small'}; allowed: ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`,
      };
    case 'too_big':
      return { allowed: `is too ${issue.origin === 'string' ? 'long' : 'large'}; allowed: at most ${issue.maximum}` };
    default:
      return { allowed: issue.message };
  }
}

function article(expected: string): string {
  const names: Record<string, string> = {
    int: 'a whole number',
    number: 'a number',
    string: 'a text',
    array: 'a list',
    object: 'a mapping of settings',
    boolean: 'true or false',
  };
  return names[expected] ?? `a ${expected}`;
}

function typeHint(expected: string, got: unknown): { hint?: string } {
  if (expected === 'array' && got !== undefined) return { hint: `write a list: [${JSON.stringify(got)}]` };
  if (
    (expected === 'int' || expected === 'number') &&
    typeof got === 'string' &&
    got.trim() !== '' &&
    Number.isFinite(Number(got))
  )
    return { hint: `write it without quotes: ${got}` };
  return {};
}

function dotted(path: readonly PathPart[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

function valueAt(value: unknown, path: readonly PathPart[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PathPart, unknown>)[part] : undefined),
    value,
  );
}

/** The keys the schema allows in the mapping at `path`, read from the schema itself so that the list cannot go stale. */
function keysAt(path: readonly PathPart[]): string[] {
  let at: unknown = specSchema;
  for (const part of path) at = unwrap(at).shape?.[part];
  return Object.keys(unwrap(at).shape ?? {});
}

/** Defaults and preprocessing wrap a schema; the object with the keys is inside. */
function unwrap(schema: unknown): { shape?: Record<PathPart, unknown> } {
  let at = schema as { shape?: Record<PathPart, unknown>; def?: { innerType?: unknown } };
  while (at.shape === undefined && at.def?.innerType !== undefined) at = at.def.innerType as typeof at;
  return at;
}
