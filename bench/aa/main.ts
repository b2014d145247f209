import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kitWith } from '../../test/local/kit-copy.js';
import { type Campaign, describe, runCampaign, verdictOf } from './campaign.js';
import { inWords, lineOf, WAYS, type Line } from './line.js';

// `npm run bench:aa`: does the kit find a difference where there is none, and one where there is? The real Triton is measured
// again and again, every campaign compared with the one before; then twice with more repeats, the second time with a model of
// which one variant is a tenth slower.
// Each pair is judged as `hps-bench compare` does by default, and with --relative-to the variant that is never slowed.
// With --restart every repeat has a start of Triton of its own.
// Exits 1 if, relative to that variant, a campaign of the same model is called different, or the slower one is not.

const SLOWED = 'onnx_cpu';
const STEADY = 'native_tf';

function main(): number {
  const { values } = parseArgs({
    options: {
      campaigns: { type: 'string', default: '20' },
      repeats: { type: 'string', default: '12' },
      'power-repeats': { type: 'string', default: '36' },
      window: { type: 'string', default: '500' },
      batches: { type: 'string', default: '256' },
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
  const judged = (campaign: Campaign, before: Campaign): Line =>
    lineOf(campaign, { alone: verdictOf(campaign, before), relative: verdictOf(campaign, before, STEADY) });
  const kit = kitWith('slowed.py');
  try {
    let before = runCampaign('campaign-0', options);
    say(`campaign 0: ${describe(before)}`);
    const lines: Line[] = [];
    for (let number = 1; number <= Number(values.campaigns); number++) {
      const next = runCampaign(`campaign-${number}`, options);
      const line = judged(next, before);
      lines.push(line);
      say(`campaign ${number}: ${describe(next)}; load ${loadavg()[0]?.toFixed(1) ?? ''}; ${inWords(line)}`);
      before = next;
    }
    const pair = { ...options, repeats: Number(values['power-repeats']) };
    const steady = runCampaign('steady', pair);
    say(`steady: ${describe(steady)}`);
    const slowed = runCampaign('slowed', { ...pair, root: kit.root });
    const found = judged(slowed, steady);
    say(`${SLOWED} a tenth slower: ${describe(slowed)}; ${inWords(found)}`);
    const outcomes = WAYS.map((way) => {
      const alarms = lines.filter(({ [way]: { verdict } }) => verdict === 'regressed' || verdict === 'improved');
      const cells = found[way].cells.filter(({ variant, verdict }) => variant === SLOWED && verdict === 'regressed');
      say(
        `${way}: ${alarms.length} false alarms in ${lines.length} campaigns of the same model; of the slowed one ${cells.length} of ${options.batches.length} cells found`,
      );
      return { way, alarms: alarms.length, found: cells.length };
    });
    if (values.json)
      process.stdout.write(`${JSON.stringify({ options, outcomes, campaigns: lines, slowed: found }, null, 2)}\n`);
    return outcomes.some(({ way, alarms, found: cells }) => way === 'relative' && alarms === 0 && cells > 0) ? 0 : 1;
  } finally {
    rmSync(results, { recursive: true, force: true });
    kit.remove();
  }
}

process.exitCode = main();
