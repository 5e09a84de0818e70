/** Options of import, export and retention. */
import { everything } from '../../export/what.ts';
import { timeForms } from '../times.ts';
import { foundKinds } from './finding.ts';
import type { Option } from './option.ts';

export const importOptions = {
  from: {
    kind: 'text',
    commands: ['export', 'find', 'store'],
    actions: ['copy'],
    value: 'DATE',
    help: `Only calls and log rows of this time (UTC) or later: ${timeForms}.`,
    brief: 'Only calls of this time (UTC) or later',
    in: {
      export: { standard: 'the oldest' },
      find: { standard: 'the oldest' },
      store: {
        value: 'URL',
        help: 'The store to read. It does not change. Required.',
        brief: 'The store to read',
      },
    },
  },
  to: {
    kind: 'text',
    commands: ['export', 'find', 'store'],
    actions: ['copy'],
    value: 'DATE',
    help: 'Only calls and log rows from before this time (UTC), in the same forms: October ends with 2026-11-01.',
    brief: 'Only calls from before this time (UTC)',
    in: {
      export: { standard: 'the newest' },
      find: { standard: 'the newest' },
      store: {
        value: 'URL',
        help: 'The store to fill, created if it does not exist. Required.',
        brief: 'The store to fill, created if it does not exist',
      },
    },
  },
  call: {
    kind: 'list',
    commands: ['export'],
    value: 'ID',
    help: 'Only this call.',
    hasCommas: true,
  },
  what: {
    kind: 'text',
    commands: ['export', 'find'],
    value: 'NAME',
    default: 'calls',
    choices: everything,
    help: 'calls, a table of their parts, or a log.',
    in: {
      find: { help: 'calls, or rows of a log of phone calls.', choices: foundKinds },
    },
  },
  participant: {
    kind: 'text',
    commands: ['export'],
    value: 'ID',
    help: 'Only calls that this participant id took part in.',
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
    help: 'The newest version of each call, or every stored version.',
  },
  rejects: {
    kind: 'text',
    commands: ['import'],
    value: 'FILE',
    help: 'Write rejected lines to FILE as JSON Lines, by cause.',
  },
  'max-line-mb': {
    kind: 'integer',
    commands: ['import'],
    value: 'NUMBER',
    default: 32,
    minimum: 1,
    maximum: 512,
    help: 'The longest line or record to accept, in MiB.',
  },
  'keep-days': {
    kind: 'integer',
    commands: ['retention', 'sync'],
    value: 'NUMBER',
    minimum: 1,
    maximum: 36_500,
    help: 'How long to keep calls and log rows, in whole days before today. sync drops older data at the start and at midnight UTC, and does not fetch it.',
    brief: 'How long to keep calls and log rows, in whole days before today',
    in: { sync: { standard: 'nothing is dropped' } },
  },
  before: {
    kind: 'text',
    commands: ['retention'],
    value: 'DATE',
    help: 'Drop data from before this time (UTC), instead of --keep-days.',
  },
  'dry-run': {
    kind: 'switch',
    commands: ['retention'],
    help: 'Count the data to drop, and drop nothing.',
  },
  'allow-empty': {
    kind: 'switch',
    commands: ['verify'],
    help: 'Exit with 0 if nothing is stored and nothing is missing.',
  },
  vacuum: {
    kind: 'switch',
    commands: ['retention'],
    help: 'Rewrite the SQLite file, so that no trace of dropped data stays.',
  },
} as const satisfies Record<string, Option>;
