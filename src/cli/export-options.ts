/** Options of `export` alone: rows of the option table. */
import { everything } from '../export/what.ts';
import type { Option } from './options.ts';

export const exportOptions = {
  format: {
    kind: 'text',
    commands: ['export'],
    value: 'NAME',
    default: 'jsonl',
    choices: ['jsonl', 'csv', 'parquet'],
    help: 'jsonl: calls and logs in the words received, which import takes back; other tables as an object a row.',
  },
  what: {
    kind: 'text',
    commands: ['export'],
    value: 'NAME',
    default: 'calls',
    choices: everything,
    help: 'calls, the tables of what is in them, or a log.',
  },
  from: {
    kind: 'text',
    commands: ['export', 'store'],
    value: 'DATE|URL',
    help: 'export: calls that started, rows of a log that are of, at or after this time of UTC. store copy: the store to read.',
  },
  to: {
    kind: 'text',
    commands: ['export', 'store'],
    value: 'DATE|URL',
    help: 'export: before this time. store copy: the store to fill.',
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
    help: 'Columns of the table, in this order; all when absent. docs/exporting.md lists them.',
  },
  versions: {
    kind: 'text',
    commands: ['export'],
    value: 'WHICH',
    default: 'newest',
    choices: ['newest', 'all'],
    help: 'Of each call.',
  },
  out: {
    kind: 'text',
    commands: ['export'],
    value: 'FILE',
    help: 'Where to write; standard output when absent. FILE.manifest.json says what is in it.',
  },
  overwrite: { kind: 'switch', commands: ['export'], help: 'Replace FILE if it is there.' },
  delimiter: {
    kind: 'text',
    commands: ['export'],
    value: 'NAME',
    default: 'comma',
    choices: ['comma', 'semicolon', 'tab'],
    help: 'Between the columns of CSV. With semicolon, numbers have a decimal comma, as where Excel expects both.',
  },
} as const satisfies Record<string, Option>;
