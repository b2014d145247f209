import * as yaml from 'js-yaml';

/** Where a value (and its key, if it has one) stands in the text: both 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Node {
  readonly start: number;
  kind: 'scalar' | 'mapping' | 'sequence' | null;
  result: unknown;
  readonly children: Node[];
}

/** The part of js-yaml's parser state its `listener` option hands over; the published types leave it out. */
interface ParserState {
  readonly position: number;
  readonly kind: string | null;
  readonly result: unknown;
}

export type PathPart = string | number;

/** A parsed YAML document that can say where each of its values stands. */
export class LocatedYaml {
  readonly value: unknown;
  private readonly root: Node | undefined;

  /** @throws yaml.YAMLException with a `mark` if the text is no YAML. */
  constructor(private readonly text: string) {
    const stack: Node[] = [];
    let root: Node | undefined;
    const options: yaml.LoadOptions & { listener: (event: 'open' | 'close', state: ParserState) => void } = {
      schema: yaml.JSON_SCHEMA,
      listener: (event, state) => {
        if (event === 'open') {
          const node: Node = { start: state.position, kind: null, result: undefined, children: [] };
          stack.at(-1)?.children.push(node);
          stack.push(node);
          return;
        }
        const node = stack.pop();
        if (node === undefined) return;
        node.kind = state.kind as Node['kind'];
        node.result = state.result;
        if (stack.length === 0) root = node;
      },
    };
    this.value = yaml.load(text, options);
    this.root = root;
  }

  /** Position of the value at `path`, or of the nearest ancestor that the text has. */
  find(path: readonly PathPart[]): Position {
    let node = this.root;
    let offset = this.firstToken(node?.start ?? 0);
    for (const part of path) {
      const next = node === undefined ? undefined : child(node, part);
      if (next === undefined) break;
      node = next.value;
      // A nested block begins on a later line than its key; the key is what a person looks for.
      offset =
        next.key !== undefined && node.kind !== 'scalar'
          ? this.firstToken(next.key.start)
          : this.firstToken(node.start);
    }
    return this.at(offset);
  }

  /** Position of the key `key` of the mapping at `path`. */
  findKey(path: readonly PathPart[], key: string): Position {
    let node = this.root;
    for (const part of path) node = node === undefined ? undefined : child(node, part)?.value;
    const found = node === undefined ? undefined : child(node, key);
    return found?.key === undefined ? this.find(path) : this.at(this.firstToken(found.key.start));
  }

  private firstToken(start: number): number {
    const blank = /(?:[\s]|#[^\n]*|-(?=\s))*/y;
    blank.lastIndex = start;
    const skipped = blank.exec(this.text)?.[0].length ?? 0;
    return Math.min(start + skipped, this.text.length);
  }

  private at(offset: number): Position {
    const before = this.text.slice(0, offset);
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
  }
}

/** js-yaml opens key and value of a mapping in turn, and the items of a sequence one by one. */
function child(outer: Node, part: PathPart): { key?: Node; value: Node } | undefined {
  const node = unwrap(outer);
  if (node.kind === 'sequence') {
    const value = typeof part === 'number' ? node.children[part] : undefined;
    return value === undefined ? undefined : { value };
  }
  if (node.kind !== 'mapping') return undefined;
  for (let i = 0; i + 1 < node.children.length; i += 2) {
    const [key, value] = [node.children[i], node.children[i + 1]];
    if (key !== undefined && value !== undefined && String(key.result) === String(part)) return { key, value };
  }
  return undefined;
}

/** A flow value in a block is first tried as a key of a block mapping: the parser then leaves a node around the real one. */
function unwrap(node: Node): Node {
  const [only, ...others] = node.children;
  return only !== undefined && others.length === 0 && only.result === node.result ? unwrap(only) : node;
}
