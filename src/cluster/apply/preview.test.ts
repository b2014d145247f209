import { describe, expect, it } from 'vitest';
import { conflictError } from './apply.js';
import { conflictsIn } from './preview.js';

describe('the conflicts of an apply', () => {
  it('are named with their owner and fields where there is one', () => {
    const said =
      'patch deployments "triton": 409 Apply failed with 1 conflict: conflict with "kubectl-scale" with subresource "scale" using apps/v1: .spec.replicas (context a, https://b)';
    expect(conflictsIn('Deployment triton', said)).toEqual([
      { object: 'Deployment triton', owner: 'kubectl-scale', fields: ['.spec.replicas'] },
    ]);
  });
  it('are named with every owner and all fields where there are many', () => {
    const said =
      '409 Apply failed with 3 conflicts: conflicts with "argocd-controller" using v1:\n- .metadata.labels.a\n- .data.b\nconflict with "kubectl" using v1: .data.c';
    expect(conflictsIn('ConfigMap x', said)).toEqual([
      { object: 'ConfigMap x', owner: 'argocd-controller', fields: ['.metadata.labels.a', '.data.b'] },
      { object: 'ConfigMap x', owner: 'kubectl', fields: ['.data.c'] },
    ]);
  });
  it('are told with what to do about each owner, once', () => {
    const conflict = { object: 'Service triton', fields: ['.spec.ports'] };
    const { message } = conflictError([
      { ...conflict, owner: 'argocd-controller' },
      { ...conflict, owner: 'kubectl-edit' },
      { ...conflict, object: 'Job a', owner: 'kubectl-edit' },
    ]);
    expect(message.split('\n')).toEqual([
      'nothing was applied: others own fields that this run would change',
      "  Service triton: .spec.ports is argocd-controller's",
      "  Service triton: .spec.ports is kubectl-edit's",
      "  Job a: .spec.ports is kubectl-edit's",
      expect.stringMatching(/argocd-controller: Argo CD .*Git/),
      expect.stringMatching(/kubectl-edit: .*--take-over/),
    ]);
  });
});
