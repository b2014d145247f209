import { execFileSync } from 'node:child_process';
import type { HttpApi } from '../../../jobs/conductor/api.js';
import type { Kubectl } from '../kubectl.js';
import { annotate, ends, podLog } from '../play.js';

interface ReaderPod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
}

/**
 * A double of a kubelet for reader pods: nothing runs on a node of kwok, so the program in the pod's command is run here, on
 * folders of this machine, and what it prints becomes the pod's log.
 */
export class ReaderDouble {
  /** Pods that it ran. */
  readonly ran: string[] = [];
  private stopped = false;
  private readonly looking: Promise<void>;

  constructor(
    private readonly kubectl: Kubectl,
    private readonly api: HttpApi,
    private readonly namespace: string,
  ) {
    this.looking = this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  private async look(): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}/pods`;
    while (!this.stopped) {
      const { items } = await this.api.get<{ items: ReaderPod[] }>(path, {
        labelSelector: 'hps-bench/stage=read-results',
      });
      for (const pod of items) if (!this.ran.includes(pod.metadata.name)) await this.run(pod);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  private async run({ metadata: { name }, spec }: ReaderPod): Promise<void> {
    this.ran.push(name);
    const [program = '', ...args] = spec.containers[0]?.command ?? [];
    const text = execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    await this.kubectl.apply(podLog(this.kubectl, this.namespace, name, text));
    await annotate(this.kubectl, this.namespace, name, ends({ exitCode: 0 }));
  }
}
