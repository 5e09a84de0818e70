/** The development issuer over HTTP, where Microsoft Entra has it: where people sign in, token endpoint, discovery and keys. */
import {
  agree,
  type AuthorizationCodes,
  type AuthorizeRequest,
  createAuthorizationCodes,
  readAuthorize,
} from '../issuer/authorize-endpoint.ts';
import type { Clients } from '../issuer/clients.ts';
import { answerInstanceDiscovery } from '../issuer/instance-discovery.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { issuerPeople } from '../issuer/people.ts';
import { answerTokenRequest, discoveryDocument, type JsonAnswer } from '../issuer/token-endpoint.ts';
import { Fault } from '../../contract/faults.ts';
import type { OtherPaths } from '../../serve/http/api.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { readBody } from '../../graph/read-body.ts';
import { isOfNoOtherPage } from '../../serve/sign-in/site.ts';
import { onwardHeaders, sendWords } from '../../serve/internal/message-page.ts';

const maxFormBytes = 65_536;

export function issuerPaths(issuer: Issuer, clients: Clients, clock: () => Date): OtherPaths {
  const codes = createAuthorizationCodes(clock);
  return (exchange, path, origin) => {
    const [, tenant = '', ...rest] = path.split('/');
    switch (rest.join('/')) {
      case 'oauth2/v2.0/token':
      case 'oauth2/token':
        return answer(exchange, 'POST', async () => {
          const { headers } = exchange.request;
          const body = (await readBody(exchange.request, maxFormBytes)).toString();
          return answerTokenRequest(
            {
              tenant,
              contentType: headers['content-type'],
              body,
              authorization: headers.authorization,
              origin,
            },
            { issuer, clients, codes, clock },
          );
        });
      case 'oauth2/v2.0/authorize':
        return answerAuthorize(exchange, { tenant, query: queryOf(exchange), origin }, clients, codes);
      case 'v2.0/.well-known/openid-configuration':
      case '.well-known/openid-configuration':
        return answer(exchange, 'GET', () =>
          Promise.resolve({ status: 200, body: discoveryDocument(tenant, origin) }),
        );
      case 'discovery/instance':
        return answer(exchange, 'GET', () =>
          Promise.resolve(answerInstanceDiscovery(queryOf(exchange), origin)),
        );
      case 'discovery/v2.0/keys':
      case 'discovery/keys':
        return answer(exchange, 'GET', () => Promise.resolve({ status: 200, body: issuer.publicKeys }));
      default:
        return undefined;
    }
  };
}

/** Seen with GET; a person agrees with POST, from the page that was seen. */
async function answerAuthorize(
  exchange: Exchange,
  asked: AuthorizeRequest,
  clients: Clients,
  codes: AuthorizationCodes,
): Promise<void> {
  const { method, url = '', headers } = exchange.request;
  const read = readAuthorize(asked, clients);
  if ('problem' in read) {
    sendWords(exchange, 400, { title: 'This is no request to sign in', text: read.problem });
    return;
  }
  if (method === 'POST' && isOfNoOtherPage(headers, asked.origin)) {
    const form = new URLSearchParams((await readBody(exchange.request, maxFormBytes)).toString());
    const location = agree(read, form.get('person') ?? '', codes);
    send(exchange, { status: 303, headers: ['Location', location, ...onwardHeaders], body: '' });
    return;
  }
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.', {
      target: 'GET, HEAD, POST',
    });
  const buttons = issuerPeople.map(({ id, name, hasRoles }) => ({
    text: `Sign in as ${name}${hasRoles ? '' : ', who may not see calls'}`,
    name: 'person',
    value: id,
  }));
  sendWords(exchange, 200, {
    title: 'Who signs in?',
    text: 'This is the development issuer of Rollcall: there are no passwords. The application sees who you choose to be.',
    buttons: [...buttons, { text: 'Cancel', name: 'person', value: '' }],
    action: url,
  });
}

function queryOf({ request: { url = '' } }: Exchange): URLSearchParams {
  return new URLSearchParams(url.split('?', 2)[1] ?? '');
}

async function answer(
  exchange: Exchange,
  method: 'GET' | 'POST',
  make: () => Promise<JsonAnswer>,
): Promise<void> {
  const asked = exchange.request.method;
  if (asked !== method && !(asked === 'HEAD' && method === 'GET')) {
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.', {
      target: method,
    });
  }
  const { status, body } = await make();
  send(exchange, {
    status,
    headers: ['Content-Type', 'application/json;charset=utf-8'],
    body: bodyOf(Buffer.from(JSON.stringify(body))),
  });
}
