import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where environments and artifacts are kept between runs: HPS_BENCH_CACHE, else the XDG cache folder. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['HPS_BENCH_CACHE'];
  if (own !== undefined && own !== '') return own;
  const xdg = environment['XDG_CACHE_HOME'];
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'hps-bench');
}
