import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../spec/index.js';
import { knownFieldsText } from './known-fields-text.js';
import { KNOWN_FIELDS } from './known-fields.js';

it('the committed fields are those of the client-node in use (npm run known-fields)', async () => {
  const committed = readFileSync(join(PACKAGE_ROOT, 'src/kubernetes/rules/known-fields.ts'), 'utf8');
  expect(await knownFieldsText()).toBe(committed);
});

it("they have Kubernetes' own spelling, and fields newer than cdk8s-plus-27 knows", () => {
  expect(KNOWN_FIELDS['V1NetworkPolicyIngressRule']).toHaveProperty('from');
  expect(KNOWN_FIELDS['V1ServiceSpec']).toHaveProperty('clusterIP');
  expect(KNOWN_FIELDS['V1JobSpec']).toHaveProperty('podReplacementPolicy');
  expect(KNOWN_FIELDS['V1Container']).toHaveProperty('restartPolicy');
});
