/** So many tasks at once and no more; the others wait their turn, in order. */
export class Lanes {
  private running = 0;
  private readonly waiting: (() => Promise<void>)[] = [];
  private readonly onIdle: (() => void)[] = [];
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly most: number) {}

  /** A task that throws ends the waiting of `idle` with its error. */
  add(task: () => Promise<void>): void {
    this.waiting.push(task);
    this.next();
  }

  get busy(): number {
    return this.running + this.waiting.length;
  }

  /** Resolves when nothing runs or waits. @throws what the first task that failed threw */
  async idle(): Promise<void> {
    while (this.busy > 0 && this.failure === undefined) await new Promise<void>((resolve) => this.onIdle.push(resolve));
    if (this.failure !== undefined) throw this.failure.error;
  }

  private next(): void {
    if (this.running >= this.most || this.failure !== undefined) return;
    const task = this.waiting.shift();
    if (task === undefined) return;
    this.running += 1;
    task()
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => {
        this.running -= 1;
        if (this.busy === 0 || this.failure !== undefined) for (const wake of this.onIdle.splice(0)) wake();
        this.next();
      });
  }
}
