import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../spec/index.js';
import { DOCUMENTS_WITH_PLANS, withPlans } from './planning-doc.js';

for (const name of DOCUMENTS_WITH_PLANS) {
  const path = join(PACKAGE_ROOT, name);
  writeFileSync(path, withPlans(readFileSync(path, 'utf8')));
}
