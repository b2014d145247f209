import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../../src/cluster/client/index.js';
import { collectRun, findRun } from '../../../src/cluster/collect/index.js';
import { plannedMeasurements } from '../../../src/spec/index.js';
import { Kubectl } from '../kubectl.js';
import { Fleet } from './fleet.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const fleet = new Fleet(kubectl, { namespace: 'collect', units: 12 });
const expected = 12 * plannedMeasurements(fleet.spec).length;
let client: Client;
let results: string;

beforeAll(async () => {
  results = mkdtempSync(join(tmpdir(), 'hps-bench-collect-'));
  client = Client.connect({ kubeconfig: fleet.kubeconfig, namespace: 'collect' });
  await fleet.make();
  await fleet.ended();
});

afterAll(async () => {
  await client.close();
  await fleet.end();
  rmSync(results, { recursive: true });
});

describe('a run of many units', () => {
  it('is collected whole: every measurement of every unit, and a second time nothing is read', async () => {
    const run = await findRun(client);
    const first = await collectRun(client, run, { results });
    expect(first).toMatchObject({
      expected: 48,
      counts: { measured: 48, missing: 0 },
      problems: [],
      contradictions: [],
    });
    const records = readFileSync(join(first.folder.path, 'records.ndjson'), 'utf8').trimEnd().split('\n');
    expect(new Set(records.map((line) => (JSON.parse(line) as { unit: string }).unit)).size).toBe(12);
    const bytes = fleet.units.reduce((sum, unit) => sum + Buffer.byteLength(unit.log), 0);
    expect(first.tally).toMatchObject({ pods: 12, read: 12, bytes });
    const again = await collectRun(client, run, { results });
    expect(again.counts).toEqual(first.counts);
    expect(again.tally).toMatchObject({ pods: 12, read: 12, bytes: 0, known: expected });
  });
});
