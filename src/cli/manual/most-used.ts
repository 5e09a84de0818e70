/** The options that `COMMAND --help` shows: those that most users of a command need. `help COMMAND` shows all. */
import type { OptionName } from '../options.ts';
import type { Topic } from './manual.ts';

export const mostUsed: Readonly<Record<Topic, readonly OptionName[]>> = {
  dev: ['store', 'port', 'calls', 'seed', 'throttle', 'tls-self-signed', 'clock-standing'],
  serve: [
    'authority',
    'audience',
    'store',
    'host',
    'port',
    'tls-cert',
    'tls-key',
    'public-url',
    'sign-in-client-id',
  ],
  sync: [
    'tenant',
    'client-id',
    'client-secret-file',
    'store',
    'once',
    'upstream',
    'notification-url',
    'keep-days',
    'json',
  ],
  import: ['store', 'tenant', 'rejects', 'json', 'quiet'],
  export: ['out', 'format', 'what', 'from', 'to', 'columns', 'participant', 'store'],
  verify: ['store', 'tenant', 'allow-empty', 'json', 'quiet'],
  doctor: ['store', 'tenant', 'upstream', 'authority', 'json'],
  retention: ['keep-days', 'before', 'dry-run', 'store', 'tenant', 'json'],
  quarantine: ['store', 'tenant', 'json'],
  generate: ['calls', 'seed', 'until', 'largest', 'log-rows'],
  token: ['store', 'tenant', 'role', 'delegated', 'expires-in'],
  store: ['store', 'from', 'to', 'json'],
  'store info': ['store', 'tenant', 'json'],
  'store copy': ['from', 'to', 'json', 'quiet'],
  'store backup': ['store', 'json', 'quiet'],
  'store distribute': ['store', 'json', 'quiet'],
  completion: [],
  config: ['config', 'json'],
};
