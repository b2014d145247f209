import { createHash } from 'node:crypto';

/** Uniform in 0..1, the same for the same words. */
function uniform(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(words.join('/')).digest().readUInt32BE(0) / 2 ** 32;
}

function normal(...words: readonly (string | number)[]): number {
  const [a, b] = [uniform(...words, 'a'), uniform(...words, 'b')];
  return Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b);
}

/** Standard deviations on logarithms. Of GPUs of one batch 0.5 to 1.5 % were measured by others, of repeats about 1 %. */
const SPREAD = { node: 0.004, gpu: 0.008, repeat: 0.008 };
/** Once in a while something else happens on a node. */
const GLITCH = { chance: 0.01, factor: 1.15 };

/** Factor on the latency of a repeat on a GPU; `fault` is 1 for a sound one. */
export function latencyFactor(of: { run: string; node: string; gpu: number; id: string; fault: number }): number {
  const { run, node, gpu, id, fault } = of;
  const spread =
    SPREAD.node * normal('node', node) +
    SPREAD.gpu * normal('gpu', node, gpu) +
    SPREAD.repeat * normal(run, node, gpu, id);
  const glitch = uniform(run, node, gpu, id, 'glitch') < GLITCH.chance ? GLITCH.factor : 1;
  return fault * Math.exp(spread) * glitch;
}
