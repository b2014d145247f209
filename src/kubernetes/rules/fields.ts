import { nearest } from '../../spec/spelling.js';
import { KINDS, KNOWN_FIELDS } from './known-fields.js';
import { join, type Located, type Rule, type Violation, walk } from './manifest.js';

/** A value that is nowhere in a manifest on purpose: YAML prints it as null, and the API server drops the field. */
export const noNulls: Rule = ({ objects }) =>
  objects.flatMap((object) => {
    const found: Violation[] = [];
    walk(object.manifest, (value, where) => {
      if (value === null || value === undefined)
        found.push({ object, where, problem: 'null: the API server drops it', fix: 'give a value, or leave it out' });
    });
    return found;
  });

/** Fields that Kubernetes does not know are dropped or refused, and switch off drift detection for the object. */
export const knownFields: Rule = ({ objects }) =>
  objects.flatMap((object) => {
    const { apiVersion = '', kind = '' } = object.manifest;
    const type = KINDS[`${apiVersion} ${kind}`];
    if (type !== undefined) return check(object, object.manifest, type, '');
    // Kinds of others have dots in their group, and Kubernetes' own end in k8s.io.
    if (/^[^/]*\.[^/]*\//.test(apiVersion) && !/k8s\.io\//.test(apiVersion)) return [];
    const known = Object.keys(KINDS);
    const guess = known.find((id) => id.endsWith(` ${kind}`)) ?? nearest(`${apiVersion} ${kind}`, known);
    return [
      {
        object,
        where: '',
        problem: `${JSON.stringify(`${apiVersion} ${kind}`)} is no kind that these rules know`,
        fix: guess === undefined ? `one of ${known.join(', ')}` : `did you mean "${guess}"?`,
      },
    ];
  });

type Check = (object: Located, value: unknown, where: string) => Violation[];

const scalar =
  (named: string, right: (value: unknown) => boolean): Check =>
  (object, value, where) =>
    right(value) ? [] : [wrongType(object, where, value, named)];

const SCALARS: Readonly<Record<string, Check>> = {
  string: scalar('a text', (value) => typeof value === 'string'),
  number: scalar('a number', (value) => typeof value === 'number'),
  boolean: scalar('true or false', (value) => typeof value === 'boolean'),
  IntOrString: scalar('a number or a text', (value) => typeof value === 'number' || typeof value === 'string'),
  Date: scalar('a time', (value) => typeof value === 'string'),
  any: () => [],
};

function check(object: Located, value: unknown, type: string, where: string): Violation[] {
  // noNulls tells these.
  if (value === null || value === undefined) return [];
  const item = /^Array<(.*)>$/.exec(type)?.[1];
  if (item !== undefined) {
    if (!Array.isArray(value)) return [wrongType(object, where, value, 'a list')];
    return value.flatMap((element: unknown, index) => check(object, element, item, `${where}[${index}]`));
  }
  const entry = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  const simple = SCALARS[type];
  if (entry === undefined && simple !== undefined) return simple(object, value, where);
  if (typeof value !== 'object' || Array.isArray(value)) return [wrongType(object, where, value, 'a mapping')];
  const fields = KNOWN_FIELDS[type] ?? {};
  return Object.entries(value).flatMap(([key, inner]) => {
    const of = entry ?? fields[key];
    if (of !== undefined) return check(object, inner, of, join(where, key));
    const guess = nearest(key, Object.keys(fields));
    return [
      {
        object,
        where: join(where, key),
        problem: 'is no field of Kubernetes at this place',
        fix: guess === undefined ? 'leave it out' : `did you mean "${guess}"?`,
      },
    ];
  });
}

function wrongType(object: Located, where: string, value: unknown, expected: string): Violation {
  const text = JSON.stringify(value);
  const quoted = expected === 'a text' && typeof value !== 'object';
  const fix = quoted ? `write it in quotes: "${text}"` : `write ${expected}`;
  return { object, where, problem: `${text.slice(0, 80)} is not ${expected}`, fix };
}
