/** What went wrong between us and the API server. */
export type ClusterErrorKind =
  /** Kubeconfig, context or credentials cannot be used: exit code 2. All others: exit code 4. */
  | 'config'
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  /** The list or watch began too long ago: begin again (410). */
  | 'gone'
  | 'throttled'
  /** 5xx. */
  | 'server'
  /** The answer broke off or did not go on. */
  | 'cut'
  /** Any other refusal: the request cannot succeed as it is. */
  | 'refused';

/** Kinds that may pass by themselves. */
const PASSING: ReadonlySet<ClusterErrorKind> = new Set(['unreachable', 'throttled', 'server', 'cut']);

/** A call to a cluster that failed. The message says what, at which context, why, and what a person would try first. */
export class ClusterError extends Error {
  constructor(
    readonly kind: ClusterErrorKind,
    message: string,
    /** HTTP status; 0 where there was no answer. */
    readonly status = 0,
    /** How long the server asks to wait (Retry-After), in ms. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'ClusterError';
  }

  /** Whether the same call may succeed later. */
  get passing(): boolean {
    return PASSING.has(this.kind);
  }
}

/** What is being asked, for messages and fixes. */
export interface Asked {
  /** Kubernetes' verb: list, get, watch, patch, create, delete. */
  readonly verb: string;
  /** Such as `pods`, `pods/log`. */
  readonly resource: string;
  /** Undefined for what is not in a namespace. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Who asks, and where. */
export interface Place {
  readonly context: string;
  readonly server: string;
}

const where = ({ context, server }: Place): string => `context ${context}, ${server}`;

/** Such as `get pods/log "measure-1" in namespace hps-bench`. */
function doing({ verb, resource, namespace, name }: Asked): string {
  const what = name === undefined ? `${verb} ${resource}` : `${verb} ${resource} ${JSON.stringify(name)}`;
  return namespace === undefined ? what : `${what} in namespace ${namespace}`;
}

/** The error for an answer that is no success. @param body a Status object as JSON, or whatever a proxy put there */
export function refusal(
  status: number,
  body: string,
  asked: Asked,
  place: Place,
  retryAfter: string | undefined,
): ClusterError {
  const kind = kindOf(status, body);
  const said = saidIn(body);
  const message = `${doing(asked)}: ${status} ${said} (${where(place)})${fixOf(kind, asked, place)}`;
  return new ClusterError(kind, message, status, retryAfterMs(retryAfter));
}

/** The error for a connection that did not come about or did not last. */
export function noAnswer(error: Error, asked: Asked, place: Place, begun: boolean): ClusterError {
  const what = error.message === '' ? String((error as NodeJS.ErrnoException).code) : error.message;
  if (begun) return new ClusterError('cut', `${doing(asked)}: the answer broke off: ${what} (${where(place)})`);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);
  const fix = certificate
    ? '\n  the certificate is not the one that the kubeconfig trusts: renew the kubeconfig from the cluster'
    : `\n  is the cluster up, and is a VPN or proxy needed? \`kubectl --context ${place.context} get namespaces\` must answer`;
  return new ClusterError(certificate ? 'config' : 'unreachable', `${doing(asked)}: ${what} (${where(place)})${fix}`);
}

function kindOf(status: number, body: string): ClusterErrorKind {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 410) return 'gone';
  if (status === 429) return 'throttled';
  // A watch from before a compaction may be answered so where the error came through a proxy.
  if (status >= 500) return body.includes('etcdserver: mvcc: required revision has been compacted') ? 'gone' : 'server';
  return 'refused';
}

function saidIn(body: string): string {
  try {
    const { message, reason } = JSON.parse(body) as { message?: string; reason?: string };
    return message ?? reason ?? body.slice(0, 200);
  } catch {
    return body.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  }
}

function fixOf(kind: ClusterErrorKind, { verb, resource, namespace }: Asked, { context }: Place): string {
  const scope = namespace === undefined ? '' : ` -n ${namespace}`;
  if (kind === 'unauthorized')
    return `\n  the credentials of context ${context} are not accepted or have expired: log in again, or name another --context`;
  if (kind === 'forbidden')
    return `\n  this user may not ${verb} ${resource}: ask for that right (\`kubectl --context ${context} auth can-i ${verb} ${resource}${scope}\` shows it), or name another --context or --as`;
  if (kind === 'throttled') return '\n  the API server has too much to do: try again later';
  return '';
}

/** Seconds or a date, as HTTP has it; at most a minute of it is believed. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 60_000) : undefined;
}
