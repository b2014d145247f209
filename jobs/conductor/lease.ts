/** A Lease: at most one holder at a time, and another one soon after the holder is gone. */
import { ApiError, type Api } from './api.js';
import type { Clock } from './clock.js';
import type { Lease as LeaseObject } from './objects.js';

/** A holder that did not renew for this long is taken to be gone. */
export const LEASE_SECONDS = 15;
/** For the floor of a namespace: a run whose conductor is being replaced keeps it. */
export const FLOOR_SECONDS = 300;
const RENEW_SECONDS = 4;

/** Our own hold was not renewed in time: whoever has it now goes on. */
export class LeaseLostError extends Error {}

export class Lease {
  /** Who holds it, if not we. */
  holder: string | undefined;
  private renewedAt = -Infinity;
  /** The version that was seen last, and when it was seen first: renewals are timed on our own clock, never on another's. */
  private seen: { version: string | undefined; at: number } | undefined;

  constructor(
    private readonly api: Api,
    private readonly namespace: string,
    readonly name: string,
    private readonly identity: string,
    private readonly clock: Clock,
    private readonly seconds = LEASE_SECONDS,
  ) {}

  /** Whether nobody else can have taken it by now. */
  get sure(): boolean {
    return this.clock.now() - this.renewedAt < (this.seconds - RENEW_SECONDS) * 1000;
  }

  /** Acquires or renews. @returns whether it is ours now @throws ApiError */
  async hold(): Promise<boolean> {
    const now = this.clock.now();
    if (now - this.renewedAt < RENEW_SECONDS * 1000) return true;
    const lease = await this.read();
    if (lease === undefined) return this.attempt(() => this.create(now), now);
    const holder = lease.spec?.holderIdentity ?? '';
    if (holder !== this.identity && holder !== '' && !this.expired(lease, now)) {
      this.holder = holder;
      this.renewedAt = -Infinity;
      return false;
    }
    return this.attempt(() => this.write(lease, holder === this.identity, now), now);
  }

  /** Lets others in at once. Quiet where that is not possible: it expires. */
  async release(): Promise<void> {
    if (this.renewedAt === -Infinity) return;
    this.renewedAt = -Infinity;
    try {
      const lease = await this.read();
      if (lease?.spec?.holderIdentity !== this.identity) return;
      const { resourceVersion } = lease.metadata;
      await this.api.patch(this.path, 'merge', { metadata: { resourceVersion }, spec: { holderIdentity: '' } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private async attempt(write: () => Promise<unknown>, now: number): Promise<boolean> {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      // Another one was faster.
      this.renewedAt = -Infinity;
      return false;
    }
    this.renewedAt = now;
    this.holder = undefined;
    return true;
  }

  /** Applied without force and under our own name as the fields' owner: of two that create it, the second is refused. */
  private create(now: number): Promise<unknown> {
    const metadata = { name: this.name, namespace: this.namespace, labels: { 'app.kubernetes.io/name': 'hps-bench' } };
    const spec = { ...this.times(now), acquireTime: micro(now), leaseTransitions: 0 };
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    return this.api.patch(this.path, 'apply', body, { fieldManager: `conductor-${this.identity}`.slice(0, 128) });
  }

  private write(lease: LeaseObject, renewal: boolean, now: number): Promise<unknown> {
    const { resourceVersion } = lease.metadata;
    const taken = { acquireTime: micro(now), leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1 };
    const spec = { ...this.times(now), ...(renewal ? {} : taken) };
    return this.api.patch(this.path, 'merge', { metadata: { resourceVersion }, spec });
  }

  private times(now: number): Record<string, unknown> {
    return { holderIdentity: this.identity, leaseDurationSeconds: this.seconds, renewTime: micro(now) };
  }

  private async read(): Promise<LeaseObject | undefined> {
    try {
      return await this.api.get<LeaseObject>(this.path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  private expired(lease: LeaseObject, now: number): boolean {
    const version = lease.metadata.resourceVersion;
    if (this.seen === undefined || this.seen.version !== version) this.seen = { version, at: now };
    return now - this.seen.at >= (lease.spec?.leaseDurationSeconds ?? this.seconds) * 1000;
  }

  private get path(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.namespace}/leases/${this.name}`;
  }
}

/** The API's MicroTime. */
function micro(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
