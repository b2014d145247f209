import { ResultsError } from '../records/index.js';
import { cellsOf, specHash, VARIANT_IDS, type Spec } from '../spec/index.js';
import type { CompareOptions, Overall } from '../verdict/index.js';
import { cellKey, cellsIn, cellsRelativeTo, type MeasuredCell } from './cells.js';
import type { Comparison, Side, Verdict } from './comparison.js';
import { conditionsOf, type Conditions } from './conditions.js';
import { compareCells, compareSlopes, compareSpeedUps, publishedCells, type ReferenceCell } from './grid.js';
import { differences, differencesFromPublished, refused, type Difference, type Guarded } from './guard.js';
import { leftToTheMachine } from './machine.js';
import type { ResultSet } from './result-set.js';
import { notInTurn, requireLikeSides, runsOf } from './several-runs.js';
import { movedTogether } from './together.js';

export interface Options extends Pick<CompareOptions, 'margin' | 'alpha'> {
  /** Share by which whole runs may differ for the machine's sake. @default 20 % where there was no GPU, else 0 */
  readonly runMove?: number | undefined;
  /** Differences that are no reason to refuse. */
  readonly allow: readonly Guarded[];
  /** Judge how the other variants stand to this one, repeat by repeat. @default each for itself */
  readonly relativeTo?: string | undefined;
}

/** The two sides were not measured under the same conditions: exit code 4. */
export class IncomparableError extends Error {
  constructor(
    readonly a: string,
    readonly b: string,
    readonly differences: readonly Difference[],
  ) {
    const kinds = [...new Set(differences.map(({ kind }) => kind))];
    super(
      [
        `${a} and ${b} cannot be compared as they are:`,
        ...differences.map(({ kind, text }) => `  ${kind}: ${text}`),
        `(to compare them anyway: ${kinds.map((kind) => `--allow-different ${kind}`).join(' ')})`,
      ].join('\n'),
    );
    this.name = 'IncomparableError';
  }
}

/**
 * Compares a candidate with a reference, each one run or several.
 * @throws IncomparableError for a difference that was not allowed
 * @throws ResultsError where the sides have nothing in common, only one is of several runs, or runMove is given where it says nothing
 */
export function compareRuns(a: ResultSet, b: ResultSet, options: Options): Comparison {
  requireLikeSides(a, b);
  const [first, second] = [conditionsOf('A', a), conditionsOf('B', b)];
  const machine = leftToTheMachine([first, second], a.runs !== undefined, options);
  const found = differences(first, second);
  refuse(a.source, b.source, found, options);
  const [ours, theirs] = [cellsIn(a), cellsIn(b)];
  const onlyA = [...ours.values()].filter(({ key }) => !theirs.has(key));
  const onlyB = [...theirs.values()].filter(({ key }) => !ours.has(key));
  const sameSpec = a.specHash === b.specHash;
  const missing = [
    ...lacking(a),
    ...(a.lacking.length > 0 ? [] : grouped(onlyB.filter(owedBy(a, sameSpec)), 'A has no measurement of')),
    ...grouped(onlyA.filter(owedBy(b, sameSpec)), 'B has no valid measurement of'),
  ];
  const notes = [
    ...grouped(
      onlyA.filter((cell) => !owedBy(b, sameSpec)(cell)),
      'only A was to measure',
    ),
    ...grouped(
      onlyB.filter((cell) => !owedBy(a, sameSpec)(cell)),
      'only B was to measure',
    ),
    ...otherDifferences(first, second),
    ...lackingNotes(b),
  ];
  const sides = { a: sideOf(a, first), b: sideOf(b, second), published: false };
  const { relativeTo } = options;
  const { notes: driftNotes, drifted } = driftRemarks(
    [...drift('A', a), ...drift('B', b)],
    relativeTo !== undefined || a.runs !== undefined,
  );
  const turn = notInTurn(a, b);
  const remarks = {
    missing,
    notes: [...(turn === undefined ? [] : [turn]), ...driftNotes, ...notes],
    allowed: found,
    drifted,
  };
  const relative =
    relativeTo === undefined
      ? undefined
      : { a: relativeCells(relativeTo, a, ours), b: relativeCells(relativeTo, b, theirs) };
  return judged(sides, ours, theirs, { ...remarks, order: a.spec?.variants, relative }, { ...options, ...machine });
}

