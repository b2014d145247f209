import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchJsonSchema } from './json-schema.js';
import { PACKAGE_ROOT } from './load.js';

// `npm run schema`: renews the committed schema/bench.schema.json.
mkdirSync(join(PACKAGE_ROOT, 'schema'), { recursive: true });
writeFileSync(join(PACKAGE_ROOT, 'schema', 'bench.schema.json'), benchJsonSchema());
