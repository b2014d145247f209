// Runs every `sh` block of README.md, in order, each line of it with bash -e, in this checkout. The test command is left out:
// .ci/run has just run it as a step of its own. Of what failed, the end is printed again at the end.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const LINES_AGAIN = 30;

interface Ended {
  readonly block: string;
  readonly code: number | null;
  /** The last lines of what it wrote. */
  readonly end: string;
}

async function runBlock(block: string): Promise<Ended> {
  console.log(`$ ${block.replaceAll('\n', '\n$ ')}`);
  const started = Date.now();
  const child = spawn('bash', ['-ec', block], { stdio: ['inherit', 'pipe', 'pipe'] });
  let text = '';
  for (const [stream, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      to.write(chunk);
      text = (text + chunk).split('\n').slice(-LINES_AGAIN).join('\n');
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  console.log(`(${Math.round((Date.now() - started) / 1000)} s, code ${code})`);
  return { block, code, end: text };
}

// Results of earlier runs would be continued; what is published belongs to the checkout.
for (const name of readdirSync('results')) if (name !== 'published') rmSync(join('results', name), { recursive: true });
const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => (match[1] ?? '').trim());
if (blocks.length === 0) throw new Error('README.md has no sh block');
const failed: Ended[] = [];
for (const block of blocks) {
  if (block === 'npm ci && npm test') continue;
  const ended = await runBlock(block);
  if (ended.code !== 0) failed.push(ended);
}
for (const { block, code, end } of failed) console.log(`\nfailed with code ${code}: ${block}\n... ${end}`);
console.log(`${blocks.length} README blocks, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
