import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { GridComparison } from '../../src/verdict/index.js';
import { type Campaign, describe, runCampaign, verdictOf } from './campaign.js';
import { kitWith } from '../../test/local/kit-copy.js';

// `npm run bench:aa`: does the kit find a difference where there is none, and one where there is? The real Triton is measured
// again and again, every campaign compared with the one before; then once with a model that is a tenth slower.
// With --restart every repeat has a start of Triton of its own.
// Exits 1 if a campaign of the same model is called different, or the slower one is not.

const SLOWED = 'onnx_cpu';

function main(): number {
  const { values } = parseArgs({
    options: {
      campaigns: { type: 'string', default: '20' },
      repeats: { type: 'string', default: '8' },
      window: { type: 'string', default: '500' },
      batches: { type: 'string', default: '32,256' },
      restart: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const results = mkdtempSync(join(tmpdir(), 'hps-bench-aa-'));
  const options = {
    results,
    repeats: Number(values.repeats),
    windowMs: Number(values.window),
    batches: values.batches.split(',').map(Number),
    restart: values.restart,
  };
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const kit = kitWith('slowed.py');
  try {
    let before = runCampaign('campaign-0', options);
    say(`campaign 0: ${describe(before)}`);
    const lines = [];
    for (let number = 1; number <= Number(values.campaigns); number++) {
      const next = runCampaign(`campaign-${number}`, options);
      lines.push(lineOf(next, verdictOf(next, before)));
      say(`campaign ${number}: ${describe(next)}; load ${loadavg()[0]?.toFixed(1) ?? ''}; ${shown(lines.at(-1))}`);
      before = next;
    }
    const slowed = runCampaign('slowed', { ...options, root: kit.root });
    const found = lineOf(slowed, verdictOf(slowed, before));
    say(`${SLOWED} a tenth slower: ${describe(slowed)}; ${shown(found)}`);
    const alarms = lines.filter(({ overall }) => overall === 'regressed' || overall === 'improved');
    const regressed = found.cells.filter(({ key, verdict }) => key.startsWith(SLOWED) && verdict === 'regressed');
    say(
      `${alarms.length} false alarms in ${lines.length} campaigns of the same model; of the slowed one ${regressed.length} of ${options.batches.length} cells found`,
    );
    if (values.json) process.stdout.write(`${JSON.stringify({ options, campaigns: lines, slowed: found }, null, 2)}\n`);
    return alarms.length === 0 && regressed.length > 0 ? 0 : 1;
  } finally {
    rmSync(results, { recursive: true, force: true });
    kit.remove();
  }
}

type Line = ReturnType<typeof lineOf>;

function lineOf(campaign: Campaign, comparison: GridComparison) {
  return {
    name: campaign.name,
    overall: comparison.overall,
    environment: campaign.ledger.environment.state,
    cells: comparison.cells.map(({ key, ratio, interval, adjustedP, verdict, n }) => ({
      key,
      ratio,
      interval,
      adjustedP,
      verdict,
      n,
      values: campaign.values.get(key) ?? [],
    })),
  };
}

function shown(line: Line | undefined): string {
  const cells = (line?.cells ?? []).map(({ key, ratio, verdict }) => `${key} ${ratio.toFixed(3)} ${verdict}`);
  return `${line?.overall ?? ''}: ${cells.join(', ')}`;
}

process.exitCode = main();
