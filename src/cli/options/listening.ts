/** Where a server listens, and how clients reach it. */
import { listeners, type Option, servers } from './option.ts';

export const listeningOptions = {
  host: {
    kind: 'text',
    commands: [...listeners, 'doctor'],
    value: 'ADDRESS',
    default: '127.0.0.1',
    help: 'The address to listen on.',
    in: { sync: { help: 'The address to listen on for notifications, and for --health-port.' } },
  },
  port: {
    kind: 'integer',
    commands: [...listeners, 'doctor'],
    value: 'NUMBER',
    default: 7655,
    minimum: 0,
    maximum: 65_535,
    help: 'The port to listen on; 0 picks one.',
    in: {
      sync: {
        help: 'The port to listen on for notifications, where --notification-url says that they come; 0 picks one.',
      },
    },
  },
  workers: {
    kind: 'integer',
    commands: servers,
    value: 'NUMBER',
    minimum: 1,
    maximum: 256,
    help: 'Processes that answer on the port. A memory: store has one.',
    standard: 'as many as there are cores',
    in: { dev: { help: 'Taken and without effect: dev is one process.', standard: '1' } },
  },
  'tls-cert': {
    kind: 'text',
    commands: [...listeners, 'doctor'],
    value: 'FILE',
    help: 'Certificate chain in PEM: serves https. Needs --tls-key.',
    in: { doctor: { help: 'Certificate chain in PEM that a server has, to look at. Needs --tls-key.' } },
  },
  'tls-key': {
    kind: 'text',
    commands: [...listeners, 'doctor'],
    value: 'FILE',
    help: "The certificate's private key in PEM. Needs --tls-cert.",
  },
  'tls-self-signed': {
    kind: 'switch',
    commands: ['dev'],
    help: 'Serve https with a certificate of its own, kept beside the store.',
  },
  'public-url': {
    kind: 'text',
    commands: [...servers, 'doctor'],
    value: 'URL',
    help: 'Where clients reach the server, when the Host header does not say: a scheme and a host, without a path.',
    // The page, its cookies and the redirect URI of sign-ins are at the root of a host.
    pattern: {
      form: /^https?:\/\/[^\s/@?#]+\/?$/i,
      says: 'an http or https URL of a host alone, such as https://calls.example, without a path (a proxy in front gives Rollcall a name of its own)',
    },
  },
  'allow-host': {
    kind: 'list',
    commands: ['dev'],
    value: 'NAME',
    help: 'Host names that the server accepts besides localhost, --host and --public-url. It answers others with 421, because a web page could use its own name for this machine.',
    pattern: {
      form: /^(?:[\w-]+(?:\.[\w-]+)*|[0-9a-f:.]+)$/i,
      says: 'a host name or an address without a port, such as rollcall or host.docker.internal,',
    },
  },
  'trust-proxy': {
    kind: 'list',
    commands: servers,
    value: 'ADDRESS[/BITS]',
    help: 'Proxies whose Forwarded and X-Forwarded-* headers are believed.',
  },
  'cors-origin': {
    kind: 'list',
    commands: servers,
    value: 'ORIGIN',
    help: 'Origins whose pages may call the API from a browser, such as https://app.example; * for all.',
    pattern: { form: /^(\*|https?:\/\/[^\s/]+)$/i, says: 'an origin such as https://app.example, or *' },
  },
} as const satisfies Record<string, Option>;
