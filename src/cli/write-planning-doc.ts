import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../spec/index.js';
import { withPlans } from './planning-doc.js';

const path = join(PACKAGE_ROOT, 'docs', 'planning.md');
writeFileSync(path, withPlans(readFileSync(path, 'utf8')));
