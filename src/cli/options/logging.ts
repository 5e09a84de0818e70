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
    help: '/readyz fails when the last listing of upstream is older than this, or the subscription of sync has expired; 0 turns this check off.',
    in: {
      serve: { standard: '0' },
    },
  },
  'health-port': {
    kind: 'integer',
    commands: ['serve', 'sync', 'doctor'],
    value: 'NUMBER',
    minimum: 0,
    maximum: 65_535,
    help: 'Answer /healthz, /readyz and /metrics on this port of --host; 0 picks one.',
    standard: 'none',
    in: {
      serve: {
        help: 'Answer /healthz, /readyz and /metrics on this port of --host, and /metrics no longer on --port; 0 picks one.',
        standard: 'the port of the API',
      },
    },
  },
  'metrics-token-file': {
    kind: 'text',
    commands: ['serve', 'sync', 'doctor'],
    value: 'FILE',
    help: 'A file with the token that /metrics requires as Authorization: Bearer, read for every scrape.',
    standard: 'no token',
  },
  'log-level': {
    kind: 'text',
    commands: listeners,
    value: 'LEVEL',
    default: 'info',
    choices: logLevels,
    help: 'The lowest level to log; debug logs each request.',
  },
  'log-format': {
    kind: 'text',
    commands: listeners,
    value: 'FORMAT',
    default: 'text',
    choices: logFormats,
    help: 'The log as text, or one JSON object per line: see docs/operating.md.',
  },
} as const satisfies Record<string, Option>;
