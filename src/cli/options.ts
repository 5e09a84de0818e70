/**
 * Every option of every command, once: what it takes, its default, its help. Flags, environment (`ROLLCALL_…`) and the
 * configuration file are read by this table, and the help is written from it.
 */
import { development, graphAudiences } from '../auth/issuer/issuer.ts';
import { exportOptions } from './export-options.ts';
import { retentionOptions } from './retention-options.ts';
import { signInOptions } from './sign-in-options.ts';
import { storeOptions } from './store-options.ts';

export type CommandName =
  | 'dev'
  | 'serve'
  | 'import'
  | 'generate'
  | 'token'
  | 'sync'
  | 'verify'
  | 'export'
  | 'store'
  | 'retention'
  | 'doctor'
  | 'completion'
  | 'config';

export type OptionKind = 'text' | 'integer' | 'switch' | 'list';

export interface Option {
  readonly kind: OptionKind;
  readonly commands: readonly CommandName[];
  /** What the value is called in the help: `--port NUMBER`. */
  readonly value?: string;
  readonly default?: string | number | boolean | readonly string[];
  readonly help: string;
  /** Never shown. */
  readonly secret?: true;
  /** Shown without the password that may be in it; like a secret, it may stand in a file. */
  readonly holdsSecret?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
  readonly pattern?: { readonly form: RegExp; readonly says: string };
}

const guid = {
  form: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  says: 'a GUID such as 11111111-1111-4111-8111-111111111111',
};
const httpUrl = { form: /^https?:\/\/[^\s/@]+(\/\S*)?$/i, says: 'an http or https URL without a user name' };
/** Where a store is. */
export const storeUrl = {
  form: /^(sqlite:.+|memory:|postgres(ql)?:\/\/.+)$/,
  says: 'sqlite:PATH, postgres://… or memory:',
};
const day = { form: /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/, says: 'a date such as 2026-11-01' };
const all: readonly CommandName[] = [
  'dev',
  'serve',
  'import',
  'generate',
  'token',
  'sync',
  'verify',
  'export',
  'store',
  'retention',
  'doctor',
  'completion',
  'config',
];
const servers: readonly CommandName[] = ['dev', 'serve'];
/** `sync` listens for notifications. */
const listeners: readonly CommandName[] = [...servers, 'sync'];

