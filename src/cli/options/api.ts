/** Options of the API and of notifications. */
import { type Option, servers } from './option.ts';

export const apiOptions = {
  participants: {
    kind: 'text',
    commands: servers,
    value: 'WHICH',
    choices: ['reconciled', 'as-received'],
    help: 'Which participants to list: reconciled adds those inferred from the sessions; as-received does not.',
    in: { dev: { standard: 'as-received' }, serve: { standard: 'reconciled' } },
  },
  cloud: {
    kind: 'text',
    commands: servers,
    value: 'NAME',
    default: 'global',
    choices: ['global', 'usgov', 'usgov-dod', 'china'],
    help: 'Answer as this cloud does, without the endpoints that it does not offer.',
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
    help: 'How long to wait for an endpoint to answer the first delivery of a notification; a retry waits at least 10 seconds. Graph waits 3.',
  },
} as const satisfies Record<string, Option>;
