import type { TestProject } from 'vitest/node';
import { Processes } from '../../src/local/processes.js';
import { clusterPrograms } from './binaries.js';
import { ControlPlane } from './control-plane.js';
import { startKwok } from './kwok.js';
import { pythonPath } from './python.js';
import type {} from './worker.js';

/** A control plane with kwok for each worker of a test run; each file works in namespaces of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (text: string): void => {
    console.log(`cluster: ${text}`);
  };
  const processes = new Processes(pythonPath());
  const programs = await clusterPrograms(processes, say);
  const planes: ControlPlane[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(planes.map((plane) => plane.stop()));
  };
  try {
    for (let worker = 1; worker <= project.vitest.config.maxWorkers; worker += 1) {
      const plane = await ControlPlane.start(processes, programs);
      planes.push(plane);
      await startKwok(plane);
      say(`ready at ${plane.access.server}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide(
    'clusters',
    planes.map(({ access }) => access),
  );
  return stop;
}
