import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../spec/load.js';
import { evidenceJsonSchema } from './json-schema.js';

// `npm run schema`: renews the committed schema/evidence.schema.json.
writeFileSync(join(PACKAGE_ROOT, 'schema', 'evidence.schema.json'), evidenceJsonSchema());
