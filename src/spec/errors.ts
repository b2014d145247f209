/** One thing that is wrong with the input, with everything a person needs to mend it. */
export interface Problem {
  /** File, line and column (`bench.yaml:12:3`) or the option (`--set batches=…`) it came from. */
  readonly where: string;
  /** Dotted path of the setting, e.g. `perfAnalyzer.windowMs`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
  /** The likely fix, if one is known. */
  readonly hint?: string;
}

/** Bad input: exit code 2. Carries every problem found, not just the first. */
export class SpecError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'SpecError';
    this.problems = problems;
  }
}

export function formatProblem(problem: Problem): string {
  const subject = problem.path === '' ? '' : `${problem.path}: `;
  const hint = problem.hint === undefined ? '' : ` (${problem.hint})`;
  return `${problem.where}: ${subject}${problem.message}${hint}`;
}
