/** The stage before the API: counts each request and plays the fault it meets. */
import type { Clock } from '../../clock.ts';
import type { FaultEffect } from '../../stage/fault-rule.ts';
import { durationMs } from '../../stage/duration.ts';
import type { Faults } from '../../stage/faults.ts';
import type { Interception } from '../interception.ts';
import type { RequestFacts } from '../../stage/request-facts.ts';
import type { RequestIds } from '../error-response.ts';
import { type Answer, type Exchange, send } from '../exchange.ts';
import { factsOf } from './facts-of.ts';
import { cutInTheMiddle, refusalAnswer, withWrongJson } from './play-fault.ts';
import type { RequestCounts } from './request-counts.ts';

interface StageInterceptionParts {
  readonly faults: Faults;
  readonly counts: RequestCounts;
  readonly clock: Clock;
  /** The `WWW-Authenticate` of a 401. */
  readonly challenge: string;
}

type Answerer = (exchange: Exchange) => Promise<void> | undefined;

export function stageInterception(parts: StageInterceptionParts): Interception {
  const { faults, counts, clock, challenge } = parts;
  return {
    exchange(exchange, answer) {
      const { request, response } = exchange;
      const { method = 'GET', url = '/', headers } = request;
      // The stage itself, and what says that the server is up, are never disturbed.
      if (/^\/(rollcall\/|healthz|readyz|metrics|$)/.test(url)) return answer(exchange);
      const facts = factsOf(method, url, headers.authorization);
      counts.asked(facts);
      response.once('close', () =>
        counts.answered(facts, response.writableFinished ? response.statusCode : undefined),
      );
      const met = faults.meetRequest(facts);
      if (met === undefined) return answer(exchange);
      // Whoever wonders at an answer sees which rule it comes from.
      const marked = { ...exchange, headers: [...exchange.headers, 'Rollcall-Fault', met.id] };
      return play(met.effect, marked, facts.isToken, answer);
    },

    batchItem({ method, version, path, query, headers }, ids) {
      const { authorization } = headers;
      const url = `/${version}/${path}${query === '' ? '' : `?${query}`}`;
      const facts = factsOf(method, url, authorization);
      counts.asked(facts);
      const effect = faults.meetRequest(facts, true)?.effect;
      return effect && playOnItem(effect, facts, ids);
    },
  };

  async function playOnItem(
    effect: FaultEffect,
    facts: RequestFacts,
    ids: RequestIds,
  ): Promise<Answer | undefined> {
    if (effect.delay !== undefined) await clock.sleep(durationMs(effect.delay));
    const { status } = effect;
    if (status === undefined) return undefined;
    counts.answered(facts, status);
    return refusalAnswer({ ...effect, status }, false, challenge, ids, clock.now());
  }

  async function play(
    effect: FaultEffect,
    exchange: Exchange,
    isToken: boolean,
    answer: Answerer,
  ): Promise<void> {
    const { request, response, ids } = exchange;
    const { delay, status, cut, wrongJson } = effect;
    if (delay !== undefined) {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      await clock.sleep(durationMs(delay), gone.signal);
      if (response.destroyed) return;
    }
    if (status !== undefined)
      send(exchange, refusalAnswer({ ...effect, status }, isToken, challenge, ids, clock.now()));
    else if (cut === 'before') request.socket.destroy();
    else if (cut === 'middle') await answer(cutInTheMiddle(exchange));
    else if (wrongJson !== undefined) await answer(withWrongJson(exchange, wrongJson));
    else await answer(exchange);
  }
}
