/** Whose tokens are accepted, as whom tokens are requested, and how people sign in to the page. */
import { development, graphAudiences } from '../../base/development.ts';
import { guidPattern, type Option } from './option.ts';

/** Where `sync` asks for tokens. */
const tokenEndpoint = {
  standard: 'upstream itself when it issues them, else Microsoft Entra',
  takesOne: true,
} as const;

/** An item of the list: a URL, perhaps with a tenant, or a further tenant of the URL before it. */
const authorityUrl = {
  form: /^(?:https?:\/\/[^\s/@=]+(?:\/[^\s=]*)?(?:=[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})?|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i,
  says: 'an http or https URL without a user name',
};

export const tokensOptions = {
  authority: {
    kind: 'list',
    commands: ['serve', 'sync', 'doctor'],
    value: 'URL',
    help: 'Where tokens for upstream are asked for.',
    in: {
      serve: {
        value: 'URL[=TENANT,…]',
        help: 'OpenID authority whose tokens the server accepts, such as https://login.microsoftonline.com/TENANT/v2.0. Required. With several, each except Microsoft Entra must list its tenants.',
      },
      sync: tokenEndpoint,
      doctor: {
        value: 'URL[=TENANT,…]',
        help: 'The authority of serve, of sync, or of both, in the forms that these take.',
        standard: 'of sync, upstream itself when it issues tokens, else Microsoft Entra',
      },
    },
    pattern: authorityUrl,
  },
  audience: {
    kind: 'list',
    commands: ['serve', 'token', 'doctor'],
    value: 'URI',
    help: 'What tokens must be for: the application ID URI and the client ID of an API of your own. Required with Microsoft Entra, where tokens made for Graph cannot be validated.',
    standard: `with any other authority, ${graphAudiences.join(', ')}`,
    in: {
      token: { help: 'What the token is for.', standard: graphAudiences[0], takesOne: true },
    },
  },
  'allowed-tenants': {
    kind: 'list',
    commands: ['serve', 'doctor'],
    value: 'ID',
    help: 'Tenants whose tokens are taken.',
    standard: 'all of the authority',
    pattern: guidPattern,
  },
  'client-id': {
    kind: 'text',
    commands: ['token', 'sync', 'doctor'],
    value: 'ID',
    default: development.clientId,
    help: 'The application that may read the records of upstream.',
    standard: 'that of a dev server, when upstream is one',
    in: { token: { help: 'The application that the token is issued to.', standard: development.clientId } },
    pattern: guidPattern,
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
  'client-assertion-file': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'A file with a token of another identity provider that the application trusts (workload identity federation), in place of a secret. In Kubernetes that is what AZURE_FEDERATED_TOKEN_FILE names. Read again for every token.',
  },
  'managed-identity': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'ID',
    help: 'The managed identity of this Azure machine or container, in place of an application and its secret: system, or the client ID of a user-assigned identity.',
    pattern: {
      form: /^(system|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/,
      says: 'system, or the client ID of a user-assigned identity, a GUID,',
    },
  },
  role: {
    kind: 'list',
    commands: ['token'],
    value: 'NAME',
    default: ['CallRecords.Read.All'],
    help: 'An application permission of the token.',
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
  'sign-in-client-id': {
    kind: 'text',
    commands: ['serve', 'doctor'],
    value: 'ID',
    help: 'The application, registered with the first --authority, that people sign in to for the page; without it signing in is off.',
    pattern: { form: /^[\x21-\x7e]{1,256}$/, says: 'the id of an application, without spaces' },
  },
  'sign-in-client-secret-file': {
    kind: 'text',
    commands: ['serve', 'doctor'],
    value: 'FILE',
    help: 'A file with the secret of that application, read again for every sign-in: a secret may be changed there.',
  },
} as const satisfies Record<string, Option>;
