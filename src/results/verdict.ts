import { comparePublished, headline, IncomparableError, resultSet, type Comparison } from '../compare/index.js';
import { ResultsError, type MeasurementRecord } from '../records/index.js';
import type { ReportVerdict } from '../report/index.js';
import { DEFAULT_OPTIONS } from '../verdict/index.js';
import { publishedPage } from './published-page.js';
import type { ReportedRun } from './report-model.js';

/** How a run stands to the published page, where it was measured under the page's conditions; else why there is no verdict. */
export function reportVerdict(run: ReportedRun, records: readonly MeasurementRecord[]): ReportVerdict {
  let comparison: Comparison;
  try {
    const set = resultSet(run.runId, records, { spec: run.spec });
    comparison = comparePublished(set, publishedPage(), { ...DEFAULT_OPTIONS, allow: [] }, 'this run');
  } catch (error) {
    if (error instanceof IncomparableError) return noReference(conditionsSentence(error));
    if (error instanceof ResultsError)
      return noReference('The published page has none of the cells that were measured.');
    throw error;
  }
  const { verdict, cells } = comparison;
  return {
    // Only another run can be the same.
    overall: verdict === 'same' ? 'reproduced' : verdict,
    sentence: `Against the published page: ${headline(comparison)}.`,
    cells: cells.map((cell) => ({
      variant: cell.variant,
      batch: cell.batch,
      publishedUs: cell.bUs,
      ratio: cell.ratio,
      interval: cell.interval,
      verdict: cell.verdict === 'same' ? 'reproduced' : cell.verdict,
      needed: cell.needed,
    })),
  };
}

function noReference(sentence: string): ReportVerdict {
  return { overall: 'no reference', sentence, cells: [] };
}

function conditionsSentence({ differences }: IncomparableError): string {
  const said = differences.map(
    ({ kind, text }) => `${kind} (${text.replace(/^A: /, 'here ').replace('in A', 'here')})`,
  );
  return `The published page was measured under other conditions: ${said.join('; ')}. So it is no reference for this run.`;
}
