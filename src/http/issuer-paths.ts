/** The development issuer over HTTP: token endpoint, discovery and keys, where Microsoft Entra has them. */
import type { Clients } from '../auth/issuer/clients.ts';
import type { Issuer } from '../auth/issuer/issuer.ts';
import { answerTokenRequest, discoveryDocument, type JsonAnswer } from '../auth/issuer/token-endpoint.ts';
import { Fault } from '../faults.ts';
import type { OtherPaths } from './api.ts';
import { bodyOf, type Exchange, send } from './exchange.ts';
import { readBody } from './read-body.ts';

const maxFormBytes = 65_536;

export function issuerPaths(issuer: Issuer, clients: Clients, clock: () => Date): OtherPaths {
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
            issuer,
            clients,
            clock,
          );
        });
      case 'v2.0/.well-known/openid-configuration':
      case '.well-known/openid-configuration':
        return answer(exchange, 'GET', () =>
          Promise.resolve({ status: 200, body: discoveryDocument(tenant, origin) }),
        );
      case 'discovery/v2.0/keys':
      case 'discovery/keys':
        return answer(exchange, 'GET', () => Promise.resolve({ status: 200, body: issuer.publicKeys }));
      default:
        return undefined;
    }
  };
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
