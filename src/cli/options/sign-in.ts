/** People who sign in to the page. */
import type { Option } from './option.ts';

export const signInOptions = {
  'sign-in-client-id': {
    kind: 'text',
    commands: ['serve'],
    value: 'ID',
    help: 'The application, registered with the first --authority, that people sign in to for the page; without it nobody does.',
    pattern: { form: /^[\x21-\x7e]{1,256}$/, says: 'the id of an application, without spaces' },
  },
  'sign-in-client-secret': {
    kind: 'text',
    commands: ['serve'],
    value: 'TEXT',
    secret: true,
    help: 'The secret of that application. Better in a file. A public client has none.',
  },
  'sign-in-client-secret-file': {
    kind: 'text',
    commands: ['serve'],
    value: 'FILE',
    help: 'A file with the secret of that application, read again for every sign-in: a secret may be changed there.',
  },
  'sign-in-role': {
    kind: 'list',
    commands: ['serve'],
    value: 'NAME',
    default: ['CallRecords.Read.All'],
    help: 'App role that whoever signs in must have: one of them is enough.',
    pattern: { form: /^[^\s,]{1,250}$/, says: 'the value of an app role, without spaces' },
  },
} as const satisfies Record<string, Option>;
