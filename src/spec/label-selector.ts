/** A requirement on labels: `key=value`, `key!=value`, `key in (a, b)`, `key notin (a, b)`, `key`, `!key`. */
interface Requirement {
  readonly key: string;
  /** Null: any value will do. */
  readonly values: readonly string[] | null;
  readonly negated: boolean;
}

export type LabelSelector = readonly Requirement[];

/** Text that is no label selector; the message says which part of it, and what is allowed. */
export class SelectorError extends Error {
  constructor(part: string) {
    super(
      `${JSON.stringify(part)} is no requirement on labels; allowed: key=value, key!=value, key in (a, b), key notin (a, b), key, !key`,
    );
    this.name = 'SelectorError';
  }
}

const KEY = String.raw`[\w.-]+(?:/[\w.-]+)?`;
const FORMS = {
  set: new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`),
  equal: new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([\\w.-]*)$`),
  there: new RegExp(`^(!?)\\s*(${KEY})$`),
};

/** Reads a selector as `kubectl -l` takes it: requirements with commas between, which must all hold. @throws SelectorError */
export function parseSelector(text: string): LabelSelector {
  // Commas within parentheses belong to a set.
  return text.split(/,(?![^()]*\))/).map((part) => requirement(part.trim()));
}

function requirement(part: string): Requirement {
  const [, setKey, word, list] = FORMS.set.exec(part) ?? [];
  if (setKey !== undefined) {
    const values = (list ?? '').split(',').map((value) => value.trim());
    return { key: setKey, values, negated: word === 'notin' };
  }
  const [, equalKey, sign, value = ''] = FORMS.equal.exec(part) ?? [];
  if (equalKey !== undefined) return { key: equalKey, values: [value], negated: sign === '!=' };
  const [, not, key] = FORMS.there.exec(part) ?? [];
  if (key === undefined) throw new SelectorError(part);
  return { key, values: null, negated: not === '!' };
}

/** Kubernetes' own rules: an object without the key meets `!=` and `notin`. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every(({ key, values, negated }) => {
    const value = labels[key];
    const holds = value !== undefined && (values === null || values.includes(value));
    return holds !== negated;
  });
}
