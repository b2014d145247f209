// Runs every `sh` block of README.md, in order, each line of it with bash -e, in this checkout. The test command is left out:
// .ci/run has just run it as a step of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

rmSync('results', { recursive: true, force: true });
const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
if (blocks.length === 0) throw new Error('README.md has no sh block');
let failures = 0;
for (const block of blocks) {
  if (block.trim() === 'npm ci && npm test') continue;
  console.log(`$ ${block.trim().replaceAll('\n', '\n$ ')}`);
  const started = Date.now();
  const { status } = spawnSync('bash', ['-ec', block], { stdio: 'inherit' });
  console.log(`(${Math.round((Date.now() - started) / 1000)} s, code ${status})`);
  if (status !== 0) failures++;
}
console.log(`${blocks.length} README blocks, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
