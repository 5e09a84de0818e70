/** Serves the development issuer at Microsoft Entra's paths: sign-in, token endpoint, discovery and keys. */
import {
  agree,
  type AuthorizationCodes,
  createAuthorizationCodes,
  readAuthorize,
} from '../issuer/authorize-endpoint.ts';
import type { Clients } from '../issuer/clients.ts';
import { answerInstanceDiscovery } from '../issuer/instance-discovery.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { issuerPeople } from '../issuer/people.ts';
import { answerTokenRequest, discoveryDocument, type JsonAnswer } from '../issuer/token-endpoint.ts';
import type { Answer } from '../../graph/exchange.ts';
import { readBody } from '../../graph/read-body.ts';
import { jsonAnswer } from '../../serve/internal/json-response.ts';
import { messagePage, onwardHeaders } from '../../serve/internal/message-page.ts';
import {
  type BoundRoute,
  bindRoutes,
  type InternalRequest,
  type InternalRoute,
} from '../../serve/internal/route.ts';
import { isOfNoOtherPage } from '../../serve/sign-in/site.ts';

const maxFormBytes = 65_536;

interface IssuerParts {
  readonly issuer: Issuer;
  readonly clients: Clients;
  readonly codes: AuthorizationCodes;
  readonly clock: () => Date;
}

type Route = InternalRoute<IssuerParts>;
type Handler = (parts: IssuerParts, request: InternalRequest) => Answer | Promise<Answer>;

/** Routes of Microsoft Entra, whose documentation describes them. */
const route = (method: Route['method'], path: string, handler: Handler): Route => ({
  method,
  path: `/{tenant}/${path}`,
  permission: 'none',
  handler,
  openapi: undefined,
});

const issuerRoutes: readonly Route[] = [
  route('POST', 'oauth2/v2.0/token', answerToken),
  route('POST', 'oauth2/token', answerToken),
  route('GET', 'oauth2/v2.0/authorize', showPeople),
  route('POST', 'oauth2/v2.0/authorize', choosePerson),
  route('GET', 'v2.0/.well-known/openid-configuration', answerDiscovery),
  route('GET', '.well-known/openid-configuration', answerDiscovery),
  route('GET', 'discovery/instance', (_, { query, origin }) =>
    json(answerInstanceDiscovery(new URLSearchParams(query), origin)),
  ),
  route('GET', 'discovery/v2.0/keys', answerKeys),
  route('GET', 'discovery/keys', answerKeys),
];

export function boundIssuerRoutes(
  issuer: Issuer,
  clients: Clients,
  clock: () => Date,
): readonly BoundRoute[] {
  return bindRoutes(issuerRoutes, { issuer, clients, clock, codes: createAuthorizationCodes(clock) });
}

async function answerToken(parts: IssuerParts, { exchange, keys, origin }: InternalRequest): Promise<Answer> {
  const { headers } = exchange.request;
  const body = (await readBody(exchange.request, maxFormBytes)).toString();
  const { authorization } = headers;
  const contentType = headers['content-type'];
  return json(
    await answerTokenRequest({ tenant: keys[0] ?? '', contentType, body, authorization, origin }, parts),
  );
}

function answerDiscovery(_: IssuerParts, { keys: [tenant = ''], origin }: InternalRequest): Answer {
  return json({ status: 200, body: discoveryDocument(tenant, origin) });
}

function answerKeys({ issuer }: IssuerParts): Answer {
  return json({ status: 200, body: issuer.publicKeys });
}

function showPeople(parts: IssuerParts, request: InternalRequest): Answer {
  const read = readAuthorizeOf(parts, request);
  if ('problem' in read) return messagePage(400, { title: 'Invalid sign-in request', text: read.problem });
  const buttons = issuerPeople.map(({ id, name, hasRoles }) => ({
    text: `Sign in as ${name}${hasRoles ? '' : ', who may not see calls'}`,
    name: 'person',
    value: id,
  }));
  return messagePage(200, {
    title: 'Who signs in?',
    text: 'This is the development issuer of Rollcall: there are no passwords. The application sees the person that you choose.',
    buttons: [...buttons, { text: 'Cancel', name: 'person', value: '' }],
    action: request.exchange.request.url ?? '',
  });
}

/** Handles the form of that page, and shows the page again when another site sent the form. */
async function choosePerson(parts: IssuerParts, request: InternalRequest): Promise<Answer> {
  const { exchange, origin } = request;
  const read = readAuthorizeOf(parts, request);
  if ('problem' in read || !isOfNoOtherPage(exchange.request.headers, origin))
    return showPeople(parts, request);
  const form = new URLSearchParams((await readBody(exchange.request, maxFormBytes)).toString());
  const location = agree(read, form.get('person') ?? '', parts.codes);
  return { status: 303, headers: ['Location', location, ...onwardHeaders], body: '' };
}

function readAuthorizeOf({ clients }: IssuerParts, { keys: [tenant = ''], query, origin }: InternalRequest) {
  return readAuthorize({ tenant, query: new URLSearchParams(query), origin }, clients);
}

function json({ status, body }: JsonAnswer): Answer {
  const headers = ['Content-Type', 'application/json;charset=utf-8'];
  return jsonAnswer(JSON.stringify(body), { status, headers });
}
