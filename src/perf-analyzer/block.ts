/**
 * One level's block while it is being read: where the next line belongs, whether it
 * may come now, and whether the block is whole.
 */
import { type FieldLine, FIRST_TOTAL, store } from './fields.js';
import type { ComposingModel, Measurement, MeasurementFlags, ServerFields } from './reading.js';

/** Times that a run with `-v`, which prints passes, gives split. */
const NOT_VERBOSE = new Set(['send_recv_us', 'marshal_unmarshal_us']);

/** `mixed` swallows what follows once two reports have been seen in one block. */
export type BlockPart = 'client' | 'server' | 'composing' | 'gpu';
type Part = BlockPart | 'header' | 'mixed';

const GPU_KEYS = ['avg_utilization_pct', 'avg_power_w', 'max_memory_bytes', 'total_memory_bytes'] as const;
export type GpuKey = (typeof GPU_KEYS)[number];

export class Block {
  part: Part = 'header';
  /** Rank of the last line of the part; a line must have a higher one. */
  private rank = 0;
  private model: ComposingModel | undefined;
  /** The compute times of the part came in lines of their own, as ensembles have them up to 21.01. */
  private totals = false;
  private gpuKey: GpuKey | undefined;
  /** Keys whose numbers the part has printed, wrapped-around ones included. */
  private readonly printed = new Set<string>();
  /** A part ended without lines that it must have. */
  private lost = false;
  /** The current part was shortened by hand. */
  elided = false;
  /** A sentence of the tool says why the level has no numbers. */
  explained = false;

  constructor(
    readonly measurement: Measurement,
    /** False for a block whose level header was not seen. */
    readonly hasHeader: boolean,
  ) {}

  /** True once the text has begun to give the level's numbers. */
  get started(): boolean {
    return this.part !== 'header';
  }

  flag(name: keyof MeasurementFlags): void {
    (this.measurement.flags ??= {})[name] = true;
  }

  /** Enters a part; false when the order of parts forbids it. */
  enter(part: BlockPart): boolean {
    const order: Part[] = ['header', 'client', 'server', 'composing', 'gpu'];
    // An ensemble within an ensemble lists its own models.
    const nested = part === 'composing' && this.part === 'composing' && this.isEnsemble;
    if (this.part === 'mixed') return true;
    if (part === 'composing' && this.part === 'server' && !this.isEnsemble) return false;
    if (!nested && order.indexOf(part) <= order.indexOf(this.part)) return false;
    this.leavePart();
    this.part = part;
    this.rank = 0;
    this.printed.clear();
    this.model = undefined;
    this.elided = false;
    this.totals = false;
    return true;
  }

  /** Only ensembles (and BLS models) have composing models: their compute time is not split, or in lines of its own. */
  private get isEnsemble(): boolean {
    return this.printed.has('avg_request_latency_us') && (!this.printed.has('compute_infer_us') || this.totals);
  }

  /** Begins a composing model; false outside the list, and for a model that has been listed. */
  composing(name: string, version: string): boolean {
    if (this.part === 'mixed') return true;
    if (this.part !== 'composing') return false;
    const models = (this.measurement.composing_models ??= []);
    if (models.some((model) => model.name === name && model.version === version)) return false;
    if (this.model) this.leavePart();
    this.model = { name, version };
    models.push(this.model);
    this.totals = false;
    this.rank = 0;
    this.printed.clear();
    return true;
  }

  /** Begins one of the four lists of GPU values, in their order. */
  gpuHeading(key: GpuKey): boolean {
    if (this.part === 'mixed') return true;
    const before = this.gpuKey === undefined ? -1 : GPU_KEYS.indexOf(this.gpuKey);
    if (this.part !== 'gpu' || GPU_KEYS.indexOf(key) <= before) return false;
    this.gpuKey = key;
    return true;
  }

