/** Options of earlier releases that a configuration may still contain, with their replacements. */
import { type CommandName, servers } from './option.ts';

interface RemovedOption {
  readonly commands: readonly CommandName[];
  readonly instead: string;
}

export const removedOptions: Readonly<Record<string, RemovedOption>> = {
  client: {
    commands: ['dev'],
    instead: 'Register applications with POST /rollcall/dev/clients.',
  },
  concurrency: {
    commands: ['sync'],
    instead: "Leave it out: 16 calls are fetched at a time, which reaches Graph's limits.",
  },
  'notify-ca': {
    commands: servers,
    instead: "Name the file in Node's own variable, NODE_EXTRA_CA_CERTS.",
  },
  scenario: {
    commands: ['dev'],
    instead: 'Send the file with POST /rollcall/dev/scenarios.',
  },
  'sign-in-client-secret': {
    commands: ['serve'],
    instead: 'Write the secret to a file, and name it with --sign-in-client-secret-file.',
  },
  'sign-in-role': {
    commands: ['serve'],
    instead: 'Leave it out, and give people the app role CallRecords.Read.All.',
  },
  'store-read-lag': {
    commands: servers,
    instead: 'Leave it out: the server does not read from a replica that is more than 30 seconds behind.',
  },
};
