/**
 * The conductor of a run, inside the cluster:
 *
 *     node conductor.mjs --plan plan.json
 *
 * Exit codes: 0 all measured, 2 bad plan, 3 incomplete, 4 a stage or the environment failed, 143 told to stop.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { HttpApi } from './api.js';
import { systemClock } from './clock.js';
import { Conductor } from './conductor.js';
import { credentials, CredentialsError } from './credentials.js';
import { EXIT, Loop, type Ended, type Stop } from './loop.js';
import { checkPlan, PlanError, resultsName, type AnyPlan } from './plan.js';
import { specHash } from './records.js';
import { StateError } from './results.js';

const log = (line: string): void => {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
};

function readPlan(path: string): AnyPlan {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PlanError(`${path}: cannot be read as a plan: ${(error as Error).message}`);
  }
  return checkPlan(value, path, specHash);
}

function stopOnSignals(): Stop {
  const { promise, resolve } = deferred();
  const stop: Stop = { requested: false, promise };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      log(`${signal}: ends after the request under way`);
      stop.requested = true;
      resolve();
    });
  return stop;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The last words, where Kubernetes shows them: `kubectl get pod -o yaml`, `kubectl describe pod`. At most 4096 bytes. */
function lastWords(ended: Ended, conductor: Conductor, plan: AnyPlan): void {
  const { status } = conductor;
  const reason = ended.reason ?? status?.message ?? `see ConfigMap ${resultsName(plan.runId)}`;
  const words = {
    stage: 'conductor',
    ok: ended.code === 0,
    run: plan.runId,
    state: status?.state,
    reason: reason.slice(0, 1500),
  };
  const path = process.env['HPS_BENCH_TERMINATION_LOG'] ?? '/dev/termination-log';
  if (process.env['HPS_BENCH_TERMINATION_LOG'] !== undefined || existsSync(path))
    writeFileSync(path, JSON.stringify(words));
  log(`ends with code ${ended.code}: ${reason}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { plan: { type: 'string', default: 'plan.json' } } });
  const plan = readPlan(values.plan);
  const api = new HttpApi(credentials(process.env));
  const identity = `${hostname()}-${randomUUID().slice(0, 8)}`;
  const conductor = new Conductor({ plan, api, clock: systemClock, identity, log });
  log(`conducts run ${plan.runId} in namespace ${plan.namespace} as ${identity}`);
  const ended = await new Loop(conductor, systemClock, log).run(stopOnSignals());
  lastWords(ended, conductor, plan);
  api.close();
  return ended.code;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof PlanError || error instanceof StateError || error instanceof CredentialsError;
  process.stderr.write(
    `conductor: ${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = error instanceof PlanError || error instanceof StateError ? EXIT.badInput : EXIT.environment;
}
