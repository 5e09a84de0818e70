/** The manual of what answers requests, and of the tokens for it. */
import { type Manual, sqliteFiles, traces, wrongUsage } from './manual.ts';

const serverExits = {
  0: 'Ended by SIGTERM or SIGINT; requests under way were answered.',
  1: 'The store cannot be opened, or no worker came up.',
  2: wrongUsage,
} as const;

export const serversManual = {
  dev: {
    does: 'a server for developing, which stands for Microsoft Graph',
    description: [
      'Answers the call-records API of Microsoft Graph for a tenant of its own. On an empty store it generates a small tenant first. It issues the tokens it takes, for an application that everybody knows, and prints all that a newcomer needs: the URLs, the tenant, the client, the secret, and a curl line to paste.',
      'Under /rollcall/dev/ it has a stage for tests: a clock that is moved, calls and later versions of them, faults, limits. docs/developing.md says how a webhook receiver is tested on it.',
      'When it is ready it prints one line on standard output: rollcall listening on URL. SIGHUP reads the configuration file and certificates again. It is not for production: serve is.',
    ],
    exits: serverExits,
    files: [sqliteFiles],
    environment: [traces],
    examples: [
      { does: 'Start with a small generated tenant.', run: 'rollcall dev' },
      {
        does: 'A tenant of 20 calls that is gone when it ends.',
        run: 'rollcall dev --store memory: --calls 20',
      },
      {
        does: 'With https, as clients that insist on it need.',
        run: 'rollcall dev --tls-self-signed --port 8443',
      },
      {
        does: 'A clock that stands still until a test moves it.',
        run: 'rollcall dev --clock-start 2026-11-01T08:00:00Z --clock-standing',
      },
    ],
    seeAlso: ['serve', 'token', 'generate', 'docs/developing.md'],
  },
  serve: {
    does: 'the server for production',
    description: [
      'Answers the call-records API of Microsoft Graph from the store, and the page at /. It takes tokens of the OpenID authorities that are configured, and none other; nothing is generated. A token with the application permission CallRecords.Read.All may read the calls of its own tenant.',
      'Several processes answer on one port (--workers). Change notifications leave from here. /healthz, /readyz and /metrics are for whoever watches it.',
      'When it is ready it prints one line on standard output: rollcall listening on URL. SIGHUP reads the configuration file, the files of secrets and the certificates again, without losing a request; what only a start can change is named.',
    ],
    exits: serverExits,
    files: [sqliteFiles],
    environment: [traces],
    examples: [
      {
        does: 'Take tokens that Microsoft Entra issues for a tenant.',
        run: 'rollcall serve --authority https://login.microsoftonline.com/$TENANT_ID/v2.0 --audience api://rollcall --tls-cert cert.pem --tls-key key.pem',
      },
      {
        does: 'The same from a file of options, with the URL of the store in a file of its own.',
        run: 'ROLLCALL_STORE_FILE=store-url rollcall serve --config rollcall.json',
      },
    ],
    seeAlso: ['sync', 'doctor', 'config', 'docs/operating.md', 'docs/deploying.md', 'docs/signing-in.md'],
  },
  token: {
    does: 'print an access token of the development issuer',
    description: [
      'Prints a token that a dev server on the same store takes, and nothing else, so that it can stand in a command line. The key of the issuer is kept in the store. No serve takes it.',
    ],
    exits: { 0: 'The token was printed.', 1: 'The store cannot be opened.', 2: wrongUsage },
    files: [sqliteFiles],
    examples: [
      {
        does: 'Ask a dev server for the calls it has.',
        run: 'curl -sS -H "Authorization: Bearer $(rollcall token)" http://127.0.0.1:7655/v1.0/communications/callRecords',
      },
      { does: 'A token of a person, which may not read calls.', run: 'rollcall token --delegated' },
      { does: 'One that expired a minute ago.', run: 'rollcall token --expires-in -60' },
      { does: 'One with another permission.', run: 'rollcall token --role User.Read.All' },
    ],
    seeAlso: ['dev', 'docs/clients.md'],
  },
} as const satisfies Record<string, Manual>;