/** @throws ResultsError naming what a side has, if it has not measured that variant beside another */
function relativeCells(
  variant: string,
  set: ResultSet,
  cells: ReadonlyMap<string, MeasuredCell>,
): Map<string, MeasuredCell> {
  const relative = cellsRelativeTo(variant, set);
  if (relative.size > 0) return relative;
  const has = [...new Set([...cells.values()].map((cell) => cell.variant))].join(', ');
  throw new ResultsError(
    `${set.source} has nothing relative to ${variant}: it holds ${has}; give a variant that both sides measured beside others`,
  );
}

/** What the published page was measured with. */
export interface Page {
  readonly source: string;
  readonly hardware: string;
  readonly image: string;
  readonly spec: Spec;
}

/**
 * Compares a run with the page's figures.
 * @param name how the run is called in sentences
 * @throws IncomparableError unless it is a reproduction, or told to go on
 */
export function comparePublished(a: ResultSet, page: Page, options: Options, name = 'A'): Comparison {
  if (options.runMove !== undefined)
    throw new ResultsError('--run-move is for two runs: of the page nobody knows how its machine moved; leave it out');
  const conditions = conditionsOf(name, a);
  const hash = specHash(page.spec);
  const found = differencesFromPublished(conditions, { ...page, specHash: hash });
  refuse(a.source, 'the published page', found, options);
  const ours = cellsIn(a);
  const theirs = publishedCells(ours);
  const unpublished = [...ours.values()].filter(({ key }) => !theirs.has(key));
  const b: Side = {
    source: page.source,
    runId: 'published',
    runs: [{ source: page.source, runId: 'published' }],
    specHash: hash,
    measured: theirs.size,
    expected: null,
    hardware: [page.hardware],
    image: [page.image],
    others: [],
  };
  const sides = { a: sideOf(a, conditions), b, published: true };
  const { notes, drifted } = driftRemarks(drift(name, a), a.runs !== undefined);
  const remarks = {
    missing: lacking(a),
    notes: [...notes, ...grouped(unpublished, 'not on the page')],
    allowed: found,
    drifted,
  };
  return judged(sides, ours, theirs, { ...remarks, order: a.spec?.variants }, options);
}

function refuse(a: string, b: string, found: readonly Difference[], { allow }: Options): void {
  const left = refused(found, allow);
  if (left.length > 0) throw new IncomparableError(a, b, left);
}

function judged(
  sides: Pick<Comparison, 'a' | 'b' | 'published'>,
  ours: ReadonlyMap<string, MeasuredCell>,
  theirs: ReadonlyMap<string, ReferenceCell>,
  {
    order,
    relative,
    ...remarks
  }: Pick<Comparison, 'missing' | 'notes' | 'allowed' | 'drifted'> & {
    order: readonly string[] | undefined;
    relative?: { a: ReadonlyMap<string, MeasuredCell>; b: ReadonlyMap<string, MeasuredCell> } | undefined;
  },
  { margin, alpha, relativeTo, runMove = 0, atLeast = 0 }: Options & Pick<CompareOptions, 'atLeast'>,
): Comparison {
  const [first, second] = relative === undefined ? [ours, theirs] : [relative.a, relative.b];
  if (![...first.keys()].some((key) => second.has(key)))
    throw new ResultsError(
      `${sides.a.source} and ${sides.b.source} have no cell in common: ${[...first.keys()].slice(0, 4).join(', ')} … and ${[...second.keys()].slice(0, 4).join(', ') || 'none'} (a cell is a variant, a batch and a concurrency)`,
    );
  const counted = sides.a.runs.length === 1 ? 'repeats' : 'runs';
  const { cells, overall, commonRatio, leastMoved } = compareCells(first, second, {
    margin,
    alpha,
    counted,
    runMove,
    atLeast,
  });
  const shared = new Set([...ours.values()].flatMap(({ key, variant }) => (theirs.has(key) ? [variant] : [])));
  const ordered = (order ?? VARIANT_IDS).filter((id) => shared.has(id));
  const plain = counted === 'repeats' && relative === undefined && !sides.published;
  const together = plain ? movedTogether({ cells, runMove, leastMoved }, ordered[0]) : undefined;
  return {
    ...sides,
    relativeTo: relativeTo ?? null,
    counted,
    margin,
    alpha,
    runMove,
    atLeast,
    verdict: verdictOf(overall, remarks, sides.published),
    cells,
    ...remarks,
    notes: [...(together === undefined ? [] : [together]), ...remarks.notes],
    slopes: compareSlopes(ours, theirs),
    speedUps: compareSpeedUps(ours, theirs, ordered[0] ?? '', ordered.at(-1) ?? ''),
    commonRatio,
    leastMoved,
  };
}

