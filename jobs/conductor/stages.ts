/** From one stage to the next. */
import { isoTime } from './clock.js';
import { fleetStage } from './fleet-stage.js';
import { jobStage, wasInterrupted } from './job-stage.js';
import type { Pod } from './objects.js';
import { resultsName, type StageName } from './plan.js';
import { done, failedBecause, type Outcome } from './run.js';
import { reconcileScale, serveStage } from './serve-stage.js';
import type { Session } from './session.js';
import { currentStage, enter, fail } from './status.js';

/** Looks at the stage that is due and does what it needs. @returns whether there is more to do at once */
export async function advance(session: Session): Promise<boolean> {
  const { run } = session;
  const stage = currentStage(run.status) ?? 'publish';
  if (run.status.conditions.find((one) => one.stage === stage)?.state === 'waiting') {
    enter(run.status, stage, 'running', isoTime(run.clock), 'begins');
    await run.tell('StageBegins', stage, stage);
    await run.publish();
  }
  const triton = await reconcileScale(run);
  const outcome = await look(session, stage, triton);
  await settle(session, stage, outcome);
  return outcome.kind !== 'running';
}

function look(
  { run, measure, ready }: Session,
  stage: StageName,
  triton: readonly Pod[] | undefined,
): Promise<Outcome> {
  const { stages, runId } = run.plan;
  switch (stage) {
    case 'create-models':
      return jobStage(run, stage, stages[stage], { again: wasInterrupted });
    case 'build-engines': {
      const job = stages[stage];
      if (job === undefined) return Promise.resolve(done('no engines'));
      return jobStage(run, stage, job, { again: wasInterrupted });
    }
    case 'serve':
      return serveStage(run, ready, triton);
    case 'measure':
      return measure.look(run, triton);
    case 'fleet':
      return stages.fleet === undefined ? Promise.resolve(done('no fleet')) : fleetStage(run, stages.fleet);
    case 'publish':
      return Promise.resolve(done(`in ConfigMap ${resultsName(runId)}`));
  }
}

/** Takes an outcome into the status, publishes it and tells of it. */
async function settle({ run }: Session, stage: StageName, outcome: Outcome): Promise<void> {
  const { status } = run;
  const now = isoTime(run.clock);
  if (outcome.kind === 'failed') fail(status, outcome.failure, now);
  else enter(status, stage, outcome.kind, now, outcome.message);
  if (stage === 'publish' && outcome.kind === 'done') {
    const { expected, measured } = status.measurements;
    status.state = measured === expected ? 'complete' : 'incomplete';
  }
  if (outcome.kind === 'done') await run.tell('StageDone', stage, `${stage}: ${outcome.message}`);
  if (outcome.kind === 'failed')
    await run.tell('StageFailed', '', `${outcome.failure.stage}: ${outcome.failure.summary}`, true);
  await run.publish(outcome.kind !== 'running');
}

/** Fails the run in the stage that it is in, for a reason that no pod has. */
export function failRun(session: Session, summary: string): Promise<void> {
  const stage = currentStage(session.run.status) ?? 'publish';
  return settle(session, stage, failedBecause(stage, summary));
}
