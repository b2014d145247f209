// Bundled from jobs/conductor and src by `npm run bundle:conductor`. Edit those, not this file.

// main.ts
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync as readFileSync2, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { parseArgs } from "node:util";

// api.ts
import http from "node:http";
import https from "node:https";
var ApiError = class extends Error {
  constructor(status, reason, message) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.name = "ApiError";
  }
  status;
  reason;
};
var PATCH = {
  apply: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json"
};
var TIMEOUT_MS = 15e3;
var HttpApi = class {
  constructor(who) {
    this.who = who;
    const options = { keepAlive: true, maxSockets: 4, ...who.ca === void 0 ? {} : { ca: who.ca } };
    this.agent = who.address.startsWith("https:") ? new https.Agent(options) : new http.Agent(options);
  }
  who;
  agent;
  get(path, query = {}) {
    return this.json("GET", path, query);
  }
  patch(path, kind, body, query = {}) {
    return this.json("PATCH", path, query, body, PATCH[kind]);
  }
  post(path, body) {
    return this.json("POST", path, {}, body, "application/json");
  }
  async *stream(path, query = {}) {
    const response = await this.send("GET", path, query);
    if (response.statusCode !== 200) throw await refusal(response, `GET ${path}`);
    try {
      for await (const chunk of response) yield chunk;
    } catch (error) {
      throw new ApiError(0, "Cut", `GET ${path}: ${error.message}`);
    }
  }
  /** Ends idle connections, so that the process can. */
  close() {
    this.agent.destroy();
  }
  async json(method, path, query, body, type) {
    const response = await this.send(method, path, query, body, type);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw await refusal(response, `${method} ${path}`);
    const text = await textOf(response, `${method} ${path}`);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new ApiError(0, "NotJson", `${method} ${path}: ${error.message}`);
    }
  }
  send(method, path, query, body, type) {
    const url = new URL(this.who.address + path);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const token = this.who.token();
    const text = body === void 0 ? void 0 : JSON.stringify(body);
    const headers = {
      accept: "application/json, */*",
      "user-agent": "hps-bench-conductor",
      ...token === void 0 ? {} : { authorization: `Bearer ${token}` },
      ...text === void 0 ? {} : { "content-type": type, "content-length": String(Buffer.byteLength(text)) }
    };
    return new Promise((resolve, reject) => {
      const fail2 = (error) => {
        reject(new ApiError(0, "Unreachable", `${method} ${path}: ${error.message}`));
      };
      const client = url.protocol === "https:" ? https : http;
      const request = client.request(url, { method, headers, agent: this.agent, timeout: TIMEOUT_MS }, resolve);
      request.on("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1e3} s`)));
      request.on("error", fail2);
      request.end(text);
    });
  }
};
async function textOf(response, what) {
  const chunks = [];
  try {
    for await (const chunk of response) chunks.push(chunk);
  } catch (error) {
    throw new ApiError(0, "Cut", `${what}: ${error.message}`);
  }
  return Buffer.concat(chunks).toString("utf8");
}
async function refusal(response, what) {
  const text = await textOf(response, what);
  const status = response.statusCode ?? 0;
  try {
    const said2 = JSON.parse(text);
    return new ApiError(status, said2.reason ?? String(status), `${what}: ${status} ${said2.message ?? ""}`.trim());
  } catch {
    return new ApiError(status, String(status), `${what}: ${status} ${text.slice(0, 200)}`.trim());
  }
}

// clock.ts
var systemClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms))
};
var isoTime = (clock) => new Date(clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
var secondsSince = (clock, instant) => (clock.now() - Date.parse(instant)) / 1e3;

// cluster.ts
import { createHash } from "node:crypto";

// json-check.ts
var IGNORED = /* @__PURE__ */ new Set(["$schema", "$id", "title", "description", "format", "default", "definitions"]);
var CHECKS = {
  $ref: (value, rule, where, _, root) => problemsOf(value, definition(root, String(rule)), where, root),
  type: (value, rule, where) => unless(
    [rule].flat().some((name2) => isType(value, name2)),
    where,
    value,
    said(rule)
  ),
  const: (value, rule, where) => unless(value === rule, where, value, JSON.stringify(rule)),
  enum: (value, rule, where) => unless(rule.includes(value), where, value, rule.map(String).join(", ")),
  anyOf: (value, rule, where, _, root) => unless(
    rule.some((schema) => problemsOf(value, schema, where, root).length === 0),
    where,
    value,
    rule.map((schema) => said(resolved(schema, root)["type"])).join(" or ")
  ),
  required: (value, rule, where) => rule.flatMap(
    (key) => isObject(value) && !(key in value) ? unless(false, join(where, key), void 0, "a value: it is missing") : []
  ),
  properties: (value, rule, where, _, root) => Object.entries(rule).flatMap(
    ([key, schema]) => isObject(value) && key in value ? problemsOf(value[key], schema, join(where, key), root) : []
  ),
  additionalProperties: (value, rule, where, schema, root) => {
    if (!isObject(value) || rule === true) return [];
    const known = schema["properties"] ?? {};
    const others = Object.keys(value).filter((key) => !(key in known));
    return others.flatMap(
      (key) => rule === false ? unless(false, join(where, key), value[key], `only ${Object.keys(known).join(", ")}`) : problemsOf(value[key], rule, join(where, key), root)
    );
  },
  propertyNames: () => [],
  items: (value, rule, where, _, root) => Array.isArray(value) ? value.flatMap((item, index) => problemsOf(item, rule, join(where, String(index)), root)) : [],
  minItems: (value, rule, where) => Array.isArray(value) ? unless(value.length >= Number(rule), where, value, `${String(rule)} or more items`) : [],
  minLength: (value, rule, where) => typeof value === "string" ? unless(value.length >= Number(rule), where, value, "a text that is not empty") : [],
  minimum: (value, rule, where) => typeof value === "number" ? unless(value >= Number(rule), where, value, `${String(rule)} or more`) : [],
  exclusiveMinimum: (value, rule, where) => typeof value === "number" ? unless(value > Number(rule), where, value, `above ${String(rule)}`) : [],
  maximum: (value, rule, where) => typeof value === "number" ? unless(value <= Number(rule), where, value, `${String(rule)} or less`) : [],
  pattern: (value, rule, where) => typeof value === "string" ? unless(new RegExp(String(rule), "u").test(value), where, value, `text like ${String(rule)}`) : []
};
function problemsOf(value, schema, where = "", root = schema) {
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    if (IGNORED.has(keyword)) return [];
    const check = CHECKS[keyword];
    if (check === void 0) throw new Error(`JSON Schema keyword ${JSON.stringify(keyword)} is not supported here`);
    return check(value, rule, where, schema, root);
  });
}
function explain(problems, most = 5) {
  const lines = problems.slice(0, most).map(({ where, value, allowed }) => `${where || "the document"}: is ${shown(value)}; allowed: ${allowed}`);
  return [...lines, ...problems.length > most ? [`and ${problems.length - most} more`] : []].join("; ");
}
function resolved(schema, root) {
  return typeof schema["$ref"] === "string" ? definition(root, schema["$ref"]) : schema;
}
function definition(root, ref) {
  const found = root["definitions"]?.[ref.replace("#/definitions/", "")];
  if (found === void 0) throw new Error(`the schema has no definition ${ref}`);
  return found;
}
function unless(ok, where, value, allowed) {
  return ok ? [] : [{ where, value, allowed }];
}
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isType(value, name2) {
  if (name2 === "object") return isObject(value);
  if (name2 === "array") return Array.isArray(value);
  if (name2 === "integer") return Number.isInteger(value);
  if (name2 === "null") return value === null;
  return typeof value === name2;
}
function said(type) {
  return [type].flat().map(String).join(" or ");
}
function shown(value) {
  const text = value === void 0 ? "missing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
function join(where, key) {
  return where === "" ? key : `${where}.${key}`;
}

// plan.ts
var PLAN_SCHEMA = "hps-bench/plan/1";
var STAGES = ["create-models", "build-engines", "serve", "measure", "fleet", "publish"];
var GATE = "hps-bench/conductor";
var isFleet = (plan) => plan.stages.fleet !== void 0;
function servedStages(plan) {
  if (isFleet(plan)) throw new RangeError(`run ${plan.runId} is a fleet: no stage serve, no stage measure`);
  return plan.stages;
}
var resultsName = (runId) => `results-${runId}`;
var conductorLease = (runId) => `conductor-${runId}`;
var FLOOR_LEASE = "hps-bench";
var name = { type: "string", pattern: "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$" };
var seconds = { type: "integer", minimum: 1 };
var strict = (properties, optional = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false
});
var job = strict({ job: name, timeoutSeconds: seconds });
var served = strict(
  {
    "create-models": job,
    "build-engines": job,
    serve: strict({
      deployment: name,
      address: { type: "string", pattern: "^https?://[^/\\s]+$" },
      gpus: { type: "integer", minimum: 0 },
      timeoutSeconds: seconds
    }),
    measure: job
  },
  ["build-engines"]
);
var fleet = strict({
  "create-models": job,
  fleet: strict({
    selector: { type: "string", minLength: 1 },
    jobs: { type: "integer", minimum: 1 },
    pods: { type: "integer", minimum: 1 },
    timeoutSeconds: seconds
  })
});
var planWith = (stages) => strict({
  schema: { const: PLAN_SCHEMA },
  runId: { type: "string", pattern: "^[a-z0-9]([-a-z0-9.]{0,42}[a-z0-9])?$" },
  specHash: { type: "string", pattern: "^[0-9a-f]{12}$" },
  namespace: name,
  conductorJob: name,
  stages,
  variants: { type: "array", minItems: 1, items: { type: "string", minLength: 1 } },
  measurements: { type: "integer", minimum: 1 },
  limits: strict({ runSeconds: seconds, schedulingSeconds: seconds, releases: { type: "integer", minimum: 1 } }),
  spec: { type: "object" }
});
var PlanError = class extends Error {
  constructor(message) {
    super(message);
    this.name = "PlanError";
  }
};
function checkPlan(value, where, hashOf) {
  const given = value;
  const got = given?.schema;
  if (got !== PLAN_SCHEMA)
    throw new PlanError(
      `${where}: has schema ${JSON.stringify(got)}, this conductor reads ${PLAN_SCHEMA} (render the manifests again)`
    );
  const problems = problemsOf(value, planWith(given?.stages?.fleet === void 0 ? served : fleet));
  if (problems.length > 0) throw new PlanError(`${where}: ${explain(problems)} (render the manifests again)`);
  const plan = value;
  const hash = hashOf(plan.spec);
  if (hash !== plan.specHash)
    throw new PlanError(
      `${where}: specHash is ${JSON.stringify(plan.specHash)}, but the spec beside it has ${JSON.stringify(hash)} (the plan was edited; render the manifests again)`
    );
  return plan;
}
function stagesOf({ stages }) {
  return STAGES.filter((stage) => stage === "publish" || stages[stage] !== void 0);
}