/** Of a machine that drifted nothing is certain; otherwise a regression is, whatever else is missing. */
function verdictOf(
  overall: Overall,
  { drifted, missing }: Pick<Comparison, 'drifted' | 'missing'>,
  published: boolean,
): Verdict {
  if (drifted.length > 0) return 'environment invalid';
  if (overall === 'regressed') return 'regressed';
  if (missing.length > 0) return 'incomplete';
  if (overall !== 'pass') return overall;
  return published ? 'reproduced' : 'same';
}

/** Whether a side was to measure a cell. Where its spec is not at hand, only the same hash says so. */
function owedBy({ spec }: ResultSet, sameSpec: boolean): (cell: MeasuredCell) => boolean {
  if (spec === undefined) return () => sameSpec;
  const owed = new Set(cellsOf(spec).map(cellKey));
  return ({ key }) => owed.has(key);
}

function sideOf(set: ResultSet, { hardware, image, others }: Conditions): Side {
  const { source, runId, specHash: hash, records, expected } = set;
  return {
    source,
    runId,
    runs: runsOf(set).map((run) => ({ source: run.source, runId: run.runId })),
    specHash: hash,
    measured: records.length,
    expected: expected ?? null,
    hardware,
    image,
    others,
  };
}

/**
 * Drift is a verdict on one run's absolute times and a note elsewhere: a machine that grew slower did so for both variants of a
 * repeat, and what drift does to a run is part of how far runs lie apart.
 */
function driftRemarks(sentences: readonly string[], noteOnly: boolean): { notes: string[]; drifted: string[] } {
  return noteOnly ? { notes: [...sentences], drifted: [] } : { notes: [], drifted: [...sentences] };
}

function drift(name: string, { drifted, runs }: ResultSet): string[] {
  if (runs === undefined) return drifted === undefined ? [] : [`${name}: ${drifted}`];
  return runs.flatMap((run) => drift(`${name}, ${run.source}`, run));
}

function lacking({ lacking: ids }: ResultSet): string[] {
  if (ids.length === 0) return [];
  const shown = ids.slice(0, 3).map(({ id, reasons }) => `${id} (${reasons[0] ?? 'no reason recorded'})`);
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : '';
  return [`A lacks ${ids.length === 1 ? 'a measurement' : `${ids.length} measurements`}: ${shown.join('; ')}${more}`];
}

/** A reference with fewer repeats is less certain, which its intervals say; it is no reason to call A incomplete. */
function lackingNotes({ lacking: ids, expected }: ResultSet): string[] {
  return ids.length === 0 ? [] : [`B lacks ${ids.length} of ${expected ?? 'its'} measurements`];
}

/** `only in A: Native TF at 32, 64`: a line for each variant. */
function grouped(cells: readonly MeasuredCell[], what: string): string[] {
  const byVariant = new Map<string, number[]>();
  for (const { variant, batch } of cells) byVariant.set(variant, [...(byVariant.get(variant) ?? []), batch]);
  return [...byVariant].map(([variant, batches]) => `${what}: ${variant} at ${batches.join(', ')}`);
}

function otherDifferences(a: Conditions, b: Conditions): string[] {
  const names = [...new Set([...a.others, ...b.others].map(({ name }) => name))];
  const valuesOf = (side: Conditions, name: string) =>
    side.others.find((other) => other.name === name)?.values.join('; ') ?? 'not recorded';
  return names.flatMap((name) => {
    const [first, second] = [valuesOf(a, name), valuesOf(b, name)];
    return first === second ? [] : [`${name}: ${first} in A, ${second} in B`];
  });
}
