/** Options of generated records. */
import { day, type Option } from './option.ts';

export const generatedOptions = {
  seed: {
    kind: 'integer',
    commands: ['dev', 'generate'],
    value: 'NUMBER',
    default: 1,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    help: 'Seed of the generator: the same seed gives the same records.',
    brief: 'Seed of the generator',
  },
  calls: {
    kind: 'integer',
    commands: ['dev', 'generate'],
    value: 'NUMBER',
    default: 100,
    minimum: 0,
    maximum: 100_000_000,
    help: 'Calls to generate.',
  },
  'log-rows': {
    kind: 'integer',
    commands: ['generate'],
    value: 'NUMBER',
    default: 0,
    minimum: 0,
    maximum: 100_000_000,
    help: 'Rows to write for each PSTN, direct routing and SMS log and report, after the calls.',
  },
  largest: {
    kind: 'integer',
    commands: ['generate'],
    value: 'NUMBER',
    default: 1250,
    minimum: 2,
    maximum: 20_000,
    help: 'Participants of the largest meeting.',
  },
  until: {
    kind: 'text',
    commands: ['generate'],
    value: 'DATE',
    default: '2026-11-01',
    help: 'All calls end before this day.',
    pattern: day,
  },
  'no-generate': { kind: 'switch', commands: ['dev'], help: 'Leave an empty store empty.' },
} as const satisfies Record<string, Option>;
