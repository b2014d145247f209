import { describe, expect, it } from 'vitest';
import { confirmationOf } from './guard.js';

const needed = (context: string, server = 'https://10.0.0.1:6443', named = false): string =>
  confirmationOf({ context, server, named }).kind;

describe('a context that is about to be written to', () => {
  it.each(['prod', 'eu-prod-1', 'PROD', 'gke_acme-production_europe', 'live', 'prd.cluster', 'admin@prod1'])(
    'named %s must be named, a yes is not enough',
    (context) => {
      expect(needed(context)).toBe('name');
    },
  );
  it.each(['kind-bench', 'product-team', 'reproduction', 'olive', 'delivery', 'dev', 'minikube'])(
    'named %s needs a yes',
    (context) => {
      expect(needed(context)).toBe('yes');
    },
  );
  it('must be named where its server says so', () => {
    expect(needed('admin', 'https://api.prod.example.com:6443')).toBe('name');
    expect(needed('admin', 'https://api.dev.example.com/k8s/clusters/prod')).toBe('yes');
  });
  it('needs no more than a yes once it was named', () => {
    expect(needed('prod', 'https://prod', true)).toBe('yes');
  });
  it('says why', () => {
    expect(confirmationOf({ context: 'eu-prod', server: 'https://x', named: false })).toMatchObject({
      why: 'context eu-prod (https://x) looks like production: it says "prod"',
    });
  });
});
