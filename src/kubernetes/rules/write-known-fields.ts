import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../spec/index.js';
import { knownFieldsText } from './known-fields-text.js';

// `npm run known-fields`: renews known-fields.ts after another version of client-node.
writeFileSync(join(PACKAGE_ROOT, 'src/kubernetes/rules/known-fields.ts'), await knownFieldsText());
