import { expect, it } from 'vitest';
import { LocatedYaml } from './locate.js';

const TEXT = `# head
a:
  b: 1
  "c d":
    - x
    - {y: 2, z: [3, 4]}
e: &anchor
  f: text
`;

it.each([
  [['a'], 2, 1],
  [['a', 'b'], 3, 6],
  [['a', 'c d', 0], 5, 7],
  [['a', 'c d', 1, 'y'], 6, 11],
  [['a', 'c d', 1, 'z', 1], 6, 21],
  [['e', 'f'], 8, 6],
] as const)('finds the value at %j on line %i, column %i', (path, line, column) => {
  expect(new LocatedYaml(TEXT).find(path)).toEqual({ line, column });
});

it('finds a key, and the nearest ancestor of what is not there', () => {
  const located = new LocatedYaml(TEXT);
  expect(located.findKey(['a'], 'c d')).toEqual({ line: 4, column: 3 });
  expect(located.find(['a', 'nothing', 'here'])).toEqual({ line: 2, column: 1 });
});
