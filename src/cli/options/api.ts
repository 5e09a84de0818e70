/** Options of the API and of notifications. */
import { type Option, servers } from './option.ts';

export const apiOptions = {
  participants: {
    kind: 'text',
    commands: servers,
    value: 'WHICH',
    choices: ['reconciled', 'as-received'],
    help: 'reconciled lists participants inferred from the sessions, too.',
    in: { dev: { standard: 'as-received' }, serve: { standard: 'reconciled' } },
  },
  cloud: {
    kind: 'text',
    commands: servers,
    value: 'NAME',
    default: 'global',
    choices: ['global', 'usgov', 'usgov-dod', 'china'],
    help: 'Offer the endpoints of this cloud.',
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
    help: 'Ignore undocumented query options, with a Warning header, instead of rejecting them.',
  },
  'notify-allow': {
    kind: 'list',
    commands: servers,
    value: 'ADDRESS[/BITS]',
    help: 'Private or special addresses that may receive notifications. dev also allows loopback.',
  },
  'delivery-timeout': {
    kind: 'integer',
    commands: ['serve'],
    value: 'SECONDS',
    default: 3,
    minimum: 1,
    maximum: 60,
    help: 'How long an endpoint may take to answer a notification; a retry may take 10 seconds.',
  },
} as const satisfies Record<string, Option>;
