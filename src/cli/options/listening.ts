/** Options for the address that a server listens at, and the URL by which clients reach it. */
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
        help: 'The port to listen on for notifications, with --notification-url; 0 picks one.',
      },
    },
  },
  workers: {
    kind: 'integer',
    commands: servers,
    value: 'NUMBER',
    minimum: 1,
    maximum: 256,
    help: 'Worker processes. A memory: store has one.',
    standard: 'as many as there are cores',
    in: { dev: { help: 'Has no effect: dev is one process.', standard: '1' } },
  },
  'tls-cert': {
    kind: 'text',
    commands: [...listeners, 'doctor'],
    value: 'FILE',
    help: 'Certificate chain in PEM, to serve https. Needs --tls-key.',
    in: { doctor: { help: 'Certificate chain in PEM to check. Needs --tls-key.' } },
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
    help: 'Serve https with a self-signed certificate, kept in the store.',
    brief: 'Serve https with a self-signed certificate',
  },
  'public-url': {
    kind: 'text',
    commands: [...servers, 'doctor'],
    value: 'URL',
    help: 'The URL that clients use, if it differs from the Host header: a scheme and a host, without a path.',
    // The page, its cookies and the redirect URI of sign-ins need the root of a host.
    pattern: {
      form: /^https?:\/\/[^\s/@?#]+\/?$/i,
      says: 'an http or https URL of a host alone, such as https://calls.example, without a path (a reverse proxy needs a separate host name for Rollcall)',
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
    help: 'Proxies whose Forwarded and X-Forwarded-* headers the server trusts.',
  },
  'cors-origin': {
    kind: 'list',
    commands: servers,
    value: 'ORIGIN',
    help: 'Origins whose pages may call the API from a browser, such as https://app.example; * for all.',
    pattern: { form: /^(\*|https?:\/\/[^\s/]+)$/i, says: 'an origin such as https://app.example, or *' },
  },
} as const satisfies Record<string, Option>;
