/** Keeps the results ConfigMap up to date, with as few writes as people need. */
import type { Clock } from './clock.js';
import type { Cluster } from './cluster.js';
import type { EvidenceBook } from './evidence-book.js';
import { fleetResults } from './fleet-results.js';
import { isFleet, type AnyPlan, type Plan } from './plan.js';
import { resultsOf, type Results } from './records.js';
import { contentOf, type Content } from './results.js';
import type { RunStatus } from './status.js';

/** A status in which only a message changed is written this often. */
const MESSAGES_EVERY_MS = 5000;

/** What is said of the measurements: how many, and as texts. */
export interface Published {
  readonly expected: number;
  readonly counts: Results['counts'];
  readonly texts: Pick<Results, 'table' | 'records' | 'ledgerJson'>;
}

export class Publisher {
  private written = '';
  private skeleton = '';
  private writtenAt = -Infinity;
  private cache: { of: string; results: Results } | undefined;

  /** @param version resourceVersion of the ConfigMap as it was read; undefined where there is none yet */
  constructor(
    private readonly plan: AnyPlan,
    private readonly cluster: Cluster,
    private readonly clock: Clock,
    private readonly book: EvidenceBook,
    private version: string | undefined,
  ) {}

  /**
   * Writes what changed. @throws ApiError 409 where another conductor wrote since: then the cluster is to be read anew
   * @param now at once, even if only a message changed
   */
  async publish(status: RunStatus, now: boolean): Promise<void> {
    const content = this.content(status);
    const text = JSON.stringify(content);
    if (text === this.written) return;
    const skeleton = withoutMessages(status);
    if (!now && skeleton === this.skeleton && this.clock.now() - this.writtenAt < MESSAGES_EVERY_MS) return;
    const { metadata, ...rest } = content;
    const precondition = this.version === undefined ? {} : { resourceVersion: this.version };
    const made = await this.cluster.applyConfigMap({ metadata: { ...metadata, ...precondition }, ...rest });
    this.version = made.metadata.resourceVersion;
    this.written = text;
    this.skeleton = skeleton;
    this.writtenAt = this.clock.now();
  }

  private content(status: RunStatus): Content {
    const { plan } = this;
    const { expected, counts, texts } = isFleet(plan) ? fleetResults(plan, status) : this.results(plan, why(status));
    status.measurements = { expected, ...counts };
    return contentOf(plan, status, texts);
  }

  private results(plan: Plan, lack: string): Published {
    const of = `${this.book.known.size} ${lack}`;
    if (this.cache?.of !== of) this.cache = { of, results: resultsOf(plan, this.book.known, lack) };
    const { results } = this.cache;
    return { expected: results.ledger.entries.length, counts: results.counts, texts: results };
  }
}

/** What the ledger says of a measurement without evidence. */
export function why(status: RunStatus): string {
  if (status.failure !== null) return `stage ${status.failure.stage} failed: ${status.failure.summary}`;
  return status.state === 'running' ? 'not measured yet' : 'the log of measure.py has no evidence of it';
}

function withoutMessages(status: RunStatus): string {
  const conditions = status.conditions.map((one) => ({ ...one, message: '' }));
  return JSON.stringify({ ...status, message: '', conditions });
}
