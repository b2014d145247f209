import { forecast, planText } from '../planner/index.js';
import { loadSpec } from '../spec/index.js';

const BLOCK = /^<!-- plan: (\S+)((?: \S+)*) -->\n(?:\n```text\n[\s\S]*?\n```\n)?/gm;

/** Documents that show what `hps-bench plan` prints. */
export const DOCUMENTS_WITH_PLANS = ['docs/planning.md', 'README.md'] as const;

/** A document with the plan's present output below every `<!-- plan: preset key=value … -->`. */
export function withPlans(document: string): string {
  return document.replace(BLOCK, (_whole, preset: string, overrides: string) => {
    const set = overrides.trim() === '' ? [] : overrides.trim().split(' ');
    const text = planText(forecast(loadSpec({ preset, set })));
    return `<!-- plan: ${preset}${overrides} -->\n\n\`\`\`text\n${text}\`\`\`\n`;
  });
}
