import type { Page } from '../compare/index.js';
import { PUBLISHED_HARDWARE, PUBLISHED_IMAGE } from '../dlrm/published.js';
import { loadSpec } from '../spec/index.js';

/** The published benchmark as one side of a comparison: its settings are those of the preset a100-page. */
export function publishedPage(): Page {
  return {
    source: 'NVIDIA, Benchmark the DLRM Model with HPS',
    hardware: PUBLISHED_HARDWARE,
    image: PUBLISHED_IMAGE,
    spec: loadSpec({ preset: 'a100-page' }),
  };
}
