/** Options of nearly every command. */
import { allCommands, type Option } from './option.ts';

export const commonOptions = {
  config: {
    kind: 'text',
    commands: allCommands,
    value: 'FILE',
    help: 'A JSON file of options by name. Flags, and variables such as ROLLCALL_PORT, have precedence over it.',
  },
  json: {
    kind: 'switch',
    commands: [
      'dev',
      'serve',
      'import',
      'sync',
      'verify',
      'export',
      'find',
      'show',
      'store',
      'retention',
      'quarantine',
      'config',
      'doctor',
    ],
    help: 'Print the result as JSON on standard output, and an error as JSON on standard error.',
    brief: 'Print the result as JSON',
  },
  quiet: {
    kind: 'switch',
    commands: [
      'dev',
      'serve',
      'import',
      'generate',
      'sync',
      'verify',
      'export',
      'find',
      'show',
      'store',
      'retention',
    ],
    help: 'Print no progress and no hints on standard error.',
  },
} as const satisfies Record<string, Option>;
