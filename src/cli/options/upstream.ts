/** Options of fetching from upstream. */
import { day, httpUrl, type Option } from './option.ts';

export const upstreamOptions = {
  upstream: {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'URL',
    default: 'https://graph.microsoft.com',
    help: 'The source of the records: Microsoft Graph, or another Rollcall. http only on this machine.',
    pattern: httpUrl,
  },
  'upstream-scope': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'URI/.default',
    help: 'The scope of tokens for upstream, if it is a Rollcall with tokens of Microsoft Entra.',
    standard: "Microsoft Graph's",
    pattern: {
      form: /^(?:(?:api|https):\/\/[^\s/]\S*|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\/\.default$/i,
      says: 'the App ID URI or the client ID of its API with /.default, such as api://…/.default',
    },
  },
  tenants: {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'Several tenants: a JSON array of objects with tenant, client-id, a credential such as client-secret-file, upstream, upstream-scope and authority. What an entry lacks is that of the options.',
  },
  once: {
    kind: 'switch',
    commands: ['sync'],
    help: 'Fetch all available records and end, instead of following upstream.',
  },
  since: {
    kind: 'text',
    commands: ['sync'],
    value: 'DATE',
    help: 'Fetch calls that started on or after this day.',
    standard: 'all that upstream has, 30 days',
    pattern: day,
  },
  'notification-url': {
    kind: 'text',
    commands: ['sync'],
    value: 'URL',
    help: 'The public https URL where upstream delivers notifications. It leads to --host and --port.',
    pattern: httpUrl,
  },
  'reconcile-minutes': {
    kind: 'integer',
    commands: ['sync'],
    value: 'NUMBER',
    default: 60,
    minimum: 0,
    maximum: 1440,
    help: 'List the calls of upstream at this interval; 0 relies on notifications alone.',
  },
  logs: {
    kind: 'list',
    commands: ['sync'],
    value: 'NAME',
    default: ['getPstnCalls', 'getDirectRoutingCalls'],
    help: 'Logs to keep, with v1.0/ or beta/ before a name to choose the API: getPstnCalls, getDirectRoutingCalls, beta/getSmsLog, beta/getPstnBlockedUsersLog, beta/getPstnOnlineMeetingDialoutReport; or none.',
    pattern: {
      form: /^(none|((v1\.0|beta)\/)?get\w+)$/,
      says: 'names of logs such as getPstnCalls, or none',
    },
  },
  'budget-scale': {
    kind: 'text',
    commands: ['sync'],
    value: 'SCALE',
    default: '1',
    help: "A factor on the time windows of Graph's limits, for an upstream that simulates them (dev --throttle SCALE).",
    pattern: { form: /^(?=.*[1-9])\d{1,4}(\.\d{1,6})?$/, says: 'a number above 0' },
  },
} as const satisfies Record<string, Option>;
