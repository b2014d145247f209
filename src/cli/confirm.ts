import { createInterface } from 'node:readline/promises';
import { confirmationOf, type ContextFacts } from '../cluster/guard.js';
import { RefusedError } from '../cluster/refused.js';

export interface Question extends ContextFacts {
  /** What is going to be done, as a question: `Apply 26 objects?` */
  readonly question: string;
  /** `--yes` was given. */
  readonly yes: boolean;
}

/**
 * Has a person confirm that this context may be written to, as it needs (decision 131).
 * @throws RefusedError where nobody does
 */
export async function confirm(asked: Question): Promise<void> {
  const needed = confirmationOf(asked);
  const { context, question, yes } = asked;
  if (yes && needed.kind === 'yes') return;
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  if (needed.kind === 'name') {
    const fix = `name it: --context ${context}${yes || !terminal ? ' --yes' : ''}`;
    if (yes || !terminal) throw new RefusedError(`nothing was changed: ${needed.why}\n  ${fix}`);
    console.log(needed.why);
    const said = await answer(`${question} Type the context's name to go on: `);
    if (said === context) return;
    throw new RefusedError(`nothing was changed: ${JSON.stringify(said)} is not ${context}`);
  }
  if (!terminal)
    throw new RefusedError(
      `nothing was changed: there is no terminal to ask at\n  give --yes to go on without being asked`,
    );
  if (/^y(es)?$/i.test(await answer(`${question} [y/N] `))) return;
  throw new RefusedError('nothing was changed');
}

async function answer(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await reader.question(question)).trim();
  } catch {
    // Ctrl-C or the end of the input: no answer.
    return '';
  } finally {
    reader.close();
  }
}
