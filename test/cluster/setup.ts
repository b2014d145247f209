import type { TestProject } from 'vitest/node';
import { Processes } from '../../src/local/processes.js';
import type { Access } from './access.js';
import { clusterPrograms } from './binaries.js';
import { ControlPlane } from './control-plane.js';
import { startKwok } from './kwok.js';
import { pythonPath } from './python.js';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: Access;
  }
}

/** One control plane with kwok for all files of a test run; each file works in namespaces of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (text: string): void => {
    console.log(`cluster: ${text}`);
  };
  const processes = new Processes(pythonPath());
  const plane = await ControlPlane.start(processes, await clusterPrograms(processes, say));
  try {
    await startKwok(plane);
  } catch (error) {
    await plane.stop();
    throw error;
  }
  say(`ready at ${plane.access.server}`);
  project.provide('cluster', plane.access);
  return () => plane.stop();
}
