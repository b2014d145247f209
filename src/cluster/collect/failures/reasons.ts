/** What a person would try first about a measurement that was made and cannot be used, by the judge's words. */
export function fixOfReason(reason: string): string | undefined {
  if (reason.includes('did not become stable'))
    return 'perf_analyzer was not stable: let nothing else run on the node, or give it longer windows (perfAnalyzer.windowMs) and more of them (maxTrials)';
  if (reason.includes('no valid request within the window')) return 'use longer windows (perfAnalyzer.windowMs)';
  if (reason.includes('passed its deadline')) return 'raise perfAnalyzer.deadlineSeconds';
  if (reason.includes('another client')) return 'keep other clients away from Triton while it is measured';
  if (reason.includes('HPS had logged'))
    return "read hps-errors.ndjson and Triton's log, mend the cause, measure again";
  if (reason.includes('different evidence')) return 'measure it again under another run id';
  return undefined;
}
