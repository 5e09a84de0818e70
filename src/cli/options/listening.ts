/** Options for the address that a server listens at, and the URL by which clients reach it. */
import { listeners, type Option, servers } from './option.ts';

export const listeningOptions = {
  host: {
    kind: 'text',
    commands: [...listeners, 'doctor'],
    value: 'ADDRESS',
    default: '127.0.0.1',
    help: 'The address to listen on.',
  },
  port: {
    kind: 'integer',
    commands: [...listeners, 'doctor'],
    value: 'NUMBER',
    default: 7655,
    minimum: 0,
    maximum: 65_535,
    help: 'The port to listen on; 0 picks one. sync listens only with --notification-url.',
    brief: 'The port to listen on; 0 picks one',
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
    help: 'The URL that clients use, without a path, if it differs from the Host header.',
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
    help: 'Host names to accept besides localhost, --host and --public-url. Others get 421.',
    pattern: {
      form: /^(?:[\w-]+(?:\.[\w-]+)*|[0-9a-f:.]+)$/i,
      says: 'a host name or an address without a port, such as rollcall or host.docker.internal,',
    },
  },
  'trust-proxy': {
    kind: 'list',
    commands: servers,
    value: 'ADDRESS[/BITS]',
    help: 'Proxies whose Forwarded and X-Forwarded-* headers are trusted.',
  },
  'cors-origin': {
    kind: 'list',
    commands: servers,
    value: 'ORIGIN',
    help: 'Origins whose pages may call the API from a browser, such as https://app.example; * for all.',
    pattern: { form: /^(\*|https?:\/\/[^\s/]+)$/i, says: 'an origin such as https://app.example, or *' },
  },
} as const satisfies Record<string, Option>;
