/**
 * The reader under 100,000 mutations: cuts, splices, interleavings, noise.
 *
 *     npm run test:reader-fuzz [-- --mutations 100000 --seed 1]
 *
 * Exit code 1 with a counterexample when one of the claims fails.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { CLAIMS } from '../test/fixtures/perf-analyzer/mutations.js';

const { values } = parseArgs({
  options: { mutations: { type: 'string', default: '100000' }, seed: { type: 'string', default: String(Date.now()) } },
});
const mutations = Number(values.mutations);
const seed = Number(values.seed);

console.log(`${mutations} mutations, seed ${seed}`);
for (const { name, share, property } of CLAIMS) {
  const started = performance.now();
  const numRuns = Math.round(mutations * share);
  await fc.assert(property, { numRuns, seed });
  console.log(`${numRuns} times: ${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
}
