/** How the API answers, and whom it may notify. */
import { type Option, servers } from './option.ts';

export const apiOptions = {
  participants: {
    kind: 'text',
    commands: servers,
    value: 'WHICH',
    choices: ['reconciled', 'as-received'],
    help: 'Which participants to list: with those found in the sessions alone, or those received.',
    in: { dev: { standard: 'as-received' }, serve: { standard: 'reconciled' } },
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
    choices: ['as-before', 'empty', 'absent'],
    help: 'organizer, participants and participantEndpoint.identity: as received, emptied, or left out.',
    // docs/decisions/0004-deprecated-properties.md says why.
    in: { dev: { standard: 'empty' }, serve: { standard: 'as-before' } },
  },
  loose: {
    kind: 'switch',
    commands: ['dev'],
    help: 'Ignore undocumented query options, with a Warning, instead of refusing them.',
  },
  'notify-allow': {
    kind: 'list',
    commands: servers,
    value: 'ADDRESS[/BITS]',
    help: 'Private or otherwise special addresses that notifications may be sent to. In dev loopback may.',
  },
  'delivery-timeout': {
    kind: 'integer',
    commands: ['serve'],
    value: 'SECONDS',
    default: 3,
    minimum: 1,
    maximum: 60,
    help: 'How long an endpoint may take to answer the first delivery of a notification; a retry waits 10 seconds at least. Graph waits 3.',
  },
} as const satisfies Record<string, Option>;
