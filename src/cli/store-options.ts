/** Options of `store` alone: rows of the option table. */
import type { Option } from './options.ts';

export const storeOptions = {
  shards: {
    kind: 'integer',
    commands: ['store'],
    value: 'NUMBER',
    minimum: 1,
    maximum: 10_000,
    help: "store distribute: parts of each distributed table; the cluster's own number when absent.",
  },
} as const satisfies Record<string, Option>;
