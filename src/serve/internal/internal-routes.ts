/** Rollcall's own paths outside the Graph API. */
import type { Readiness } from '../observe/readiness.ts';
import type { OtherPaths } from '../http/api.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { healthPaths } from './health.ts';
import { Fault } from '../../contract/faults.ts';
import { formatOpenApi } from '../openapi/document.ts';
import { builtPage, pageFiles } from './page-files.ts';
import { version } from '../../base/version.ts';

/** @param page Answers the paths of the page. */
export function ownPaths(
  readiness: () => Promise<Readiness>,
  page: OtherPaths = pageFiles(builtPage),
): OtherPaths {
  const health = healthPaths(readiness);
  return (exchange, path, origin) => {
    switch (path) {
      case '/rollcall/openapi.json':
        return answer(exchange, () => Promise.resolve(openApiText()), 'application/json');
      default:
        return health(exchange, path) ?? page(exchange, path, origin);
    }
  };
}

let openApi: string | undefined;
/** Written when it is first asked for. */
function openApiText(): string {
  return (openApi ??= JSON.stringify(formatOpenApi(version)));
}

async function answer(
  exchange: Exchange,
  text: () => Promise<string>,
  contentType = 'text/plain;charset=utf-8',
): Promise<void> {
  const { method } = exchange.request;
  if (method !== 'GET' && method !== 'HEAD') {
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.');
  }
  send(exchange, {
    status: 200,
    headers: ['Content-Type', contentType],
    body: bodyOf(Buffer.from(await text())),
  });
}
