import { NODES } from '../cluster/client/index.js';
import type { FleetReport } from '../fleet/index.js';
import { evidenceFor, nameOf } from '../fleet/render/words.js';
import { DEFAULT_NAMESPACE } from './cluster-options.js';
import { confirm } from './confirm.js';
import { connect } from './connect.js';
import type { FleetOptions } from './fleet.js';

const LABEL = 'hps-bench/fleet';
const ANNOTATION = 'hps-bench/fleet-defects';

/** Says on the nodes of confirmed defects what is wrong with them; whether they take pods is for others to decide. */
export async function annotateNodes({ found }: FleetReport, options: FleetOptions): Promise<void> {
  const byNode = new Map<string, string[]>();
  for (const one of found)
    if (one.finding === 'defective')
      byNode.set(one.node, [...(byNode.get(one.node) ?? []), `${nameOf(one)}: ${evidenceFor(one)}`]);
  if (byNode.size === 0) {
    process.stderr.write('nothing to annotate: no defect is confirmed\n');
    return;
  }
  const client = connect(options, options.namespace ?? DEFAULT_NAMESPACE);
  try {
    await confirm({
      ...{ context: client.context, server: client.server, named: options.context === client.context },
      ...{ question: `Label ${byNode.size} nodes ${LABEL}=defective?`, yes: options.yes === true },
    });
    for (const [node, lines] of byNode) {
      const metadata = { labels: { [LABEL]: 'defective' }, annotations: { [ANNOTATION]: lines.join('\n') } };
      const patched = await client.patch(NODES, node, { metadata });
      process.stderr.write(
        patched === undefined ? `${node}: is not in the cluster\n` : `${node}: labelled ${LABEL}=defective\n`,
      );
    }
  } finally {
    await client.close();
  }
}
