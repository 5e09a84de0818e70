/** How an export is written. */
import type { Option } from './option.ts';

export const outputOptions = {
  format: {
    kind: 'text',
    commands: ['export'],
    value: 'NAME',
    default: 'jsonl',
    choices: ['jsonl', 'csv', 'parquet'],
    help: 'jsonl: calls and logs in the words received, which import takes back; other tables as an object a row.',
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
