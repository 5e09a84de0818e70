/** Options of the export file. */
import type { Option } from './option.ts';

export const outputOptions = {
  format: {
    kind: 'text',
    commands: ['export'],
    value: 'NAME',
    default: 'jsonl',
    choices: ['jsonl', 'csv', 'parquet'],
    help: 'jsonl writes calls and logs exactly as received, which import reads; other tables as one object per row.',
    brief: 'jsonl, csv or parquet',
  },
  out: {
    kind: 'text',
    commands: ['export'],
    value: 'FILE',
    help: 'The file to write; standard output when absent. FILE.manifest.json holds counts and checksums.',
    brief: 'The file to write; standard output when absent',
  },
  overwrite: { kind: 'switch', commands: ['export'], help: 'Replace FILE if it exists.' },
  delimiter: {
    kind: 'text',
    commands: ['export'],
    value: 'NAME',
    default: 'comma',
    choices: ['comma', 'semicolon', 'tab'],
    help: 'The CSV column separator. With semicolon, numbers have a decimal comma, as Excel expects in many countries.',
  },
} as const satisfies Record<string, Option>;
