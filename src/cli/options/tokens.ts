/** Options for accepted tokens, requested tokens, and sign-in to the page. */
import { development, graphAudiences } from '../../base/development.ts';
import { guidPattern, type Option } from './option.ts';

/** The token endpoint of `sync`. */
const tokenEndpoint = {
  standard: 'upstream if it issues tokens, else Microsoft Entra',
  takesOne: true,
} as const;

/** An item of the list: a URL, optionally with a tenant, or another tenant of the previous URL. */
const authorityUrl = {
  form: /^(?:https?:\/\/[^\s/@=]+(?:\/[^\s=]*)?(?:=[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})?|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i,
  says: 'an http or https URL without a user name',
};

export const tokensOptions = {
  authority: {
    kind: 'list',
    commands: ['serve', 'sync', 'doctor'],
    value: 'URL',
    help: 'The authority that issues tokens for upstream.',
    in: {
      serve: {
        value: 'URL[=TENANT,…]',
        help: 'OpenID authority whose tokens the server accepts, such as https://login.microsoftonline.com/TENANT/v2.0. Required. With several, each except Microsoft Entra must list its tenants.',
        brief: 'OpenID authority whose tokens the server accepts',
      },
      sync: tokenEndpoint,
      doctor: {
        value: 'URL[=TENANT,…]',
        help: 'The authority of serve, of sync, or of both, as those commands read it.',
        standard: 'for sync, upstream if it issues tokens, else Microsoft Entra',
      },
    },
    pattern: authorityUrl,
  },
  audience: {
    kind: 'list',
    commands: ['serve', 'token', 'doctor'],
    value: 'URI',
    help: 'The audience of accepted tokens: the application ID URI and the client ID of your API. Required with Microsoft Entra.',
    brief: 'The audience of accepted tokens',
    standard: `with any other authority, ${graphAudiences.join(', ')}`,
    in: {
      token: { help: 'The audience of the token.', standard: graphAudiences[0], takesOne: true },
    },
  },
  'allowed-tenants': {
    kind: 'list',
    commands: ['serve', 'doctor'],
    value: 'ID',
    help: 'Tenants whose tokens the server accepts.',
    standard: 'all tenants of the authority',
    pattern: guidPattern,
  },
  'client-id': {
    kind: 'text',
    commands: ['token', 'sync', 'doctor'],
    value: 'ID',
    default: development.clientId,
    help: 'The application that may read records at upstream.',
    standard: 'that of a dev server, when upstream is one',
    in: { token: { help: 'The application of the token.', standard: development.clientId } },
    pattern: guidPattern,
  },
  'client-secret': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'TEXT',
    secret: true,
    help: 'The secret of the application. Prefer a variable or a file: other users can see arguments.',
  },
  'client-secret-file': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'A file with the secret of the application, read for every token.',
  },
  'client-certificate': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'A certificate of the application with its private key, in PEM.',
  },
  'client-assertion-file': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'FILE',
    help: 'A file with a token of another identity provider that the application trusts (workload identity federation), read for every token. In Kubernetes, AZURE_FEDERATED_TOKEN_FILE names it.',
  },
  'managed-identity': {
    kind: 'text',
    commands: ['sync', 'doctor'],
    value: 'ID',
    help: 'The managed identity of this Azure machine or container: system, or the client ID of a user-assigned identity.',
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
    help: 'An application permission in the token.',
  },
  delegated: {
    kind: 'switch',
    commands: ['token'],
    help: 'A token of a user: scp, and no application permission.',
  },
  'expires-in': {
    kind: 'integer',
    commands: ['token'],
    value: 'SECONDS',
    default: 3599,
    minimum: -315_360_000,
    maximum: 315_360_000,
    help: 'How long the token is valid; negative for an expired token.',
  },
  'sign-in-client-id': {
    kind: 'text',
    commands: ['serve', 'doctor'],
    value: 'ID',
    help: 'The application, registered with the first --authority, that people use to sign in to the page; without it sign-in is off.',
    brief: 'The application for sign-in to the page',
    pattern: { form: /^[\x21-\x7e]{1,256}$/, says: 'the id of an application, without spaces' },
  },
  'sign-in-client-secret-file': {
    kind: 'text',
    commands: ['serve', 'doctor'],
    value: 'FILE',
    help: 'A file with the secret of that application, read for every sign-in.',
  },
} as const satisfies Record<string, Option>;
