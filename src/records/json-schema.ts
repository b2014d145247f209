import { z } from 'zod';
import { evidenceSchema } from './evidence.js';

/** JSON schema of an evidence file, for readers that are not this kit and for programs that cannot carry zod. */
export function evidenceJsonSchema(): string {
  const schema = z.toJSONSchema(evidenceSchema, { io: 'input', target: 'draft-7', reused: 'ref' });
  return `${JSON.stringify({ ...schema, title: 'hps-bench evidence' }, null, 2)}\n`;
}
