/** Options of `retention`: rows of the option table. */
import type { Option } from './options.ts';

export const retentionOptions = {
  'keep-days': {
    kind: 'integer',
    commands: ['retention', 'sync'],
    value: 'NUMBER',
    minimum: 1,
    maximum: 36_500,
    help: 'How long calls and rows of logs are kept, in whole days before today. sync: what is older is dropped at its start and every midnight of UTC, and not fetched; nothing is dropped when absent.',
  },
  before: {
    kind: 'text',
    commands: ['retention'],
    value: 'DATE',
    help: 'Drop what began before this time of UTC, instead.',
  },
  'dry-run': {
    kind: 'switch',
    commands: ['retention'],
    help: 'Say what would be dropped, and drop nothing.',
  },
} as const satisfies Record<string, Option>;
