import type { TestProject } from 'vitest/node';
import { Processes } from '../../../src/local/processes.js';
import { ControlPlane } from '../control-plane.js';
import { startNode, type NodeParts } from './real-node.js';
import { pythonPath } from '../python.js';
import type {} from '../worker.js';

/** A control plane with one real node for all files of a test run; run.ts says where its parts are. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['HPS_BENCH_NODE'];
  if (given === undefined) throw new Error('HPS_BENCH_NODE is not set: use npm run test:node');
  const parts = JSON.parse(given) as NodeParts & { kubernetes: string; folder: string };
  const processes = new Processes(pythonPath());
  const plane = await ControlPlane.start(processes, parts.kubernetes, parts.folder);
  try {
    await startNode(plane, processes, parts);
  } catch (error) {
    await plane.stop();
    throw error;
  }
  project.provide('clusters', [plane.access]);
  return () => plane.stop();
}
