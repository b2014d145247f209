/** `npm run bundle:conductor`: renews conductor.mjs and records.mjs, which the cluster mounts. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundles } from './bundles.js';

for (const { name, text } of await bundles()) {
  writeFileSync(fileURLToPath(new URL(name, import.meta.url)), text);
  process.stdout.write(`${name}: ${Buffer.byteLength(text)} bytes\n`);
}
