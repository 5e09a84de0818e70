/** Where notifications may go. */
import { type Option, servers } from './option.ts';

export const notificationsOptions = {
  'notify-allow': {
    kind: 'list',
    commands: servers,
    value: 'ADDRESS[/BITS]',
    help: 'Private or otherwise special addresses that notifications may be sent to. In dev loopback may.',
  },
  'notify-ca': {
    kind: 'text',
    commands: servers,
    value: 'FILE',
    help: 'Certificates in PEM of authorities to trust, besides the usual, where notifications are sent.',
  },
} as const satisfies Record<string, Option>;
