/** Options of the log, of health and of metrics. */
import { expectedLagMinutes } from '../../store/recency.ts';
import { logFormats, logLevels } from '../../base/log.ts';
import { listeners, type Option } from './option.ts';

export const loggingOptions = {
  'expected-lag-minutes': {
    kind: 'integer',
    commands: [...listeners, 'doctor'],
    value: 'NUMBER',
    standard: String(expectedLagMinutes),
    minimum: 0,
    maximum: 1_000_000,
    help: '/readyz fails when a sync keeps the store and its newest listing of upstream ended longer ago, or its subscription has expired; 0 expects nothing of a sync.',
    in: {
      serve: { standard: '0' },
      doctor: {
        help: 'How long ago the newest listing of upstream may have ended; 0 expects nothing of a sync.',
      },
    },
  },
  'health-port': {
    kind: 'integer',
    commands: ['serve', 'sync', 'doctor'],
    value: 'NUMBER',
    minimum: 0,
    maximum: 65_535,
    help: 'Answer /healthz, /readyz and /metrics on this port of --host; 0 picks one.',
    standard: 'nowhere',
    in: {
      serve: {
        help: 'Answer /healthz, /readyz and /metrics on this port of --host, and /metrics on --port no more; 0 picks one.',
        standard: 'the port of the API',
      },
    },
  },
  'metrics-token-file': {
    kind: 'text',
    commands: ['serve', 'sync', 'doctor'],
    value: 'FILE',
    help: 'A file with a token that /metrics asks for as Authorization: Bearer, read again for every scrape.',
    standard: 'no token',
  },
  'log-level': {
    kind: 'text',
    commands: listeners,
    value: 'LEVEL',
    default: 'info',
    choices: logLevels,
    help: 'The least of what is logged; debug has a line for each request.',
  },
  'log-format': {
    kind: 'text',
    commands: listeners,
    value: 'FORMAT',
    default: 'text',
    choices: logFormats,
    help: 'The log as text, or one JSON object per line. docs/operating.md describes its members.',
  },
} as const satisfies Record<string, Option>;
