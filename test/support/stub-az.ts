/**
 * Implements `az` as deploy/entra/register.sh calls it: `account show`, `cloud show`, and `rest` with a Microsoft Graph
 * that stores applications, service principals and assignments. An unknown query, or a request that Graph would reject,
 * fails.
 */
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

type Thing = Record<string, unknown> & { readonly id: string };

export interface StubAz extends AsyncDisposable {
  readonly applications: Thing[];
  readonly servicePrincipals: Thing[];
  readonly assignments: Record<string, unknown>[];
  /** Method and path of each request other than GET. */
  readonly writes: string[];
  isSignedOut: boolean;
  /** How many of the next writes get a 404, as in Graph before a new object is replicated. */
  failures: number;
}

export const stubTenant = '33333333-3333-4333-8333-333333333333';
export const stubId = (number: number) => `${String(number).padStart(8, '0')}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`;

/** Writes a program `az` into a folder, which sends its requests to this process. */
export async function startStubAz(folder: string): Promise<StubAz> {
  let ids = 0;
  const stub: StubAz = {
    ...{ applications: [], servicePrincipals: [], assignments: [], writes: [] },
    ...{ isSignedOut: false, failures: 0 },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      const args = Buffer.concat(pieces).toString().split('\0').slice(0, -1);
      try {
        const text = answerTo(args, stub, () => stubId(++ids));
        response.end(text === '' ? '' : `${text}\n`);
      } catch (error) {
        response.writeHead(400).end(`ERROR: ${(error as Error).message}\n`);
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const program = join(folder, 'az');
  writeFileSync(
    program,
    `#!/bin/bash
answer=$(printf '%s\\0' "$@" | curl --silent --data-binary @- --write-out '\\n%{http_code}' http://127.0.0.1:${port}/ && echo .)
answer=\${answer%.}; code=\${answer%$'\\n'}; code=\${code##*$'\\n'}
text=\${answer%$'\\n'\$code*}
if [ "\$code" = 200 ]; then printf '%s' "\$text"; else printf '%s' "\$text" >&2; exit 1; fi
`,
  );
  chmodSync(program, 0o755);
  return stub;
}

function answerTo([group, ...args]: string[], stub: StubAz, newId: () => string): string {
  const valueOf = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined) ?? '';
  const query = valueOf('--query');
  if (stub.isSignedOut) throw new Error("Please run 'az login' to setup account.");
  if (group === 'account' && query === 'tenantId') return stubTenant;
  if (group === 'cloud' && query === 'endpoints.microsoftGraphResourceId')
    return 'https://graph.microsoft.com/';
  if (group === 'cloud' && query === 'endpoints.activeDirectory') return 'https://login.microsoftonline.com';
  if (group !== 'rest') throw new Error(`no command ${group} with ${query}`);
  const method = valueOf('--method');
  const url = new URL(valueOf('--url'));
  const unknown = new Error(`400 ${method} ${url.href} --query ${query}`);
  if (url.origin !== 'https://graph.microsoft.com') throw unknown;
  if (method === 'get') return read(url, query, stub, unknown);
  if (valueOf('--headers') !== 'Content-Type=application/json') throw new Error('415');
  if (stub.failures-- > 0) throw new Error('404 Request_ResourceNotFound');
  stub.writes.push(`${method} ${url.pathname}`);
  const body = JSON.parse(valueOf('--body')) as Record<string, unknown>;
  return write({ method, url, query, body }, stub, newId, unknown);
}

function placeOf(url: URL, stub: StubAz) {
  const [, , set, id, part] = url.pathname.split('/');
  if (set !== 'applications' && set !== 'servicePrincipals') throw new Error(`400 no segment ${set}`);
  const things = stub[set];
  const one = things.find((thing) => thing.id === id);
  if (id !== undefined && one === undefined) throw new Error('404 no such object');
  return { things, one, part };
}

function read(url: URL, query: string, stub: StubAz, unknown: Error): string {
  const { things, one, part } = placeOf(url, stub);
  if (one === undefined) {
    const [, member = '', value = ''] =
      /^(\w+) eq '([^']*)'$/.exec(url.searchParams.get('$filter') ?? '') ?? [];
    const found = things.filter((thing) => String(thing[member]).toLowerCase() === value.toLowerCase());
    if (query === 'value[].[id,appId]')
      return found.map(({ id, appId }) => `${id}\t${String(appId)}`).join('\n');
    if (query === 'value[].id') return found.map(({ id }) => id).join('\n');
    throw unknown;
  }
  if (part === 'appRoleAssignments') {
    const [, resourceId, appRoleId] =
      /^value\[\?resourceId=='(.+)' && appRoleId=='(.+)'\]\.id$/.exec(query) ?? [];
    if (resourceId === undefined) throw unknown;
    const isAssigned = stub.assignments.some(
      (assigned) =>
        assigned['principalId'] === one.id &&
        assigned['resourceId'] === resourceId &&
        assigned['appRoleId'] === appRoleId,
    );
    return isAssigned ? 'assigned' : '';
  }
  const roles = one['appRoles'] as { readonly id: string; readonly value: string }[];
  if (query === 'appRoles') return JSON.stringify(roles, undefined, 2);
  const [, value] = /^appRoles\[\?value=='(.+)'\]\.id$/.exec(query) ?? [];
  if (value === undefined) throw unknown;
  return roles
    .filter((role) => role.value === value)
    .map(({ id }) => id)
    .join('\n');
}

interface Write {
  readonly method: string;
  readonly url: URL;
  readonly query: string;
  readonly body: Record<string, unknown>;
}

function write(
  { method, url, query, body }: Write,
  stub: StubAz,
  newId: () => string,
  unknown: Error,
): string {
  const { things, one, part } = placeOf(url, stub);
  if (one === undefined && method === 'post') {
    const isApplication = things === stub.applications;
    const id = newId();
    things.push(isApplication ? { id, appId: newId(), ...body, appRoles: [] } : { id, ...body });
    if (query === '[[id,appId]]') return `${id}\t${String(things.at(-1)!['appId'])}`;
    if (query === '[id]') return id;
  } else if (one !== undefined && method === 'patch' && part === undefined && query === '[]') {
    Object.assign(one, body);
    return '';
  } else if (part === 'addPassword' && method === 'post' && query === '[secretText]') return 'stub-secret';
  else if (part === 'appRoleAssignments' && body['principalId'] === one?.id && query === '[]') {
    stub.assignments.push(body);
    return '';
  }
  throw unknown;
}
