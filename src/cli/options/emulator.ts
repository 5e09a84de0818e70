/** The options of the emulator. */
import type { Option } from './option.ts';

export const emulatorOptions = {
  throttle: {
    kind: 'text',
    commands: ['dev'],
    value: 'off|on|SCALE',
    default: 'off',
    help: "Simulate Graph's request limits; SCALE is a factor on their time windows (0.05: 20 s become 1).",
    pattern: { form: /^(off|on|(?=.*[1-9])\d{1,4}(\.\d{1,6})?)$/, says: 'off, on or a number above 0' },
  },
  'retention-days': {
    kind: 'integer',
    commands: ['dev'],
    value: 'NUMBER',
    minimum: 0,
    maximum: 36_500,
    help: 'Hide calls that started more than this many days ago, as Graph does after 30.',
  },
  'late-minutes': {
    kind: 'integer',
    commands: ['dev'],
    value: 'NUMBER',
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    help: 'Show a record only this many minutes after its call ended, as Graph does.',
  },
  'clock-start': {
    kind: 'text',
    commands: ['dev'],
    value: 'DATETIME',
    help: "Start of the emulator's clock, such as 2026-11-01T08:00:00Z; the current time when absent.",
    pattern: {
      form: /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/,
      says: 'a date and time such as 2026-11-01T08:00:00Z',
    },
  },
  'clock-standing': {
    kind: 'switch',
    commands: ['dev'],
    help: "Stop the emulator's clock: time passes only when the control API advances it.",
    brief: 'Start a clock that only the control API moves',
  },
} as const satisfies Record<string, Option>;
