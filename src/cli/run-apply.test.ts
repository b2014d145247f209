import { describe, expect, it } from 'vitest';
import type { AnyPlan } from '../../jobs/conductor/plan.js';
import { RefusedError } from '../cluster/refused.js';
import { refuseWithoutSidecars } from './run-apply.js';

const plans = (stages: object): { plans: AnyPlan[] } => ({ plans: [{ stages } as AnyPlan] });
const FLEET = plans({ fleet: {} });

describe('a fleet on a cluster without sidecars', () => {
  it.each(['v1.28.4-gke.1083000', 'v1.27.0', '1.9.3'])('of %s is refused, and told of the Deployment', (version) => {
    const refused = (): void => {
      refuseWithoutSidecars(version, FLEET);
    };
    expect(refused).toThrow(RefusedError);
    expect(refused).toThrow(
      /nothing was applied: Kubernetes .* has no sidecars \(from 1\.29\).*\n.*Triton is a Deployment/,
    );
  });

  it.each(['v1.29.0', 'v1.36.3', 'v1.30.2-eks-1', 'v2.0.0'])('of %s is none', (version) => {
    expect(() => {
      refuseWithoutSidecars(version, FLEET);
    }).not.toThrow();
  });

  it('is nothing to a run with a Deployment', () => {
    expect(() => {
      refuseWithoutSidecars('v1.27.1', plans({ serve: {} }));
    }).not.toThrow();
  });
});
