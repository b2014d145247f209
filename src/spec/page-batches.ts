/** The page's 11 batch sizes, in samples per request. Apart from the schema, which needs a library that the conductor lacks. */
export const PAGE_BATCHES = [32, 64, 256, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072] as const;
