import { keyInName, keyOf } from '../names.js';
import { kindOf, type Located, nameOf, namespaceOf, type Rule } from './manifest.js';

/** Of two objects with one name the second replaces the first when they are applied. */
export const uniqueNames: Rule = ({ objects }) => {
  const seen = new Map<string, Located>();
  return objects.flatMap((object) => {
    const group = (object.manifest.apiVersion ?? '').replace(/\/?[^/]*$/, '');
    const id = `${group} ${kindOf(object)} ${namespaceOf(object)}/${nameOf(object)}`;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, object);
    if (first === undefined) return [];
    return [
      {
        object,
        where: 'metadata.name',
        problem: `${kindOf(object)} ${namespaceOf(object)}/${nameOf(object)} is also made by ${first.path}`,
        fix: 'give one of them another name',
      },
    ];
  });
};

const isImmutable = ({ manifest }: Located): boolean => manifest.kind === 'Job' || manifest['immutable'] === true;

/**
 * What cannot be changed once it is applied must have another name when its content changes, or the next apply fails
 * ("field is immutable"). Objects that share a key are named after all of their contents.
 */
export const contentInNames: Rule = ({ objects }) => {
  const named = objects.filter((object) => isImmutable(object) || kindOf(object) === 'Deployment');
  const groups = new Map<string, Located[]>();
  const violations = named.filter(isImmutable).flatMap((object) => {
    if (keyInName(nameOf(object)) !== undefined) return [];
    const problem = `${JSON.stringify(nameOf(object))} carries no key of the content, and a ${kindOf(object)} cannot be changed`;
    return [{ object, where: 'metadata.name', problem, fix: 'name it with keyed()' }];
  });
  for (const object of named) {
    const key = keyInName(nameOf(object));
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  for (const [key, members] of groups) {
    const expected = keyOf(
      members.map(({ manifest }) => manifest),
      key,
    );
    if (expected === key) continue;
    for (const object of members)
      violations.push({
        object,
        where: 'metadata.name',
        problem: `${JSON.stringify(nameOf(object))} has key ${key}, and its content has ${expected}: it was changed after it was named`,
        fix: 'change it inside keyed()',
      });
  }
  return violations;
};
