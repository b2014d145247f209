import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kitWith } from '../../test/local/kit-copy.js';
import { stretches } from '../../test/support/stretches.js';
import { type Campaign, describe, runCampaign, verdictOf } from './campaign.js';
import { inWords, isAlarm, judgementOf, lineOf, WAYS, type Judgement, type Line } from './line.js';

// `npm run bench:aa`: does the kit find a difference where there is none, and one where there is? The real Triton is measured
// again and again, every campaign compared with the one before; then twice with more repeats, the second time with a model of
// which one variant is a tenth slower.
// Each pair is judged as `hps-bench compare` does by default, with --relative-to the variant that is never slowed, and with
// --run-move 0, which says how far the machine moves.
// Then several runs a side, taken in turn: every stretch of campaigns of the same model is split into its odd and its even ones.
// These stretches overlap, as do all pairs of campaigns, which are counted too, so they are fewer trials than they are comparisons.
// With --results runs are kept in that folder, and those that are there already are not measured again.
// With --restart every repeat has a start of Triton of its own.
// Exits 1 if runs of the same model are called different by default, relative to that variant or with several runs a side, or if
// the slower one is not, in both.

const SLOWED = 'onnx_cpu';
const STEADY = 'native_tf';

function main(): number {
  const { values } = parseArgs({
    options: {
      campaigns: { type: 'string', default: '20' },
      'runs-a-side': { type: 'string', default: '5' },
      results: { type: 'string' },
      repeats: { type: 'string', default: '12' },
      'power-repeats': { type: 'string', default: '36' },
      window: { type: 'string', default: '500' },
      batches: { type: 'string', default: '256' },
      restart: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const results = values.results === undefined ? mkdtempSync(join(tmpdir(), 'hps-bench-aa-')) : resolve(values.results);
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
  const judged = (campaigns: readonly Campaign[], before: readonly Campaign[]): Judgement =>
    judgementOf((way) =>
      verdictOf(campaigns, before, {
        relativeTo: way === 'relative' ? STEADY : undefined,
        runMove: way === 'as if steady' && campaigns.length === 1 ? 0 : undefined,
      }),
    );
  const kit = kitWith('slowed.py');
  try {
    let before = runCampaign('campaign-0', options);
    const campaigns = [before];
    say(`campaign 0: ${describe(before)}`);
    const lines: Line[] = [];
    for (let number = 1; number <= Number(values.campaigns); number++) {
      const next = runCampaign(`campaign-${number}`, options);
      const line = lineOf(next, judged([next], [before]));
      lines.push(line);
      say(`campaign ${number}: ${describe(next)}; load ${loadavg()[0]?.toFixed(1) ?? ''}; ${inWords(line)}`);
      campaigns.push(next);
      before = next;
    }
    const inTurn = stretches(campaigns, Number(values['runs-a-side'])).map(({ odd, even }) => judged(odd, even));
    const pairs = campaigns.flatMap((later, index) =>
      campaigns.slice(0, index).map((earlier) => judged([later], [earlier])),
    );
    const pair = { ...options, repeats: Number(values['power-repeats']) };
    const steady = runCampaign('steady', pair);
    say(`steady: ${describe(steady)}`);
    const slowed = runCampaign('slowed', { ...pair, root: kit.root });
    const found = judged([slowed], [steady]);
    say(`${SLOWED} a tenth slower: ${describe(slowed)}; ${inWords(found)}`);
    const outcomes = WAYS.map((way) => {
      const alarms = lines.filter((line) => isAlarm(line[way]));
      const alarmsOfPairs = pairs.filter((judgement) => isAlarm(judgement[way]));
      const alarmsInTurn = inTurn.filter((judgement) => isAlarm(judgement[way]));
      const cells = found[way].cells.filter(({ variant, verdict }) => variant === SLOWED && verdict === 'regressed');
      say(
        `${way}: ${alarms.length} false alarms in ${lines.length} campaigns of the same model, ${alarmsOfPairs.length} in all ${pairs.length} pairs of them, ${alarmsInTurn.length} in ${inTurn.length} overlapping stretches of ${values['runs-a-side']} runs a side; of the slowed one ${cells.length} of ${options.batches.length} cells found`,
      );
      return {
        way,
        alarms: alarms.length,
        alarmsOfPairs: alarmsOfPairs.length,
        alarmsInTurn: alarmsInTurn.length,
        found: cells.length,
      };
    });
    if (values.json)
      process.stdout.write(
        `${JSON.stringify({ options, outcomes, campaigns: lines, inTurn, slowed: found }, null, 2)}\n`,
      );
    const promised = outcomes.filter(({ way }) => way !== 'as if steady');
    const kept = promised.every(({ alarms, alarmsInTurn, found: cells }) => alarms + alarmsInTurn === 0 && cells > 0);
    return kept ? 0 : 1;
  } finally {
    if (values.results === undefined) rmSync(results, { recursive: true, force: true });
    kit.remove();
  }
}

process.exitCode = main();
