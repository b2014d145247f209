import { ANCHORS } from '../dlrm/anchors.js';
import type { ReportAnchor } from '../report/index.js';

/** The published lines that have at least one of these batches, with just these batches. */
export function reportAnchors(batches: readonly number[]): ReportAnchor[] {
  return ANCHORS.flatMap(({ source, deployment, about, microseconds }) => {
    const figures = batches.flatMap((batch) => {
      const us = microseconds.get(batch);
      return us === undefined ? [] : [{ batch, us }];
    });
    return figures.length === 0 ? [] : [{ source, deployment, about, figures }];
  });
}
