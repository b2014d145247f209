/** Argo CD removes it neither with its manifest nor with the Application: it holds hours of work. */
export const KEPT_BY_ARGOCD = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };
