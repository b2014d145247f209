/** The fields of Kubernetes objects that the conductor reads, as the API server sends them. Everything may be missing but names. */
export interface Meta {
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Terminated {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Terminated;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface Pod {
  readonly metadata: Meta;
  readonly spec?: {
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly nodeName?: string;
    readonly activeDeadlineSeconds?: number;
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Job {
  readonly metadata: Meta;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** A Job whose pods have a number each. */
export interface IndexedJob extends Job {
  readonly spec?: { readonly completions?: number; readonly activeDeadlineSeconds?: number };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly active?: number;
    readonly succeeded?: number;
    /** Such as `0,2-3`. */
    readonly failedIndexes?: string;
  };
}

export interface Scale {
  readonly metadata: Meta;
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

export interface ConfigMap {
  readonly metadata: Meta;
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

export interface Lease {
  readonly metadata: Meta;
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly renewTime?: string;
    readonly acquireTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** Whether a condition of that type holds. */
export function condition(of: { status?: { conditions?: readonly Condition[] } }, type: string): Condition | undefined {
  return of.status?.conditions?.find((one) => one.type === type && one.status === 'True');
}
