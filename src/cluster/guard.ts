/** Words by which people name the cluster that must not be touched. */
const PRODUCTION = /(^|[^a-z])(prod|prd|production|live)([^a-z]|$)/i;

/** What is known of the context that is about to be written to. */
export interface ContextFacts {
  readonly context: string;
  readonly server: string;
  /** Whether the person wrote `--context` with this name. */
  readonly named: boolean;
}

export type Confirmation =
  /** A yes, or --yes, is enough. */
  | { readonly kind: 'yes' }
  /** Its name must be said: with --context, or typed at the question. */
  | { readonly kind: 'name'; readonly why: string };

/** How a person must confirm that this context may be written to (decision 131). Pure. */
export function confirmationOf({ context, server, named }: ContextFacts): Confirmation {
  if (named) return { kind: 'yes' };
  const word = PRODUCTION.exec(context)?.[2] ?? PRODUCTION.exec(hostOf(server))?.[2];
  if (word === undefined) return { kind: 'yes' };
  return { kind: 'name', why: `context ${context} (${server}) looks like production: it says "${word}"` };
}

/** Ports and paths say nothing about what a cluster is for. */
function hostOf(server: string): string {
  try {
    return new URL(server).hostname;
  } catch {
    return server;
  }
}
