import { z } from 'zod';
import { specSchema } from './schema.js';
import { PRESETS } from './load.js';

/** JSON schema of bench.yaml for editors: what may be written, so no key is required. */
export function benchJsonSchema(): string {
  const schema = z.toJSONSchema(specSchema, { io: 'input', target: 'draft-7' }) as {
    properties: Record<string, unknown>;
  };
  const preset = {
    description: 'Settings to start from; what is written beside it overrides them.',
    enum: [...PRESETS],
  };
  const document = { ...schema, title: 'hps-bench bench.yaml', properties: { preset, ...schema.properties } };
  return `${JSON.stringify(document, null, 2)}\n`;
}