export const options = {
  store: {
    kind: 'text',
    commands: ['dev', 'serve', 'import', 'token', 'sync', 'verify', 'export', 'store', 'retention', 'doctor'],
    value: 'URL',
    default: 'sqlite:./rollcall-data/rollcall.db',
    help: 'Where records are kept: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE, or memory: for as long as the command runs.',
    holdsSecret: true,
    pattern: storeUrl,
  },
  'store-read': {
    kind: 'list',
    commands: servers,
    value: 'URL',
    help: 'A replica of the PostgreSQL store that the API may be read from; repeatable. It never shows less than the store.',
    holdsSecret: true,
    pattern: { form: /^postgres(ql)?:\/\/\S+$/, says: 'postgres://USER:PASSWORD@HOST/DATABASE' },
  },
  'store-read-lag': {
    kind: 'integer',
    commands: servers,
    value: 'SECONDS',
    default: 30,
    minimum: 1,
    maximum: 3600,
    help: 'Leave a replica out that is farther behind.',
  },
  tenant: {
    kind: 'text',
    commands: ['dev', 'import', 'generate', 'token', 'sync', 'verify', 'export', 'retention', 'doctor'],
    value: 'ID',
    default: development.tenantId,
    help: 'The tenant whose records these are.',
    pattern: guid,
  },
  config: {
    kind: 'text',
    commands: all,
    value: 'FILE',
    help: 'A JSON file of options by name; flags and environment win over it.',
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
      'store',
      'retention',
      'config',
      'doctor',
    ],
    help: 'Print the result on standard output as JSON.',
  },
  quiet: {
    kind: 'switch',
    commands: ['dev', 'serve', 'import', 'generate', 'sync', 'verify', 'export', 'store', 'retention'],
    help: 'No progress and no hints on standard error.',
  },

  host: {
    kind: 'text',
    commands: listeners,
    value: 'ADDRESS',
    default: '127.0.0.1',
    help: 'The address to listen on.',
  },
  port: {
    kind: 'integer',
    commands: listeners,
    value: 'NUMBER',
    default: 7655,
    minimum: 0,
    maximum: 65_535,
    help: 'The port to listen on; 0 picks one.',
  },
  workers: {
    kind: 'integer',
    commands: servers,
    value: 'NUMBER',
    minimum: 1,
    maximum: 256,
    help: 'Processes that answer on the port; as many as there are cores when absent. A memory: store has one.',
  },
  'tls-cert': {
    kind: 'text',
    commands: [...listeners, 'doctor'],
    value: 'FILE',
    help: 'Certificate chain in PEM: serves https. Needs --tls-key.',
  },
  'tls-key': {
    kind: 'text',
    commands: [...listeners, 'doctor'],
    value: 'FILE',
    help: "The certificate's private key in PEM. Needs --tls-cert.",
  },
  'tls-self-signed': {
    kind: 'switch',
    commands: ['dev'],
    help: 'Serve https with a certificate of its own, kept beside the store.',
  },
  participants: {
    kind: 'text',
    commands: servers,
    value: 'WHICH',
    choices: ['reconciled', 'as-received'],
    help: 'Which participants to list: with those found in the sessions alone, as serve does, or those received, as dev does.',
  },
  cloud: {
    kind: 'text',
    commands: servers,
    value: 'NAME',
    default: 'global',
    choices: ['global', 'usgov', 'usgov-dod', 'china'],
    help: 'Answer as this cloud does: what it does not offer is not there.',
  },
  deprecated: {
    kind: 'text',
    commands: servers,
    value: 'HOW',
    // docs/decisions/0004-deprecated-properties.md says why.
    default: 'as-before',
    choices: ['as-before', 'empty', 'absent'],
    help: 'organizer, participants and participantEndpoint.identity: as received, emptied, or left out.',
  },
  'cors-origin': {
    kind: 'list',
    commands: servers,
    value: 'ORIGIN',
    help: 'Origins whose pages may call the API from a browser, such as https://app.example; * for all.',
    pattern: { form: /^(\*|https?:\/\/[^\s/]+)$/i, says: 'an origin such as https://app.example, or *' },
  },
  'public-url': {
    kind: 'text',
    commands: servers,
    value: 'URL',
    help: 'Where clients reach the server, when the Host header does not say.',
    pattern: httpUrl,
  },
  'trust-proxy': {
    kind: 'list',
    commands: servers,
    value: 'ADDRESS[/BITS]',
    help: 'Proxies whose Forwarded and X-Forwarded-* headers are believed.',
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
  'expected-lag-minutes': {
    kind: 'integer',
    commands: listeners,
    value: 'NUMBER',
    default: 180,
    minimum: 0,
    maximum: 1_000_000,
    help: '/readyz fails when a sync keeps the store and its newest listing of upstream ended longer ago, or its subscription has expired; 0 expects nothing of a sync.',
  },
  'health-port': {
    kind: 'integer',
    commands: ['sync'],
    value: 'NUMBER',
    minimum: 0,
    maximum: 65_535,
    help: 'Answer /healthz and /readyz on this port of --host, 0 picks one; nowhere when absent.',
  },
  throttle: {
    kind: 'text',
    commands: ['dev'],
    value: 'off|on|SCALE',
    default: 'off',
    help: "Graph's limits on requests; SCALE is a factor on the spans they are counted over (0.05: 20 s become 1).",
    pattern: { form: /^(off|on|(?=.*[1-9])\d{1,4}(\.\d{1,6})?)$/, says: 'off, on or a number above 0' },
  },
  'retention-days': {
    kind: 'integer',
    commands: ['dev'],
    value: 'NUMBER',
    minimum: 0,
    maximum: 36_500,
    help: 'Forget calls that started so many days ago, as Graph does after 30.',
  },
  'late-minutes': {
    kind: 'integer',
    commands: ['dev'],
    value: 'NUMBER',
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    help: 'Show a record only so many minutes after its call ended, as Graph does.',
  },
  'clock-start': {
    kind: 'text',
    commands: ['dev'],
    value: 'DATETIME',
    help: 'Where the clock of the stage begins, such as 2026-11-01T08:00:00Z; the present when absent.',
    pattern: {
      form: /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/,
      says: 'a date and time such as 2026-11-01T08:00:00Z',
    },
  },
  'clock-standing': {
    kind: 'switch',
    commands: ['dev'],
    help: 'The clock of the stage stands still until it is moved.',
  },
  'notify-allow': {
    kind: 'list',
    commands: servers,
    value: 'ADDRESS[/BITS]',
    help: 'Private or otherwise special addresses that notifications may be sent to; repeatable. In dev loopback may.',
  },
  'notify-ca': {
    kind: 'text',
    commands: servers,
    value: 'FILE',
    help: 'Certificates in PEM of authorities to trust, besides the usual, where notifications are sent.',
  },
  client: {
    kind: 'list',
    commands: ['dev'],
    value: 'ID:SECRET',
    secret: true,
    help: 'Another application that the token endpoint knows; repeatable.',
    pattern: {
      form: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:\S+$/i,
      says: 'a GUID and a secret, such as 33333333-3333-4333-8333-333333333333:another-secret',
    },
  },
  scenario: {
    kind: 'text',
    commands: ['dev'],
    value: 'FILE',
    help: 'A scenario to play on the stage: steps at times of the clock (docs/developing.md).',
  },
  loose: {
    kind: 'switch',
    commands: ['dev'],
    help: 'Ignore undocumented query options, with a Warning, instead of refusing them.',
  },

  authority: {
    kind: 'list',
    commands: ['serve', 'sync', 'doctor'],
    value: 'URL',
    help: 'OpenID authority such as https://login.microsoftonline.com/TENANT/v2.0. serve: whose tokens are taken; required. sync: where tokens are asked for; the upstream itself when it issues them, else Microsoft Entra.',
    pattern: httpUrl,
  },
  audience: {
    kind: 'list',
    commands: ['serve', 'token'],
    value: 'URI',
    default: graphAudiences,
    help: 'What tokens must be for; a token that is made is for the first.',
  },
  'allowed-tenants': {
    kind: 'list',
    commands: ['serve'],
    value: 'ID',
    help: 'Tenants whose tokens are taken; all of the authority when absent.',
    pattern: guid,
  },

  ...signInOptions,

  rejects: {
    kind: 'text',
    commands: ['import'],
    value: 'FILE',
    help: 'Write each line that was not taken, with the reason, as JSON Lines.',
  },
  'max-line-mb': {
    kind: 'integer',
    commands: ['import'],
    value: 'NUMBER',
    default: 32,
    minimum: 1,
    maximum: 512,
    help: 'The longest line to take, in MiB.',
  },

  seed: {
    kind: 'integer',
    commands: ['dev', 'generate'],
    value: 'NUMBER',
    default: 1,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    help: 'The same seed gives the same records.',
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
    help: 'Rows of each PSTN, direct routing and SMS log and report, after the calls.',
  },
  users: {
    kind: 'integer',
    commands: ['generate'],
    value: 'NUMBER',
    default: 500,
    minimum: 1,
    maximum: 10_000_000,
    help: 'Users of the tenant.',
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
  days: {
    kind: 'integer',
    commands: ['generate'],
    value: 'NUMBER',
    default: 30,
    minimum: 1,
    maximum: 3650,
    help: 'Days the calls are spread over.',
  },
  until: {
    kind: 'text',
    commands: ['generate'],
    value: 'DATE',
    default: '2026-11-01',
    help: 'The day the calls end before.',
    pattern: day,
  },
  'no-sessions': { kind: 'switch', commands: ['generate'], help: 'Without sessions.' },
  'no-media': { kind: 'switch', commands: ['generate'], help: 'Sessions without media.' },
  'no-generate': { kind: 'switch', commands: ['dev'], help: 'Leave an empty store empty.' },

  role: {
    kind: 'list',
    commands: ['token'],
    value: 'NAME',
    default: ['CallRecords.Read.All'],
    help: 'An application permission of the token; repeatable.',
  },
  delegated: {
    kind: 'switch',
    commands: ['token'],
    help: "A user's token: scp, and no application permission.",
  },
  'expires-in': {
    kind: 'integer',
    commands: ['token'],
    value: 'SECONDS',
    default: 3599,
    minimum: -315_360_000,
    maximum: 315_360_000,
    help: 'How long the token is good; negative for one that has expired.',
  },
  'client-id': {
    kind: 'text',
    commands: ['token', 'sync', 'doctor'],
    value: 'ID',
    default: development.clientId,
    help: 'The application the token is for. sync: the one that may read; by default that of a dev server, when the upstream is one.',
    pattern: guid,
  },
  'client-secret': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'TEXT',
    secret: true,
    help: 'The secret of the application. Better in the environment or in a file: arguments are seen by others.',
  },
  'client-secret-file': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'A file with the secret of the application, read again for every token: a secret may be changed there.',
  },
  'client-certificate': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'A certificate of the application with its private key, in PEM, in place of a secret.',
  },
  upstream: {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'URL',
    default: 'https://graph.microsoft.com',
    help: 'Where the records come from: Microsoft Graph, or another Rollcall. http only on this machine.',
    pattern: httpUrl,
  },
  tenants: {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'Several tenants, as a JSON array of objects with tenant, client-id, client-secret-file or client-certificate, and if need be upstream and authority.',
  },
  once: { kind: 'switch', commands: ['sync'], help: 'Fetch what there is and end, rather than follow.' },
  since: {
    kind: 'text',
    commands: ['sync'],
    value: 'DATE',
    help: 'Keep calls that started at or after this day; what upstream still has, 30 days, when absent.',
    pattern: day,
  },
  'notification-url': {
    kind: 'text',
    commands: ['sync'],
    value: 'URL',
    help: 'Where upstream reaches this process to notify it, as the public sees it: https. What listens is --host and --port.',
    pattern: httpUrl,
  },
  'reconcile-minutes': {
    kind: 'integer',
    commands: ['sync'],
    value: 'NUMBER',
    default: 60,
    minimum: 0,
    maximum: 1440,
    help: 'List what upstream has every so many minutes; 0 never does and relies on notifications alone.',
  },
  logs: {
    kind: 'list',
    commands: ['sync'],
    value: 'NAME',
    default: ['getPstnCalls', 'getDirectRoutingCalls'],
    help: 'Logs to keep, with v1.0/ or beta/ before a name to choose the rows of one: getPstnCalls, getDirectRoutingCalls, beta/getSmsLog, beta/getPstnBlockedUsersLog, beta/getPstnOnlineMeetingDialoutReport; or none.',
    pattern: {
      form: /^(none|((v1\.0|beta)\/)?get\w+)$/,
      says: 'names of logs such as getPstnCalls, or none',
    },
  },
  concurrency: {
    kind: 'integer',
    commands: ['sync'],
    value: 'NUMBER',
    default: 16,
    minimum: 1,
    maximum: 256,
    help: 'Calls fetched at a time, of each tenant.',
  },
  'budget-scale': {
    kind: 'text',
    commands: ['sync'],
    value: 'SCALE',
    default: '1',
    help: "A factor on the spans that Graph's limits are counted over, for an upstream that simulates them (dev --throttle SCALE).",
    pattern: { form: /^(?=.*[1-9])\d{1,4}(\.\d{1,6})?$/, says: 'a number above 0' },
  },

  layout: {
    kind: 'text',
    commands: ['token'],
    value: 'NAME',
    default: 'v1',
    choices: ['v1', 'v2'],
    help: "Which of Microsoft's claim layouts.",
  },

  ...exportOptions,
  ...retentionOptions,
  ...storeOptions,
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;
export const optionTable: Readonly<Record<OptionName, Option>> = options;

/** What a command reads: the options that name it; `config`, which shows them, all. */
export function optionsOf(command: CommandName): OptionName[] {
  const names = Object.keys(options) as OptionName[]; // the table's own keys
  if (command === 'config') return names;
  return names.filter((name) => optionTable[name].commands.includes(command));
}

/** `tls-cert` is `ROLLCALL_TLS_CERT`. */
export function environmentName(name: OptionName): string {
  return `ROLLCALL_${name.toUpperCase().replaceAll('-', '_')}`;
}
