/** What `sync` keeps, and how it asks for it. */
import { day, httpUrl, type Option } from './option.ts';

export const upstreamOptions = {
  upstream: {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'URL',
    default: 'https://graph.microsoft.com',
    help: 'Where the records come from: Microsoft Graph, or another Rollcall. http only on this machine.',
    in: {
      doctor: {
        help: 'Where the records come from. It is looked at where this, or the application that may read it, is given.',
      },
    },
    pattern: httpUrl,
  },
  'upstream-scope': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'URI/.default',
    help: 'The scope of tokens for upstream, where it is a Rollcall that Microsoft Entra issues tokens for.',
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
    help: 'Several tenants, as a JSON array of objects with tenant, client-id, client-secret-file (or client-certificate, client-assertion-file, managed-identity), and if need be upstream, upstream-scope and authority. An entry without a credential has that of the options.',
  },
  once: {
    kind: 'switch',
    commands: ['sync'],
    help: 'Fetch what upstream has and end, instead of following it.',
  },
  since: {
    kind: 'text',
    commands: ['sync'],
    value: 'DATE',
    help: 'Keep calls that started at or after this day.',
    standard: 'what upstream still has, 30 days',
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
  'budget-scale': {
    kind: 'text',
    commands: ['sync'],
    value: 'SCALE',
    default: '1',
    help: "A factor on the spans that Graph's limits are counted over, for an upstream that simulates them (dev --throttle SCALE).",
    pattern: { form: /^(?=.*[1-9])\d{1,4}(\.\d{1,6})?$/, says: 'a number above 0' },
  },
} as const satisfies Record<string, Option>;