// cluster.ts
var MANAGER = "hps-bench-conductor";
var OUTCOME = "hps-bench/outcome";
var LAST_LINES = 20;
var Cluster = class {
  /** @param guard called before every change; throws where this conductor may not make it (any more) */
  constructor(api, namespace, guard) {
    this.api = api;
    this.namespace = namespace;
    this.guard = guard;
  }
  api;
  namespace;
  guard;
  jobUid;
  job(name2) {
    return orMissing(this.api.get(`/apis/batch/v1/namespaces/${this.namespace}/jobs/${name2}`));
  }
  /** Says on a Job what came of it, where `kubectl describe` and Argo CD's health of it look. Not an error without the Job. */
  noteOutcome(job2, outcome) {
    this.guard("workload");
    const path = `/apis/batch/v1/namespaces/${this.namespace}/jobs/${job2}`;
    return orMissing(this.api.patch(path, "merge", { metadata: { annotations: { [OUTCOME]: outcome } } }));
  }
  podsOfJob(job2) {
    return this.pods(`batch.kubernetes.io/job-name=${job2}`);
  }
  /** Oldest first, so that "the last one" has a meaning. */
  async pods(labelSelector, fieldSelector) {
    const pods = await this.pages(this.core("pods"), {
      labelSelector,
      ...fieldSelector === void 0 ? {} : { fieldSelector }
    });
    return pods.sort((a, b) => age(a) < age(b) ? -1 : 1);
  }
  /** Jobs of a fleet. */
  jobs(labelSelector) {
    return this.pages(`/apis/batch/v1/namespaces/${this.namespace}/jobs`, { labelSelector });
  }
  /** Ends a Job by a deadline that is over: its pods are deleted, what waits never starts. Not an error where it is gone. */
  endJob(name2) {
    this.guard("workload");
    const path = `/apis/batch/v1/namespaces/${this.namespace}/jobs/${name2}`;
    return orMissing(this.api.patch(path, "merge", { spec: { activeDeadlineSeconds: 1 } }));
  }
  /** A list in pieces, so that thousands of pods are never one answer. */
  async pages(path, selection) {
    const items = [];
    let next = "";
    do {
      const query = { ...selection, limit: "500", ...next === "" ? {} : { continue: next } };
      const page = await this.api.get(path, query);
      for (const item of page.items ?? []) items.push(item);
      next = page.metadata?.continue ?? "";
    } while (next !== "");
    return items;
  }
  /** Takes our gate away and leaves those of others. Not an error where it is gone already. */
  ungate(pod) {
    return this.patchPod(pod, { schedulingGates: [{ name: GATE, $patch: "delete" }] });
  }
  /** Ends a pod without deleting it or its log: the kubelet stops it after this one second more. */
  stop(pod) {
    return this.patchPod(pod, { activeDeadlineSeconds: 1 });
  }
  patchPod(pod, spec) {
    this.guard("workload");
    const { name: name2, uid } = pod.metadata;
    return orMissing(this.api.patch(this.core(`pods/${name2}`), "strategic", { metadata: { uid }, spec }));
  }
  scale(deployment) {
    return orMissing(this.api.get(this.scalePath(deployment)));
  }
  /** Refused (409) if the Deployment changed since `scale` was read: an order that came too late must not take a GPU. */
  setReplicas(deployment, { metadata }, replicas) {
    this.guard("workload");
    const { resourceVersion } = metadata;
    return this.api.patch(this.scalePath(deployment), "merge", { metadata: { resourceVersion }, spec: { replicas } });
  }
  /** A container's log as it comes. */
  log(pod, container, previous = false) {
    return this.api.stream(this.core(`pods/${pod}/log`), {
      ...container === null ? {} : { container },
      ...previous ? { previous: "true" } : {}
    });
  }
  /** The last lines of a container's log; none where the log is gone or the node does not answer. */
  async lastLines(pod, container, previous = false, lines = LAST_LINES) {
    const query = { tailLines: String(lines), ...previous ? { previous: "true" } : {} };
    const chunks = [];
    try {
      const path = this.core(`pods/${pod}/log`);
      for await (const chunk of this.api.stream(path, { ...query, ...container === null ? {} : { container } }))
        chunks.push(chunk);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    const text = Buffer.concat(chunks).toString("utf8").trimEnd();
    return text === "" ? [] : text.split("\n");
  }
  configMap(name2) {
    return orMissing(this.api.get(this.core(`configmaps/${name2}`)));
  }
  /** Makes or replaces a ConfigMap by server-side apply. Refused (409) if it is not of `resourceVersion` any more. */
  applyConfigMap(body) {
    this.guard("results");
    return this.api.patch(
      this.core(`configmaps/${body.metadata.name}`),
      "apply",
      { apiVersion: "v1", kind: "ConfigMap", ...body },
      { fieldManager: MANAGER, force: "true" }
    );
  }
  /**
   * An event on the conductor's Job. One that cannot be told is not worth a run.
   * @param event `key` tells it from others of the same reason: told again, by whichever conductor, it stays one event
   */
  async event(job2, event) {
    this.jobUid ??= (await this.job(job2))?.metadata.uid;
    const { reason, key, message, warning, at } = event;
    const id = createHash("sha256").update(`${reason} ${key}`).digest("hex").slice(0, 16);
    const { namespace } = this;
    const involvedObject = { apiVersion: "batch/v1", kind: "Job", name: job2, namespace, uid: this.jobUid };
    try {
      await this.api.post(this.core("events"), {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: `${job2}.${id}`, namespace },
        involvedObject,
        reason,
        // The API server refuses messages above 1024 bytes.
        message: Buffer.from(message).subarray(0, 1e3).toString("utf8").replace(/\ufffd+$/, ""),
        type: warning ? "Warning" : "Normal",
        source: { component: MANAGER },
        reportingComponent: MANAGER,
        reportingInstance: job2,
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  core(path) {
    return `/api/v1/namespaces/${this.namespace}/${path}`;
  }
  scalePath(deployment) {
    return `/apis/apps/v1/namespaces/${this.namespace}/deployments/${deployment}/scale`;
  }
};
async function orMissing(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return void 0;
    throw error;
  }
}
function age(pod) {
  return `${pod.metadata.creationTimestamp ?? ""} ${pod.metadata.name}`;
}

// lease.ts
var LEASE_SECONDS = 15;
var FLOOR_SECONDS = 300;
var RENEW_SECONDS = 4;
var LeaseLostError = class extends Error {
};
var Lease = class {
  constructor(api, namespace, name2, identity, clock, seconds2 = LEASE_SECONDS) {
    this.api = api;
    this.namespace = namespace;
    this.name = name2;
    this.identity = identity;
    this.clock = clock;
    this.seconds = seconds2;
  }
  api;
  namespace;
  name;
  identity;
  clock;
  seconds;
  /** Who holds it, if not we. */
  holder;
  renewedAt = -Infinity;
  /** The version that was seen last, and when it was seen first: renewals are timed on our own clock, never on another's. */
  seen;
  /** Whether nobody else can have taken it by now. */
  get sure() {
    return this.clock.now() - this.renewedAt < (this.seconds - RENEW_SECONDS) * 1e3;
  }
  /** Acquires or renews. @returns whether it is ours now @throws ApiError */
  async hold() {
    const now2 = this.clock.now();
    if (now2 - this.renewedAt < RENEW_SECONDS * 1e3) return true;
    const lease = await this.read();
    if (lease === void 0) return this.attempt(() => this.create(now2), now2);
    const holder = lease.spec?.holderIdentity ?? "";
    if (holder !== this.identity && holder !== "" && !this.expired(lease, now2)) {
      this.holder = holder;
      this.renewedAt = -Infinity;
      return false;
    }
    return this.attempt(() => this.write(lease, holder === this.identity, now2), now2);
  }
  /** Lets others in at once. Quiet where that is not possible: it expires. */
  async release() {
    if (this.renewedAt === -Infinity) return;
    this.renewedAt = -Infinity;
    try {
      const lease = await this.read();
      if (lease?.spec?.holderIdentity !== this.identity) return;
      const { resourceVersion } = lease.metadata;
      await this.api.patch(this.path, "merge", { metadata: { resourceVersion }, spec: { holderIdentity: "" } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  async attempt(write, now2) {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      this.renewedAt = -Infinity;
      return false;
    }
    this.renewedAt = now2;
    this.holder = void 0;
    return true;
  }
  /** Applied without force and under our own name as the fields' owner: of two that create it, the second is refused. */
  create(now2) {
    const metadata = { name: this.name, namespace: this.namespace, labels: { "app.kubernetes.io/name": "hps-bench" } };
    const spec = { ...this.times(now2), acquireTime: micro(now2), leaseTransitions: 0 };
    const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
    return this.api.patch(this.path, "apply", body, { fieldManager: `conductor-${this.identity}`.slice(0, 128) });
  }
  write(lease, renewal, now2) {
    const { resourceVersion } = lease.metadata;
    const taken = { acquireTime: micro(now2), leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1 };
    const spec = { ...this.times(now2), ...renewal ? {} : taken };
    return this.api.patch(this.path, "merge", { metadata: { resourceVersion }, spec });
  }
  times(now2) {
    return { holderIdentity: this.identity, leaseDurationSeconds: this.seconds, renewTime: micro(now2) };
  }
  async read() {
    try {
      return await this.api.get(this.path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return void 0;
      throw error;
    }
  }
  expired(lease, now2) {
    const version = lease.metadata.resourceVersion;
    if (this.seen === void 0 || this.seen.version !== version) this.seen = { version, at: now2 };
    return now2 - this.seen.at >= (lease.spec?.leaseDurationSeconds ?? this.seconds) * 1e3;
  }
  get path() {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.namespace}/leases/${this.name}`;
  }
};
function micro(ms) {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

// results.ts
import { gunzipSync, gzipSync } from "node:zlib";

// pods.ts
var TROUBLES = /* @__PURE__ */ new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "CrashLoopBackOff",
  "PreStartHookError",
  "PostStartHookError"
]);
var MOST_RESTARTS = 3;
var BAD_INPUT = 2;
function podState(pod) {
  const phase = pod.status?.phase ?? "Pending";
  if (phase === "Succeeded") return { kind: "succeeded", message: endMessage(pod) };
  if (phase === "Failed") return { kind: "failed", failure: failureOf(pod) };
  if ((pod.spec?.schedulingGates ?? []).some((gate) => gate.name === GATE)) return { kind: "gated" };
  if (phase === "Running") return runningState(pod);
  return waitingState(pod);
}
function otherGates(pod) {
  return (pod.spec?.schedulingGates ?? []).map((gate) => gate.name).filter((name2) => name2 !== GATE);
}
function containers(pod) {
  return [...pod.status?.initContainerStatuses ?? [], ...pod.status?.containerStatuses ?? []];
}
function waitingState(pod) {
  const others = otherGates(pod);
  if (others.length > 0)
    return { kind: "waiting", message: `held by the gate ${others.join(", ")}`, unscheduled: true, trouble: null };
  const scheduled = pod.status?.conditions?.find((one) => one.type === "PodScheduled");
  if (pod.spec?.nodeName === void 0 && scheduled?.status !== "True") {
    const message = scheduled?.message ?? "waits for the scheduler";
    return { kind: "waiting", message: `not on a node yet: ${message}`, unscheduled: true, trouble: null };
  }
  return { kind: "waiting", message: startMessage(pod), unscheduled: false, trouble: troubleOf(pod) };
}
function startMessage(pod) {
  const one = containers(pod).find((status) => status.state?.waiting !== void 0);
  const waiting = one?.state?.waiting;
  if (one === void 0 || waiting === void 0) return "starts";
  return `${one.name}: ${[waiting.reason, waiting.message].filter(Boolean).join(": ") || "waits"}`;
}
function troubleOf(pod) {
  for (const status of containers(pod)) {
    const waiting = status.state?.waiting;
    if (waiting?.reason === void 0 || !TROUBLES.has(waiting.reason)) continue;
    const last2 = status.lastState?.terminated;
    if (last2 !== void 0) {
      const end = endOf(pod, status, last2);
      return { ...end, final: end.final || (status.restartCount ?? 0) >= MOST_RESTARTS, previous: true };
    }
    const { reason, message = "" } = waiting;
    const pod_ = pod.metadata.name;
    return { pod: pod_, container: status.name, exitCode: null, reason, message, final: false, previous: false };
  }
  return null;
}
function runningState(pod) {
  const main2 = pod.status?.containerStatuses ?? [];
  const restarts = Math.max(0, ...main2.map((status) => status.restartCount ?? 0));
  const trouble = troubleOf(pod);
  const ended2 = main2.find((status) => status.lastState?.terminated !== void 0);
  const last2 = ended2?.lastState?.terminated;
  return {
    kind: "running",
    ready: main2.length > 0 && main2.every((status) => status.ready === true),
    restarts,
    since: main2.map((status) => status.state?.running?.startedAt ?? "").sort().at(-1),
    last: trouble ?? (ended2 && last2 ? { ...endOf(pod, ended2, last2), previous: true } : null)
  };
}
function failureOf(pod) {
  const ended2 = containers(pod).find((status) => (status.state?.terminated?.exitCode ?? 0) !== 0);
  const terminated = ended2?.state?.terminated;
  const own = pod.status?.reason;
  const base = ended2 && terminated ? endOf(pod, ended2, terminated) : { pod: pod.metadata.name, container: null, exitCode: null, reason: own ?? "Failed", message: "", final: false };
  const reason = own ?? base.reason;
  const message = [pod.status?.message, base.message].filter(Boolean).join(" ");
  return { ...base, reason, message, final: base.final || reason === "DeadlineExceeded", previous: false };
}
function endOf(pod, status, ended2) {
  const reason = ended2.reason ?? (ended2.signal === void 0 ? "Error" : `signal ${ended2.signal}`);
  return {
    pod: pod.metadata.name,
    container: status.name,
    exitCode: ended2.exitCode,
    reason,
    message: (ended2.message ?? "").trim(),
    final: ended2.exitCode === BAD_INPUT || reason === "OOMKilled",
    previous: false
  };
}
function lastWords(message) {
  try {
    const said2 = JSON.parse(message);
    return typeof said2?.reason === "string" && said2.reason !== "" ? said2.reason : message;
  } catch {
    return message;
  }
}
function endMessage(pod) {
  const messages = (pod.status?.containerStatuses ?? []).map((status) => status.state?.terminated?.message ?? "");
  return messages.find((message) => message !== "")?.trim() ?? "";
}

// status.ts
var STATUS_SCHEMA = "hps-bench/run-status/1";
function firstStatus(plan, now2) {
  const expected = plan.measurements;
  return {
    schema: STATUS_SCHEMA,
    runId: plan.runId,
    specHash: plan.specHash,
    state: "running",
    stage: "create-models",
    startedAt: now2,
    finishedAt: null,
    message: "begins",
    conditions: stagesOf(plan).map((stage) => ({ stage, state: "waiting", since: null, message: "", released: [] })),
    measurements: { expected, measured: 0, invalid: 0, failed: 0, missing: expected },
    notes: [],
    failure: null
  };
}
function conditionOf(status, stage) {
  const found = status.conditions.find((one) => one.stage === stage);
  if (found === void 0) throw new RangeError(`the plan has no stage ${stage}`);
  return found;
}
function currentStage(status) {
  return status.conditions.find((one) => one.state !== "done")?.stage;
}
function enter(status, stage, state, now2, message) {
  const one = conditionOf(status, stage);
  if (one.state !== state) {
    one.state = state;
    one.since = now2;
  }
  one.message = message;
  status.stage = stage;
  status.message = `${stage}: ${message}`;
}
function exitCode(status) {
  return { running: 4, complete: 0, incomplete: 3, failed: 4 }[status.state];
}
function fail(status, failure, now2) {
  enter(status, failure.stage, "failed", now2, failure.summary);
  status.state = "failed";
  status.failure = failure;
}
function reasonText(failure) {
  const words = lastWords(failure.message ?? "");
  return [
    `stage ${failure.stage} failed: ${failure.summary}`,
    ...words === "" || failure.summary.includes(words) ? [] : [`it said: ${words}`],
    ...failure.log.length === 0 ? [] : ["last lines of its log:", "", ...failure.log],
    ""
  ].join("\n");
}
function failureSentence(failure) {
  const { pod, container, exitCode: code, reason, message } = failure;
  const what = container === null ? `pod ${pod}` : `container ${container} of pod ${pod}`;
  if (code === null) return `${what}: ${reason}${message === "" ? "" : `: ${message}`}`;
  const word = reason === "Error" || reason === "Completed" ? "" : ` (${reason})`;
  return `${what} ended with exit code ${code}${word}`;
}

// results.ts
var LARGEST_TEXT = 7e5;
var LARGEST = 1e6;
var LEFT_OUT = " is left out: ";
var StateError = class extends Error {
  constructor(message) {
    super(message);
    this.name = "StateError";
  }
};
function contentOf(plan, status, results) {
  const data = { "table.md": results.table };
  const binaryData = {};
  const notes = [];
  if (status.failure !== null) data["reason"] = reasonText(status.failure);
  let room = LARGEST - size(data) - 2 * JSON.stringify(status).length;
  for (const [key, text, place] of [
    ["ledger.json", results.ledgerJson, "the counts are in status.json"],
    ["records.ndjson", results.records, "the evidence is on the volume"]
  ]) {
    const plain = Buffer.byteLength(text);
    if (plain <= Math.min(LARGEST_TEXT, room)) {
      data[key] = text;
      room -= plain;
      continue;
    }
    const packed = gzipSync(text, { level: 9 });
    if (packed.length <= room) {
      binaryData[`${key}.gz`] = packed.toString("base64");
      room -= packed.length;
    } else
      notes.push(`${key}${LEFT_OUT}${plain} bytes, ${packed.length} packed, do not fit into a ConfigMap; ${place}`);
  }
  data["status.json"] = `${JSON.stringify({ ...status, notes: [...status.notes, ...notes] }, null, 2)}
`;
  const labels = {
    "app.kubernetes.io/name": "hps-bench",
    "hps-bench/run": plan.runId,
    "hps-bench/stage": "conductor",
    "hps-bench/state": status.state
  };
  return { metadata: { name: resultsName(plan.runId), labels }, data, binaryData };
}
function publishedIn(map, plan) {
  const where = `ConfigMap ${map.metadata.name}`;
  const status = JSON.parse(map.data?.["status.json"] ?? "null");
  if (status?.schema !== STATUS_SCHEMA || status.runId !== plan.runId || status.specHash !== plan.specHash)
    throw new StateError(
      `${where}: its status.json is of ${JSON.stringify(status?.schema)}, run ${String(status?.runId)}, spec ${String(status?.specHash)}; wanted ${STATUS_SCHEMA}, ${plan.runId}, ${plan.specHash} (another run used this id: choose another, or delete the ConfigMap)`
    );
  const packed = map.binaryData?.["records.ndjson.gz"];
  const text = packed === void 0 ? map.data?.["records.ndjson"] : gunzipSync(Buffer.from(packed, "base64")).toString();
  const lines = (text ?? "").split("\n").filter((line) => line !== "");
  const notes = status.notes.filter((note) => !note.includes(LEFT_OUT));
  return { status: { ...status, notes }, records: lines.map((line) => JSON.parse(line)) };
}
function size(data) {
  return Object.entries(data).reduce((sum, [key, text]) => sum + key.length + Buffer.byteLength(text), 0);
}

// evidence-book.ts
import { evidenceDigest, keyOf, readEvidenceLog } from "./records.mjs";
var EVERY_SECONDS = 15;
var BYTES_PER_SECOND = 2e5;
var EvidenceBook = class {
  constructor(plan, cluster, clock) {
    this.plan = plan;
    this.cluster = cluster;
    this.clock = clock;
  }
  plan;
  cluster;
  clock;
  known = /* @__PURE__ */ new Map();
  /** Frames that could not be used, a line each. */
  unusable = [];
  readAt = -Infinity;
  readBytes = 0;
  /** What an earlier conductor judged and published. */
  seed(records) {
    for (const record of records) this.known.set(keyOf(record), record);
  }
  /** Reads the logs if it is time to. @returns whether something new was in them */
  async readAgain(pods) {
    const pause = Math.max(EVERY_SECONDS, this.readBytes / BYTES_PER_SECOND) * 1e3;
    return this.clock.now() - this.readAt < pause ? false : this.read(pods);
  }
  /** Reads the logs of all measuring pods that ever began. */
  async read(pods) {
    const before = this.known.size;
    const unusable = [];
    this.readBytes = 0;
    for (const pod of pods) {
      const state = podState(pod);
      if (state.kind === "gated" || state.kind === "waiting") continue;
      const cutIsNormal = state.kind === "running";
      const lines = await this.readPod(pod);
      unusable.push(...lines.filter((line) => !cutIsNormal || !line.includes("before its end")));
    }
    this.unusable = unusable;
    this.readAt = this.clock.now();
    return this.known.size > before;
  }
  /** Digest of what is known, to hold against the one that measure.py noted. */
  get digest() {
    return evidenceDigest(this.known);
  }
  async readPod(pod) {
    const main2 = pod.status?.containerStatuses?.[0];
    const container = main2?.name ?? null;
    const instances = (main2?.restartCount ?? 0) > 0 ? [true, false] : [false];
    const unusable = [];
    for (const previous of instances)
      try {
        const log2 = this.counted(this.cluster.log(pod.metadata.name, container, previous));
        unusable.push(...await readEvidenceLog(log2, this.plan, this.known));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    return unusable;
  }
  async *counted(stream) {
    for await (const chunk of stream) {
      this.readBytes += chunk.length;
      yield chunk;
    }
  }
};

// objects.ts
function condition(of, type) {
  return of.status?.conditions?.find((one) => one.type === type && one.status === "True");
}

// progress.ts
var LINES = 200;
var EVERY_MS = 1e4;
var last = /* @__PURE__ */ new WeakMap();
async function progressOf(run, pod) {
  const { name: name2 } = pod.metadata;
  const known = last.get(run.cluster);
  if (known?.pod === name2 && run.clock.now() - known.at < EVERY_MS) return known.text;
  const main2 = pod.status?.containerStatuses?.[0]?.name ?? null;
  const text = sentence(await run.cluster.lastLines(name2, main2, false, LINES)) ?? `pod ${name2} runs`;
  last.set(run.cluster, { pod: name2, at: run.clock.now(), text });
  return text;
}
function sentence(lines) {
  const line = lines.findLast((one) => one.startsWith("#hps-bench:progress {"));
  if (line === void 0) return void 0;
  try {
    const said2 = JSON.parse(line.slice(line.indexOf("{")));
    const { done: done2, total, step } = said2;
    const unit = typeof said2["unit"] === "string" ? said2["unit"] : "";
    const amount = typeof done2 === "number" && typeof total === "number" ? `${done2} of ${total} ${unit}`.trim() : "";
    const text = [amount, typeof step === "string" ? step : ""].filter((part) => part !== "").join(": ");
    return text === "" ? void 0 : text;
  } catch {
    return void 0;
  }
}

// run.ts
var running = (message) => ({ kind: "running", message });
var done = (message) => ({ kind: "done", message });
function failedBecause(stage, summary) {
  return { kind: "failed", failure: { stage, summary, log: [] } };
}
async function failedPod(run, stage, why2, also = "") {
  const { pod, container, exitCode: exitCode2, previous } = why2;
  const log2 = exitCode2 === null && container !== null ? [] : await lastLines(run, pod, container, previous);
  const sentence3 = failureSentence(why2);
  const words = lastWords(why2.message);
  const said2 = words === "" || sentence3.includes(words) ? "" : `: ${words}`;
  const summary = `${sentence3}${said2}${also === "" ? "" : `; ${also}`}`;
  return { kind: "failed", failure: { stage, summary, ...why2, log: log2 } };
}
async function lastLines({ cluster }, pod, container, previous) {
  const lines = await cluster.lastLines(pod, container, previous);
  return lines.length > 0 || !previous ? lines : cluster.lastLines(pod, container);
}
var now = (run) => isoTime(run.clock);

// release.ts
var TROUBLE_SECONDS = 30;
async function release(run, stage, pod, pods) {
  const { cluster, plan, status } = run;
  const condition2 = conditionOf(status, stage);
  const uid = pod.metadata.uid ?? pod.metadata.name;
  if (!condition2.released.some((one) => one.uid === uid)) {
    if (condition2.released.length >= plan.limits.releases) return tooMany(run, stage, pods);
    condition2.released.push({ uid, pod: pod.metadata.name, at: now(run) });
  }
  await run.publish();
  await run.tell("Released", uid, `${stage}: pod ${pod.metadata.name}`);
  await cluster.ungate(pod);
  return running(`released pod ${pod.metadata.name}`);
}
async function tooMany(run, stage, pods) {
  const names = conditionOf(run.status, stage).released.map((one) => one.pod);
  const also = `${names.length} pods were released (${names.join(", ")}), limits.releases allows no more`;
  const ended2 = pods.map((one) => podState(one)).findLast((state) => state.kind === "failed");
  return ended2?.kind === "failed" ? failedPod(run, stage, ended2.failure, also) : failedBecause(stage, also);
}
async function waitingOutcome(run, stage, pod, state) {
  const { plan, clock, status } = run;
  const { name: name2, uid } = pod.metadata;
  const released2 = conditionOf(status, stage).released.find((one) => one.uid === uid);
  const waited = released2 === void 0 ? 0 : secondsSince(clock, released2.at);
  if (state.unscheduled && waited > plan.limits.schedulingSeconds)
    return failedBecause(
      stage,
      `pod ${name2} is ${state.message} (after ${Math.round(waited)} s; limits.schedulingSeconds is ${plan.limits.schedulingSeconds})`
    );
  const lasting = await lastingTrouble(run, stage, pod, state.trouble);
  return lasting ?? running(`pod ${name2} ${state.message}`);
}
async function lastingTrouble(run, stage, pod, trouble) {
  const condition2 = conditionOf(run.status, stage);
  const what = `${pod.metadata.uid ?? pod.metadata.name}/${trouble?.container ?? ""}`;
  if (trouble === null) {
    delete condition2.trouble;
    return void 0;
  }
  if (condition2.trouble?.what !== what) condition2.trouble = { what, since: now(run) };
  const lasts = secondsSince(run.clock, condition2.trouble.since);
  if (!trouble.final && lasts < TROUBLE_SECONDS) return void 0;
  return failedPod(run, stage, trouble);
}
var present = (pods) => pods.filter((pod) => pod.metadata.deletionTimestamp === void 0);
function newest(pods) {
  const pod = present(pods).at(-1);
  return pod === void 0 ? void 0 : { pod, state: podState(pod) };
}

// job-stage.ts
var MISSING_SECONDS = 120;
function wasInterrupted({ exitCode: exitCode2, reason }) {
  return exitCode2 === null ? reason !== "DeadlineExceeded" : exitCode2 > 128 && reason !== "OOMKilled";
}
async function jobStage(run, stage, { job: name2, timeoutSeconds }, rules) {
  const job2 = await run.cluster.job(name2);
  if (job2 === void 0) return missing(run, stage, `Job ${name2}`);
  const pods = await run.cluster.podsOfJob(name2);
  if (condition(job2, "Complete") ?? condition(job2, "SuccessCriteriaMet"))
    return done(messageOf(pods) ?? `Job ${name2} is complete`);
  const failed = condition(job2, "Failed") ?? condition(job2, "FailureTarget");
  if (failed) return failedJob(run, stage, job2, failed, pods);
  const ended2 = pods.map((pod) => podState(pod)).find((state) => state.kind === "failed" && !rules.again(state.failure));
  if (ended2?.kind === "failed") return failedPod(run, stage, ended2.failure);
  const late2 = overdue(run, stage, timeoutSeconds);
  return late2 ?? follow(run, stage, name2, pods, rules);
}
async function follow(run, stage, job2, pods, rules) {
  const last2 = newest(pods);
  if (last2 === void 0) return running(`Job ${job2} has no pod yet`);
  const { pod, state } = last2;
  switch (state.kind) {
    case "gated": {
      const others = pods.filter((other) => other !== pod && isUnfinished(other) && podState(other).kind !== "gated");
      if (others.length > 0)
        return running(`waits for the end of pod ${others.map((one) => one.metadata.name).join(", ")}`);
      return rules.hold === void 0 ? release(run, stage, pod, pods) : running(rules.hold);
    }
    case "waiting":
      return waitingOutcome(run, stage, pod, state);
    case "running":
      delete conditionOf(run.status, stage).trouble;
      return running(await progressOf(run, pod));
    case "succeeded":
      return running(`pod ${pod.metadata.name} is done, its Job not yet`);
    case "failed":
      return running(`pod ${pod.metadata.name} failed (${state.failure.reason}); waits for the Job's next one`);
  }
}
async function failedJob(run, stage, job2, why2, pods) {
  const also = `Job ${job2.metadata.name}: ${why2.reason ?? why2.type}${why2.message ? `: ${why2.message}` : ""}`;
  const states = present(pods).map((pod) => podState(pod));
  const last2 = states.findLast((state) => state.kind === "failed");
  return last2?.kind === "failed" ? failedPod(run, stage, last2.failure, also) : failedBecause(stage, also);
}
function missing(run, stage, what) {
  const since = conditionOf(run.status, stage).since ?? now(run);
  return secondsSince(run.clock, since) > MISSING_SECONDS ? failedBecause(stage, `${what} is not there after ${MISSING_SECONDS} s (apply all of dist/)`) : running(`waits for ${what} to be applied`);
}
function overdue(run, stage, timeoutSeconds) {
  const { clock, status, plan } = run;
  const begun = conditionOf(status, stage).released[0]?.at;
  if (begun === void 0) return void 0;
  const bound = timeoutSeconds + plan.limits.schedulingSeconds;
  return secondsSince(clock, begun) > bound ? failedBecause(
    stage,
    `is not done after ${bound} s (timeoutSeconds ${timeoutSeconds} and schedulingSeconds ${plan.limits.schedulingSeconds}); last: ${conditionOf(status, stage).message}`
  ) : void 0;
}
function isUnfinished(pod) {
  return pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed";
}
function messageOf(pods) {
  const texts = pods.map((pod) => podState(pod)).flatMap((state) => state.kind === "succeeded" && state.message ? [state.message] : []);
  const text = texts.at(-1);
  return text === void 0 ? void 0 : lastWords(text);
}

// triton.ts
import http2 from "node:http";
import https2 from "node:https";
var TIMEOUT_MS2 = 3e3;
var isReady = (address, model) => new Promise((resolve) => {
  const url = new URL(`${address}/v2/models/${encodeURIComponent(model)}/ready`);
  const request = (url.protocol === "https:" ? https2 : http2).get(
    url,
    { timeout: TIMEOUT_MS2, agent: false },
    (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }
  );
  request.on("timeout", () => request.destroy());
  request.on("error", () => {
    resolve(false);
  });
  request.on("close", () => {
    resolve(false);
  });
});
async function notReady(ready, address, models) {
  const answers = await Promise.all(models.map((model) => ready(address, model)));
  return models.filter((_, index) => answers[index] !== true);
}

// serve-stage.ts
function replicasWanted(status) {
  return status.state === "running" && (status.stage === "serve" || status.stage === "measure") ? 1 : 0;
}
async function reconcileScale(run) {
  const { plan, cluster, status } = run;
  if (isFleet(plan)) return void 0;
  const { deployment } = plan.stages.serve;
  const scale = await cluster.scale(deployment);
  if (scale === void 0) return void 0;
  const wanted = replicasWanted(status);
  if ((scale.spec?.replicas ?? 0) !== wanted) {
    await run.tell("Scaled", `${status.stage} ${status.state} ${wanted}`, `Deployment ${deployment} to ${wanted}`);
    await cluster.setReplicas(deployment, scale, wanted);
  }
  const selector = scale.status?.selector;
  return selector ? cluster.pods(selector) : [];
}
async function serveStage(run, ready, pods) {
  const { deployment, timeoutSeconds } = servedStages(run.plan).serve;
  if (pods === void 0) return missing(run, "serve", `Deployment ${deployment}`);
  if (run.status.stage === "serve") {
    const late2 = overdue(run, "serve", timeoutSeconds);
    if (late2) return withLastLines(run, late2, pods);
  }
  const last2 = newest(pods);
  if (last2 === void 0) return running(`Deployment ${deployment} has no pod yet`);
  const { pod, state } = last2;
  switch (state.kind) {
    case "gated":
      return release(run, "serve", pod, pods);
    case "waiting":
      return waitingOutcome(run, "serve", pod, state);
    case "running":
      return runningOutcome(run, pod, state, ready);
    case "succeeded":
    case "failed":
      return running(`pod ${pod.metadata.name} has ended (${state.kind}); waits for the Deployment's next one`);
  }
}
async function runningOutcome(run, pod, state, ready) {
  const { plan } = run;
  const { last: last2, restarts } = state;
  const ended2 = await crashed(run, pod, last2, restarts);
  if (ended2) return ended2;
  const waiting = await notReady(ready, servedStages(plan).serve.address, plan.variants);
  if (waiting.length === 0) return done(`${plan.variants.length} of ${plan.variants.length} variants are ready`);
  const again = restarts > 0 ? ` (restarted ${restarts} times)` : "";
  return running(
    `${plan.variants.length - waiting.length} of ${plan.variants.length} variants are ready${again}; not yet: ${waiting.join(", ")}`
  );
}
async function crashed(run, pod, last2, restarts) {
  const condition2 = conditionOf(run.status, "serve");
  if (last2 === null) {
    delete condition2.trouble;
    return void 0;
  }
  const lasting = await lastingTrouble(run, "serve", pod, last2.exitCode === null || last2.final ? last2 : null);
  if (lasting) return lasting;
  return restarts >= run.plan.limits.releases ? failedPod(run, "serve", last2, `it was restarted ${restarts} times`) : void 0;
}
async function withLastLines(run, outcome, pods) {
  const last2 = newest(pods);
  if (outcome.kind !== "failed" || last2 === void 0) return outcome;
  const { pod } = last2;
  const container = pod.status?.containerStatuses?.[0]?.name ?? null;
  const log2 = await run.cluster.lastLines(pod.metadata.name, container);
  return { kind: "failed", failure: { ...outcome.failure, pod: pod.metadata.name, container, log: log2 } };
}
function restartedSince(pods, instant) {
  const state = newest(pods)?.state;
  const began = state?.kind === "running" ? state.since : void 0;
  return state?.kind !== "running" || began !== void 0 && Date.parse(began) >= Date.parse(instant);
}
function stillThere(pods) {
  const there = pods.filter((pod) => {
    const { kind } = podState(pod);
    return pod.spec?.nodeName !== void 0 && (kind === "waiting" || kind === "running");
  });
  return there.length === 0 ? void 0 : `waits for the end of pod ${there.map((pod) => pod.metadata.name).join(", ")}`;
}

// measure-stage.ts
var ENVIRONMENT = 4;
var READS_AT_THE_END = 3;
var MeasureStage = class {
  constructor(book, ready) {
    this.book = book;
    this.ready = ready;
  }
  book;
  ready;
  endReads = 0;
  async look(run, triton) {
    const serving = await serveStage(run, this.ready, triton);
    if (serving.kind === "failed") return this.withEvidence(run, serving);
    const hold = serving.kind === "done" ? void 0 : `Triton: ${serving.message}`;
    const again = (failure) => wasInterrupted(failure) || failure.exitCode === ENVIRONMENT && this.tritonBroke(run, failure, hold, triton ?? []);
    const outcome = await jobStage(run, "measure", servedStages(run.plan).measure, { hold, again });
    if (outcome.kind === "failed") return this.withEvidence(run, outcome);
    const pods = await run.cluster.podsOfJob(servedStages(run.plan).measure.job);
    if (outcome.kind === "done") return this.end(run, pods, outcome);
    await this.book.readAgain(pods);
    return hold === void 0 || outcome.message === hold ? outcome : running(`${hold}; ${outcome.message}`);
  }
  /** An exit for want of Triton is worth another pod only where Triton did go away since the pod was released. */
  tritonBroke(run, failure, hold, triton) {
    const released2 = conditionOf(run.status, "measure").released.find((one) => one.pod === failure.pod);
    return hold !== void 0 || released2 === void 0 || restartedSince(triton, released2.at);
  }
  /** Before a failure is published, what was measured until then is read. */
  async withEvidence(run, outcome) {
    await this.book.read(await run.cluster.podsOfJob(servedStages(run.plan).measure.job));
    return outcome;
  }
  async end(run, pods, outcome) {
    await this.book.read(pods);
    const told = toldBy(pods);
    const same = told === void 0 || told.digest === this.book.digest;
    this.endReads += 1;
    if (!same && this.endReads < READS_AT_THE_END) return running(`reads the log again: ${lack(told, this.book)}`);
    const notes = [...same ? [] : [lack(told, this.book)], ...this.book.unusable];
    run.status.notes.push(...notes.filter((note) => !run.status.notes.includes(note)));
    await run.tell("Measured", "", `${this.book.known.size} measurements in the log`, notes.length > 0);
    return done(outcome.message);
  }
};
function toldBy(pods) {
  for (const state of pods.map((pod) => podState(pod)).reverse()) {
    if (state.kind !== "succeeded") continue;
    try {
      const told = JSON.parse(state.message);
      if (typeof told.digest === "string" && typeof told.evidence === "number")
        return { evidence: told.evidence, digest: told.digest };
    } catch {
      continue;
    }
  }
  return void 0;
}
function lack(told, book) {
  const has = `the log gave ${book.known.size} measurements (digest ${book.digest.slice(0, 12)})`;
  return told === void 0 ? has : `${has}, measure.py left ${told.evidence} on the volume (digest ${told.digest.slice(0, 12)}): the log lost some`;
}

// fleet-results.ts
function fleetResults(plan, { fleet: fleet2 }) {
  const { succeeded, failed, pods } = fleet2 ?? { succeeded: 0, failed: 0, pods: plan.stages.fleet.pods };
  const each = plan.measurements / plan.stages.fleet.pods;
  const missing2 = pods - succeeded - failed;
  const counts = { measured: succeeded * each, invalid: 0, failed: failed * each, missing: missing2 * each };
  const table = [
    `Run ${plan.runId}, specification ${plan.specHash}: ${succeeded} of ${pods} pods of the fleet have measured.`,
    "",
    `    hps-bench collect --namespace ${plan.namespace} --run ${plan.runId}`,
    `    hps-bench fleet report results/${plan.runId}`,
    ""
  ].join("\n");
  const ledger = { schema: "hps-bench/fleet-ledger/1", run_id: plan.runId, pods, succeeded, failed, missing: missing2 };
  return {
    expected: plan.measurements,
    counts,
    texts: { table, records: "", ledgerJson: `${JSON.stringify(ledger)}
` }
  };
}

// publisher.ts
import { resultsOf } from "./records.mjs";
var MESSAGES_EVERY_MS = 5e3;
var Publisher = class {
  /** @param version resourceVersion of the ConfigMap as it was read; undefined where there is none yet */
  constructor(plan, cluster, clock, book, version) {
    this.plan = plan;
    this.cluster = cluster;
    this.clock = clock;
    this.book = book;
    this.version = version;
  }
  plan;
  cluster;
  clock;
  book;
  version;
  written = "";
  skeleton = "";
  writtenAt = -Infinity;
  cache;
  /**
   * Writes what changed. @throws ApiError 409 where another conductor wrote since: then the cluster is to be read anew
   * @param now at once, even if only a message changed
   */
  async publish(status, now2) {
    const content = this.content(status);
    const text = JSON.stringify(content);
    if (text === this.written) return;
    const skeleton = withoutMessages(status);
    if (!now2 && skeleton === this.skeleton && this.clock.now() - this.writtenAt < MESSAGES_EVERY_MS) return;
    const { metadata, ...rest } = content;
    const precondition = this.version === void 0 ? {} : { resourceVersion: this.version };
    const made = await this.cluster.applyConfigMap({ metadata: { ...metadata, ...precondition }, ...rest });
    this.version = made.metadata.resourceVersion;
    this.written = text;
    this.skeleton = skeleton;
    this.writtenAt = this.clock.now();
  }
  content(status) {
    const { plan } = this;
    const { expected, counts, texts } = isFleet(plan) ? fleetResults(plan, status) : this.results(plan, why(status));
    status.measurements = { expected, ...counts };
    return contentOf(plan, status, texts);
  }
  results(plan, lack2) {
    const of = `${this.book.known.size} ${lack2}`;
    if (this.cache?.of !== of) this.cache = { of, results: resultsOf(plan, this.book.known, lack2) };
    const { results } = this.cache;
    return { expected: results.ledger.entries.length, counts: results.counts, texts: results };
  }
};
function why(status) {
  if (status.failure !== null) return `stage ${status.failure.stage} failed: ${status.failure.summary}`;
  return status.state === "running" ? "not measured yet" : "the log of measure.py has no evidence of it";
}
function withoutMessages(status) {
  const conditions = status.conditions.map((one) => ({ ...one, message: "" }));
  return JSON.stringify({ ...status, message: "", conditions });
}

// session.ts
async function openSession({ plan, clock, cluster, ready, say }) {
  const map = await cluster.configMap(resultsName(plan.runId));
  const published = map && publishedIn(map, plan);
  const status = published?.status ?? firstStatus(plan, isoTime(clock));
  const book = new EvidenceBook(plan, cluster, clock);
  book.seed(published?.records ?? []);
  const publisher = new Publisher(plan, cluster, clock, book, map?.metadata.resourceVersion);
  const run = {
    plan,
    cluster,
    clock,
    status,
    publish: (now2 = true) => {
      say(status.message);
      return publisher.publish(status, now2);
    },
    tell: async (reason, key, message, warning = false) => {
      say(`${reason}: ${message}`);
      await cluster.event(plan.conductorJob, { reason, key, message, warning, at: isoTime(clock) });
    }
  };
  return { run, measure: new MeasureStage(book, ready), ready };
}

// fleet-stage.ts
var RELEASES_A_PASS = 300;
var LANES = 4;
var MOST_NAMED = 20;
async function fleetStage(run, stage) {
  const jobs = await run.cluster.jobs(stage.selector);
  const pending = await run.cluster.pods(stage.selector, "status.phase=Pending");
  const gated = pending.filter((pod) => podState(pod).kind === "gated");
  const counts = await released(run, countsOf(stage, jobs, pending), gated.slice(0, RELEASES_A_PASS));
  run.status.fleet = counts;
  if (jobs.length < stage.jobs) return missing(run, "fleet", `${stage.jobs - jobs.length} of ${stage.jobs} Jobs`);
  const open = jobs.filter((job2) => !isOver(job2));
  if (open.length === 0) return done(ended(run, counts, jobs));
  return await late(run, stage, open) ?? running(`${sentence2(counts)}${waitingFor(pending)}`);
}
async function endFleet(run, { selector }) {
  await endJobs(run, await run.cluster.jobs(selector));
  const there = await run.cluster.pods(selector, "status.phase!=Succeeded,status.phase!=Failed");
  return there.filter((pod) => pod.spec?.nodeName !== void 0);
}
var isOver = (job2) => (condition(job2, "Complete") ?? condition(job2, "Failed")) !== void 0;
async function released(run, counts, gated) {
  const releases = (run.status.fleet?.releases ?? 0) + gated.length;
  const now2 = { ...counts, releases, requeued: Math.max(0, releases - counts.pods) };
  if (gated.length === 0) return now2;
  run.status.fleet = now2;
  await run.publish();
  const queue = gated.values();
  const lane = async () => {
    for (const pod of queue) await run.cluster.ungate(pod);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return now2;
}
function countsOf(stage, jobs, pending) {
  const sum = (of) => jobs.reduce((total, job2) => total + of(job2), 0);
  const active = sum((job2) => job2.status?.active ?? 0);
  return {
    ...{ jobs: stage.jobs, pods: stage.pods, releases: 0, requeued: 0 },
    succeeded: sum((job2) => job2.status?.succeeded ?? 0),
    failed: sum(
      (job2) => isOver(job2) ? (job2.spec?.completions ?? 1) - (job2.status?.succeeded ?? 0) : failedIndexes(job2)
    ),
    running: Math.max(0, active - pending.length),
    waiting: pending.length
  };
}
function failedIndexes({ status }) {
  return (status?.failedIndexes ?? "").split(",").reduce((total, part) => {
    const [first, last2 = first] = part.split("-").map(Number);
    return part === "" || first === void 0 || last2 === void 0 ? total : total + last2 - first + 1;
  }, 0);
}
async function late(run, { timeoutSeconds }, open) {
  const since = conditionOf(run.status, "fleet").since ?? run.status.startedAt;
  const bound = timeoutSeconds + run.plan.limits.schedulingSeconds;
  if (secondsSince(run.clock, since) <= bound) return void 0;
  await endJobs(run, open);
  return running(`ends ${open.length} Jobs that are not over after ${bound} s: ${named(open)}`);
}
async function endJobs(run, jobs) {
  for (const job2 of jobs)
    if (!isOver(job2) && job2.spec?.activeDeadlineSeconds !== 1) await run.cluster.endJob(job2.metadata.name);
}
function sentence2({ pods, succeeded, failed, running: now2, waiting, requeued }) {
  const again = requeued === 0 ? "" : `, ${requeued} let go again after a disruption`;
  return `${succeeded} of ${pods} pods have measured, ${failed} failed, ${now2} run, ${waiting} wait${again}`;
}
function waitingFor(pending) {
  const states = pending.map((pod) => ({ pod, state: podState(pod) }));
  const first = states.find(({ pod, state }) => state.kind === "waiting" && otherGates(pod).length === 0);
  return first?.state.kind === "waiting" ? `; pod ${first.pod.metadata.name} ${first.state.message}` : "";
}
function ended(run, counts, jobs) {
  const failed = jobs.filter((job2) => condition(job2, "Failed"));
  const notes = failed.slice(0, MOST_NAMED).map((job2) => {
    const why2 = condition(job2, "Failed");
    const indexes = job2.status?.failedIndexes ? ` (indexes ${job2.status.failedIndexes})` : "";
    return `node ${nodeOf(job2)}, Job ${job2.metadata.name}: ${why2?.reason ?? "Failed"}${indexes}${why2?.message ? `: ${why2.message}` : ""}`;
  });
  if (failed.length > MOST_NAMED) notes.push(`and ${failed.length - MOST_NAMED} more Jobs failed`);
  run.status.notes.push(...notes.filter((note) => !run.status.notes.includes(note)));
  return sentence2(counts);
}
var named = (jobs) => `${jobs.slice(0, 5).map((job2) => `${job2.metadata.name} on ${nodeOf(job2)}`).join(", ")}${jobs.length > 5 ? " …" : ""}`;
var nodeOf = (job2) => job2.metadata.annotations?.["hps-bench/node"] ?? "?";

// stages.ts
async function advance(session) {
  const { run } = session;
  const stage = currentStage(run.status) ?? "publish";
  if (run.status.conditions.find((one) => one.stage === stage)?.state === "waiting") {
    enter(run.status, stage, "running", isoTime(run.clock), "begins");
    await run.tell("StageBegins", stage, stage);
    await run.publish();
  }
  const triton = await reconcileScale(run);
  const outcome = await look(session, stage, triton);
  await settle(session, stage, outcome);
  return outcome.kind !== "running";
}
function look({ run, measure, ready }, stage, triton) {
  const { stages, runId } = run.plan;
  switch (stage) {
    case "create-models":
      return jobStage(run, stage, stages[stage], { again: wasInterrupted });
    case "build-engines": {
      const job2 = stages[stage];
      if (job2 === void 0) return Promise.resolve(done("no engines"));
      return jobStage(run, stage, job2, { again: wasInterrupted });
    }
    case "serve":
      return serveStage(run, ready, triton);
    case "measure":
      return measure.look(run, triton);
    case "fleet":
      return stages.fleet === void 0 ? Promise.resolve(done("no fleet")) : fleetStage(run, stages.fleet);
    case "publish":
      return Promise.resolve(done(`in ConfigMap ${resultsName(runId)}`));
  }
}
async function settle({ run }, stage, outcome) {
  const { status } = run;
  const now2 = isoTime(run.clock);
  if (outcome.kind === "failed") fail(status, outcome.failure, now2);
  else enter(status, stage, outcome.kind, now2, outcome.message);
  if (stage === "publish" && outcome.kind === "done") {
    const { expected, measured } = status.measurements;
    status.state = measured === expected ? "complete" : "incomplete";
  }
  if (outcome.kind === "done") await run.tell("StageDone", stage, `${stage}: ${outcome.message}`);
  if (outcome.kind === "failed")
    await run.tell("StageFailed", "", `${outcome.failure.stage}: ${outcome.failure.summary}`, true);
  await run.publish(outcome.kind !== "running");
}
function failRun(session, summary) {
  const stage = currentStage(session.run.status) ?? "publish";
  return settle(session, stage, failedBecause(stage, summary));
}

// wind-down.ts
var LEAVE_SECONDS = 600;
async function wrapUp({ run }) {
  const { status, plan } = run;
  const waiting = await windDown(run);
  const { measured, expected } = status.measurements;
  const outcome = status.failure === null ? `${measured} of ${expected} measurements` : `failed: ${status.failure.summary}`;
  status.message = waiting === void 0 ? outcome : `${outcome}; ${waiting}`;
  if (waiting !== void 0) {
    await run.publish(false);
    return false;
  }
  const where = `see ConfigMap ${resultsName(plan.runId)}`;
  await noteOutcome(run, `${status.state}: ${outcome}`);
  await run.tell("Finished", "", `${status.state}: ${outcome}; ${where}`, status.state !== "complete");
  await finish(run);
  return true;
}
async function noteOutcome({ cluster, plan }, outcome) {
  try {
    await cluster.noteOutcome(plan.conductorJob, outcome);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
async function finish(run) {
  run.status.finishedAt = isoTime(run.clock);
  try {
    await run.publish();
  } catch (error) {
    run.status.finishedAt = null;
    throw error;
  }
}
async function endAnyhow(session, why2) {
  const { run } = session;
  const { stage } = run.status;
  fail(run.status, { stage, summary: why2, log: [] }, isoTime(run.clock));
  for (const step of [() => windDown(run), () => failRun(session, why2)])
    try {
      await step();
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof LeaseLostError)) throw error;
    }
}
async function windDown(run) {
  const triton = await reconcileScale(run) ?? [];
  const stopped = run.status.state === "failed" ? await stopStragglers(run) : [];
  const waiting = stillThere([...triton, ...stopped]);
  if (waiting === void 0) return void 0;
  const ended2 = run.status.failure?.stage ?? "publish";
  const since = conditionOf(run.status, ended2).since ?? run.status.startedAt;
  if (secondsSince(run.clock, since) < LEAVE_SECONDS) return waiting;
  run.status.notes.push(`${waiting}, which did not come within ${LEAVE_SECONDS} s: look at it, it may hold a GPU`);
  return void 0;
}
async function stopStragglers(run) {
  const { plan, status, cluster } = run;
  const { fleet: fleet2 } = plan.stages;
  const stragglers = fleet2 === void 0 ? [] : await endFleet(run, fleet2);
  for (const stage of ["create-models", "build-engines", "measure"]) {
    const job2 = plan.stages[stage]?.job;
    if (job2 === void 0) continue;
    const { released: released2 } = conditionOf(status, stage);
    if (released2.length === 0) continue;
    for (const pod of await cluster.podsOfJob(job2)) {
      const { kind } = podState(pod);
      if (kind !== "waiting" && kind !== "running") continue;
      if (!released2.some((one) => one.uid === pod.metadata.uid)) continue;
      if (pod.spec?.activeDeadlineSeconds !== 1) await cluster.stop(pod);
      stragglers.push(pod);
    }
  }
  return stragglers;
}

// conductor.ts
var INTERVAL_MS = 2e3;
var Conductor = class {
  constructor(options) {
    this.options = options;
    const { plan, api, clock, identity } = options;
    this.lease = new Lease(api, plan.namespace, conductorLease(plan.runId), identity, clock);
    this.floor = new Lease(api, plan.namespace, FLOOR_LEASE, plan.runId, clock, FLOOR_SECONDS);
    this.cluster = new Cluster(api, plan.namespace, (what) => {
      if (!this.lease.sure || what === "workload" && !this.floor.sure)
        throw new LeaseLostError("the lease was not renewed in time");
    });
  }
  options;
  cluster;
  lease;
  floor;
  loaded;
  said = "";
  /** One look at the cluster and at most a few changes. @throws ApiError, LeaseLostError: look again later */
  async pass() {
    try {
      return await this.steps();
    } catch (error) {
      if (error instanceof LeaseLostError || error instanceof ApiError && error.status === 409)
        this.loaded = void 0;
      throw error;
    }
  }
  async steps() {
    if (!await this.lease.hold()) return this.standBy();
    const session = this.loaded ??= await this.load();
    const { status, plan, clock } = session.run;
    if (status.finishedAt !== null) return this.leave(status);
    if (!await this.floor.hold()) return this.queue(session, this.floor.holder ?? "another run");
    const { runSeconds } = plan.limits;
    if (status.state === "running" && secondsSince(clock, status.startedAt) > runSeconds)
      await failRun(session, `the run is not over after ${runSeconds} s (limits.runSeconds); last: ${status.message}`);
    if (status.state === "running") return { again: await advance(session) ? "at once" : "later" };
    return await wrapUp(session) ? this.leave(status) : { again: "later" };
  }
  load() {
    const { plan, clock, ready = isReady } = this.options;
    const say = (line) => {
      this.say(line);
    };
    return openSession({ plan, clock, ready, cluster: this.cluster, say });
  }
  async leave(status) {
    await this.floor.release();
    await this.lease.release();
    return { exit: exitCode(status) };
  }
  /** Another conductor has the run: it may finish it. */
  async standBy() {
    this.loaded = void 0;
    this.say(`stands by: ${this.lease.holder ?? "another conductor"} has the run`);
    const published = await this.cluster.configMap(resultsName(this.options.plan.runId));
    const status = published && publishedIn(published, this.options.plan).status;
    return status?.finishedAt ? { exit: exitCode(status) } : { again: "later" };
  }
  /** Another run has the namespace's nodes: only the message is published. */
  async queue({ run }, holder) {
    run.status.message = `waits for run ${holder}, which measures in this namespace`;
    await run.publish(false);
    return { again: "later" };
  }
  /** An error of the conductor's own is the run's failure: a loop that crashes at the same place would hold the GPU. */
  async giveUp(error) {
    const session = this.loaded ??= await this.load();
    if (session.run.status.state !== "running") throw error;
    const told = error instanceof Error ? error.stack ?? error.message : String(error);
    await failRun(session, `the conductor itself failed: ${told}`);
  }
  /**
   * Before the process ends because it was told to. If its Job is gone or over, no other conductor will follow: then the run
   * ends here and the GPU is freed. Else all stays as it is for the next one.
   *
   * @returns whether the run was ended
   */
  async stop() {
    const { plan } = this.options;
    const job2 = await this.cluster.job(plan.conductorJob);
    const over = job2?.status?.conditions?.some(
      (one) => one.status === "True" && (one.type === "Failed" || one.type === "FailureTarget")
    );
    const forGood = job2 === void 0 || job2.metadata.deletionTimestamp !== void 0 || over === true;
    const ends = forGood && await this.lease.hold() && await this.floor.hold();
    if (ends) {
      const { run } = this.loaded ??= await this.load();
      await this.abandon(`the conductor's Job ${plan.conductorJob} was ended from outside`);
      run.status.finishedAt = isoTime(run.clock);
      await run.publish();
    }
    await this.floor.release();
    await this.lease.release();
    return ends;
  }
  /** Ends the run as far as that is possible: the GPU first of all. */
  async abandon(why2) {
    if (this.loaded?.run.status.state === "running") await endAnyhow(this.loaded, why2);
  }
  /** The state for the process's last words; undefined before anything was loaded. */
  get status() {
    return this.loaded?.run.status;
  }
  say(line) {
    if (line === this.said) return;
    this.said = line;
    this.options.log(line);
  }
};

// credentials.ts
import { readFileSync } from "node:fs";
import { join as join2 } from "node:path";
var MOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount";
var CredentialsError = class extends Error {
  constructor(message) {
    super(message);
    this.name = "CredentialsError";
  }
};
function credentials(env) {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  const inCluster = host === void 0 ? void 0 : `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const address = env["HPS_BENCH_API"] ?? inCluster;
  if (address === void 0)
    throw new CredentialsError(
      "KUBERNETES_SERVICE_HOST is not set: this is no pod (run it as the Job of dist/, or name the API server in HPS_BENCH_API)"
    );
  const tokenFile = env["HPS_BENCH_TOKEN_FILE"] ?? join2(MOUNTED, "token");
  const caFile = env["HPS_BENCH_CA_FILE"] ?? join2(MOUNTED, "ca.crt");
  return {
    address: address.replace(/\/+$/, ""),
    ca: address.startsWith("https:") ? read(caFile, "the CA of the API server") : void 0,
    token: () => address.startsWith("https:") || env["HPS_BENCH_TOKEN_FILE"] ? read(tokenFile, "the token") : void 0
  };
}
function read(path, what) {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new CredentialsError(
      `${path}: cannot be read as ${what}: ${error.message} (automountServiceAccountToken must be true for this pod)`
    );
  }
}

// loop.ts
var FORBIDDEN_SECONDS = 60;
var EXIT = { badInput: 2, environment: 4, terminated: 143 };
var Loop = class {
  constructor(conductor, clock, log2) {
    this.conductor = conductor;
    this.clock = clock;
    this.log = log2;
  }
  conductor;
  clock;
  log;
  forbiddenSince;
  gaveUp = false;
  async run(stop) {
    while (!stop.requested) {
      const pass = await this.pass();
      if ("code" in pass) return pass;
      if ("exit" in pass) return { code: pass.exit };
      if (pass.again === "later") await Promise.race([this.clock.sleep(INTERVAL_MS), stop.promise]);
    }
    return this.stopped();
  }
  async pass() {
    try {
      const pass = await this.conductor.pass();
      this.forbiddenSince = void 0;
      return pass;
    } catch (error) {
      if (error instanceof LeaseLostError) return { again: "later" };
      return error instanceof ApiError ? this.refused(error) : this.broken(error);
    }
  }
  /** The API server may be away for a while; a refusal for want of a right is bounded. */
  async refused(error) {
    this.log(error.message);
    if (error.status !== 401 && error.status !== 403) return { again: "later" };
    this.forbiddenSince ??= this.clock.now();
    if (this.clock.now() - this.forbiddenSince <= FORBIDDEN_SECONDS * 1e3) return { again: "later" };
    const reason = `${error.message} (the Role lacks it)`;
    await this.conductor.abandon(reason);
    return { code: EXIT.environment, reason };
  }
  /** Once it is the run's failure; if even that cannot be noted, the process's. */
  async broken(error) {
    if (this.gaveUp || error instanceof StateError || error instanceof CredentialsError) throw error;
    this.gaveUp = true;
    await this.conductor.giveUp(error);
    return { again: "later" };
  }
  async stopped() {
    let ended2 = false;
    try {
      ended2 = await this.conductor.stop();
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof LeaseLostError)) throw error;
      this.log(error.message);
    }
    const what = ended2 ? "the run ends with it" : "the next conductor goes on";
    return { code: EXIT.terminated, reason: `was told to stop; ${what}` };
  }
};

// main.ts
import { specHash } from "./records.mjs";
var log = (line) => {
  process.stdout.write(`${(/* @__PURE__ */ new Date()).toISOString()} ${line}
`);
};
function readPlan(path) {
  let value;
  try {
    value = JSON.parse(readFileSync2(path, "utf8"));
  } catch (error) {
    throw new PlanError(`${path}: cannot be read as a plan: ${error.message}`);
  }
  return checkPlan(value, path, specHash);
}
function stopOnSignals() {
  const { promise, resolve } = deferred();
  const stop = { requested: false, promise };
  for (const signal of ["SIGTERM", "SIGINT"])
    process.on(signal, () => {
      log(`${signal}: ends after the request under way`);
      stop.requested = true;
      resolve();
    });
  return stop;
}
function deferred() {
  let resolve = () => void 0;
  const promise = new Promise((settle2) => {
    resolve = settle2;
  });
  return { promise, resolve };
}
function lastWords2(ended2, conductor, plan) {
  const { status } = conductor;
  const reason = ended2.reason ?? status?.message ?? `see ConfigMap ${resultsName(plan.runId)}`;
  const words = {
    stage: "conductor",
    ok: ended2.code === 0,
    run: plan.runId,
    state: status?.state,
    reason: reason.slice(0, 1500)
  };
  const path = process.env["HPS_BENCH_TERMINATION_LOG"] ?? "/dev/termination-log";
  if (process.env["HPS_BENCH_TERMINATION_LOG"] !== void 0 || existsSync(path))
    writeFileSync(path, JSON.stringify(words));
  log(`ends with code ${ended2.code}: ${reason}`);
}
async function main() {
  const { values } = parseArgs({ options: { plan: { type: "string", default: "plan.json" } } });
  const plan = readPlan(values.plan);
  const api = new HttpApi(credentials(process.env));
  const identity = `${hostname()}-${randomUUID().slice(0, 8)}`;
  const conductor = new Conductor({ plan, api, clock: systemClock, identity, log });
  log(`conducts run ${plan.runId} in namespace ${plan.namespace} as ${identity}`);
  const ended2 = await new Loop(conductor, systemClock, log).run(stopOnSignals());
  lastWords2(ended2, conductor, plan);
  api.close();
  return ended2.code;
}
try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof PlanError || error instanceof StateError || error instanceof CredentialsError;
  process.stderr.write(
    `conductor: ${known ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)}
`
  );
  process.exitCode = error instanceof PlanError || error instanceof StateError ? EXIT.badInput : EXIT.environment;
}
