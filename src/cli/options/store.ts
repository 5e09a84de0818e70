/** Where records are kept, and whose they are. */
import { development } from '../../auth/issuer/development.ts';
import { guid, type Option, servers, storeUrl } from './option.ts';

export const storeOptions = {
  store: {
    kind: 'text',
    commands: ['dev', 'serve', 'import', 'token', 'sync', 'verify', 'export', 'store', 'retention', 'doctor'],
    value: 'URL',
    default: 'sqlite:./rollcall-data/rollcall.db',
    actions: ['info', 'backup', 'distribute'],
    help: 'Where records are kept: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE, or memory: (SQLite in memory, gone when the command ends).',
    holdsSecret: true,
    pattern: storeUrl,
  },
  'store-read': {
    kind: 'list',
    commands: servers,
    value: 'URL',
    help: 'A replica of the PostgreSQL store that the API may be read from. It never shows less than the store.',
    holdsSecret: true,
    pattern: { form: /^postgres(ql)?:\/\/\S+$/, says: 'postgres://USER:PASSWORD@HOST/DATABASE' },
  },
  'cache-mb': {
    kind: 'integer',
    commands: servers,
    value: 'NUMBER',
    default: 32,
    minimum: 0,
    maximum: 65_536,
    help: 'Memory for blocks lately read, in MiB.',
  },
  tenant: {
    kind: 'text',
    commands: [
      'dev',
      'import',
      'generate',
      'token',
      'sync',
      'verify',
      'export',
      'store',
      'retention',
      'doctor',
    ],
    actions: ['info'],
    value: 'ID',
    default: development.tenantId,
    help: 'The tenant whose records these are.',
    in: {
      token: { help: 'The tenant that the token is of.' },
      sync: {
        help: 'The tenant whose calls are kept.',
        standard: 'that of a dev server, when upstream is one',
      },
      export: { help: 'The tenant whose calls are written.' },
      verify: { help: 'The tenant to look at.', standard: 'all tenants' },
      store: { help: 'The tenant whose calls are counted.', standard: 'all tenants' },
      retention: { help: 'The tenant whose calls are dropped.', standard: 'all tenants' },
      doctor: { help: 'The tenant that upstream is asked for.' },
    },
    pattern: guid,
  },
} as const satisfies Record<string, Option>;
