/** What a command takes of what there is: records, times, tables. */
import { everything } from '../../export/what.ts';
import type { Option } from './option.ts';

export const importOptions = {
  from: {
    kind: 'text',
    commands: ['export', 'store'],
    actions: ['copy'],
    value: 'DATE',
    help: 'Calls that started, and rows of logs that are of, this time of UTC or later.',
    in: {
      export: { standard: 'the oldest' },
      store: { value: 'URL', help: 'The store to read, which is not changed. Required.' },
    },
  },
  to: {
    kind: 'text',
    commands: ['export', 'store'],
    actions: ['copy'],
    value: 'DATE',
    help: 'Calls that started, and rows of logs that are of, a time before this one.',
    in: {
      export: { standard: 'the newest' },
      store: { value: 'URL', help: 'The store to fill; it is made where there is none. Required.' },
    },
  },
  what: {
    kind: 'text',
    commands: ['export'],
    value: 'NAME',
    default: 'calls',
    choices: everything,
    help: 'calls, the tables of what is in them, or a log.',
  },
  participant: {
    kind: 'text',
    commands: ['export'],
    value: 'ID',
    help: 'Only calls in which this participant was, by id.',
  },
  columns: {
    kind: 'list',
    commands: ['export'],
    value: 'NAME',
    help: 'Columns of the table, in this order. docs/exporting.md lists them.',
    standard: 'all',
  },
  versions: {
    kind: 'text',
    commands: ['export'],
    value: 'WHICH',
    default: 'newest',
    choices: ['newest', 'all'],
    help: 'Which versions of each call: the newest, or each in which it was ever stored.',
  },
  rejects: {
    kind: 'text',
    commands: ['import'],
    value: 'FILE',
    help: 'Write each cause for which lines were not taken, with their numbers and the text of the first, as JSON Lines.',
  },
  'max-line-mb': {
    kind: 'integer',
    commands: ['import'],
    value: 'NUMBER',
    default: 32,
    minimum: 1,
    maximum: 512,
    help: 'The longest line or record to take, in MiB.',
  },
  'keep-days': {
    kind: 'integer',
    commands: ['retention', 'sync'],
    value: 'NUMBER',
    minimum: 1,
    maximum: 36_500,
    help: 'How long calls and rows of logs are kept, in whole days before today.',
    in: {
      sync: {
        help: 'How long calls and rows of logs are kept, in whole days before today. What is older is dropped at the start and every midnight of UTC, and not fetched.',
        standard: 'nothing is dropped',
      },
    },
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
  'allow-empty': {
    kind: 'switch',
    commands: ['verify'],
    help: 'Accept a store without calls: exit with 0 where nothing is stored and nothing is missing.',
  },
  vacuum: {
    kind: 'switch',
    commands: ['retention'],
    help: 'Rewrite the SQLite file afterwards, so that no trace of dropped data is left in it.',
  },
} as const satisfies Record<string, Option>;
