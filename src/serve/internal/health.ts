/** `GET /healthz`: the process runs. `GET /readyz`: it can answer, and each check that says so, for whoever may ask. */
import type { Readiness } from '../observe/readiness.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { refuseOthers } from './json-response.ts';

type HealthPaths = (exchange: Exchange, path: string) => Promise<void> | undefined;

export function healthPaths(readiness: () => Promise<Readiness>): HealthPaths {
  return (exchange, path) => {
    if (path === '/healthz') return answerAlive(exchange);
    return path === '/readyz' ? answerReadiness(exchange, readiness) : undefined;
  };
}

/** Asks nothing of the store: a process is not to be restarted because its store is away. */
function answerAlive(exchange: Exchange): Promise<void> {
  refuseOthers(exchange.request.method);
  send(exchange, { status: 200, headers: ['Content-Type', 'text/plain;charset=utf-8'], body: 'ok\n' });
  return Promise.resolve();
}

async function answerReadiness(exchange: Exchange, readiness: () => Promise<Readiness>): Promise<void> {
  refuseOthers(exchange.request.method);
  const found = await readiness();
  send(exchange, {
    status: found.ready ? 200 : 503,
    headers: ['Content-Type', 'application/json'],
    body: bodyOf(Buffer.from(JSON.stringify(found))),
  });
}