  /** Adds a GPU's value; false when there is no list for it or the GPU is there already. */
  gpuValue(key: GpuKey, uuid: string, value: number): boolean {
    if (this.part === 'mixed') return true;
    if (this.gpuKey !== key) return false;
    const list = ((this.measurement.gpu ??= {})[key] ??= {});
    if (Object.hasOwn(list, uuid)) return false;
    list[uuid] = value;
    return true;
  }

  get gpuList(): GpuKey | undefined {
    return this.gpuKey;
  }

  /**
   * Stores a line's numbers. Returns those that are no measurement (wrapped around),
   * or undefined when the line cannot come here, which shows that reports are mixed.
   */
  add(line: FieldLine): string[] | undefined {
    if (this.part === 'mixed') return [];
    if (line.rank <= this.rank) return undefined;
    if (this.part === 'composing' && !this.model) return undefined;
    if (this.measurement.passes && line.fields.some(([key]) => NOT_VERBOSE.has(key))) return undefined;
    this.rank = line.rank;
    this.totals ||= line.rank >= FIRST_TOTAL;
    for (const [key] of line.fields) this.printed.add(key);
    const target = this.part === 'composing' ? this.model : this.measurement;
    return store(target as unknown as Record<string, unknown>, line.fields);
  }

  /** A `Request count` without its heading turns out to be the server's. */
  moveRequestCountToServer(): boolean {
    const m = this.measurement;
    if (this.part !== 'client' || this.rank !== 1 || m.request_count === undefined) return false;
    m.server_request_count = m.request_count;
    delete m.request_count;
    this.printed.clear();
    this.printed.add('server_request_count');
    this.part = 'server';
    this.rank = 1;
    return true;
  }

  /** Two reports share this block: none of its numbers can be trusted. */
  spoil(): void {
    spoil(this.measurement);
    this.part = 'mixed';
  }

  /** Whether all lines that must follow have come. */
  whole(kind: string | undefined): boolean {
    const m = this.measurement;
    if (this.part === 'header') return false;
    if (this.part === 'client') return kind !== undefined && !/^triton/i.test(kind) && this.clientWhole;
    if (this.part === 'gpu') return this.gpuKey === 'total_memory_bytes';
    if (this.part === 'composing') return this.model !== undefined && this.serverWhole(this.model);
    // An ensemble's own numbers (releases from 20.08 on) are followed by those of its members.
    if (this.part === 'server')
      return this.serverWhole(m) && !(this.printed.has('compute_us') && this.printed.has('execution_count'));
    return true;
  }

  /** Notes that the part has lost lines. A block without its header has lost its beginning anyway. */
  private leavePart(): void {
    if (this.hasHeader && !this.elided && this.partial) this.lost = true;
  }

  /** Whether so much is missing that lines must have been lost, though the text went on. */
  get broken(): boolean {
    return this.lost || this.partial;
  }

  private get partial(): boolean {
    if (this.part === 'client') return !this.clientWhole;
    if (this.part === 'server') return !this.serverWhole(this.measurement);
    if (this.part === 'composing') return this.model === undefined || !this.serverWhole(this.model);
    return false;
  }

  private get clientWhole(): boolean {
    return this.printed.has('throughput') && [...this.printed].some((key) => /^(?:avg|p[\d.]+)_us$/.test(key));
  }

  private serverWhole(fields: ServerFields): boolean {
    if (fields.server_request_count === 0) return true;
    if (!this.printed.has('avg_request_latency_us')) return false;
    return !this.printed.has('cache_hit_count') || this.printed.has('avg_cache_miss_latency_us');
  }
}

/** Takes the numbers of a level away: they may be another report's. */
export function spoil(measurement: Measurement): void {
  const fields = measurement as unknown as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (!['concurrency', 'request_rate', 'stream', 'flags'].includes(key)) Reflect.deleteProperty(fields, key);
  }
  measurement.flags = { ...measurement.flags, no_result: true };
  delete measurement.flags.truncated;
  delete measurement.flags.server_counts_exceed_client;
}
