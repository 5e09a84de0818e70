/** Intercepts requests: records each, and injects the fault that matches it. */
import type { Clock } from '../../base/clock.ts';
import type { FaultEffect } from '../control-bodies.ts';
import { durationMs } from '../duration.ts';
import type { Faults } from '../faults.ts';
import type { RequestInterceptor } from '../../serve/http/request-interceptor.ts';
import type { GraphRequest } from '../../graph/messages.ts';
import type { Emulator } from '../emulator.ts';
import type { RequestFacts } from '../request-facts.ts';
import type { RequestIds } from '../../graph/error-response.ts';
import { type Answer, type Exchange, send } from '../../graph/exchange.ts';
import { readRequestFacts } from './read-request-facts.ts';
import { OddAnswers, type OddRequest, unmarked } from './odd-answers.ts';
import { cutInTheMiddle, refusalAnswer, withWrongJson } from './inject-fault.ts';
import type { RequestRecorder } from './request-recorder.ts';

interface FaultInterceptorParts {
  readonly faults: Faults;
  readonly overtake: Emulator['overtake'];
  readonly recorder: RequestRecorder;
  readonly clock: Clock;
  /** The `WWW-Authenticate` of a 401. */
  readonly challenge: string;
}

type Answerer = (exchange: Exchange) => Promise<void> | undefined;

export function createFaultInterceptor(parts: FaultInterceptorParts): RequestInterceptor {
  const { faults, overtake, recorder, clock, challenge } = parts;
  const oddAnswers = new OddAnswers(faults);
  return {
    exchange(exchange, answer) {
      const { request, response } = exchange;
      const { method = 'GET', url: target = '/', headers } = request;
      // Faults never apply to the control API, health checks and metrics.
      if (/^\/(rollcall\/|healthz|readyz|metrics|$)/.test(target)) return answer(exchange);
      const { url, followed } = unmarked(target);
      if (followed !== undefined) request.url = url;
      const facts = readRequestFacts(method, url, headers.authorization);
      recorder.recordRequest(facts);
      response.once('close', () =>
        recorder.recordAnswer(facts, response.writableFinished ? response.statusCode : undefined),
      );
      const met = faults.takeForRequest(facts);
      if (met === undefined) {
        const asked = { facts, target, serviceRoot: serviceRootOf(exchange), followed };
        const expected = oddAnswers.expects(asked);
        return expected === undefined
          ? answer(exchange)
          : answerOddly(asked, expected.delay, exchange, answer);
      }
      // Names the rule that the answer comes from.
      const marked = { ...exchange, headers: [...exchange.headers, 'Rollcall-Fault', met.id] };
      return inject(met.effect, marked, facts.isToken, answer);
    },

    batchItem({ method, version, path, query, headers }, ids) {
      const facts = readRequestFacts(method, targetOf({ version, path, query }), headers.authorization);
      recorder.recordRequest(facts);
      const effect = faults.takeForRequest(facts, true)?.effect;
      return effect && injectOnItem(effect, facts, ids);
    },

    batchAnswer({ method, version, path, query, headers, serviceRoot }, answered) {
      const target = targetOf({ version, path, query });
      const facts = readRequestFacts(method, target, headers.authorization);
      const asked = { facts, target, serviceRoot, followed: undefined };
      return oddAnswers.expects(asked) === undefined ? answered : oddAnswers.itemTo(asked, answered);
    },
  };

  async function answerOddly(
    asked: OddRequest,
    delay: FaultEffect['delay'],
    exchange: Exchange,
    answer: Answerer,
  ): Promise<void> {
    const { headers } = exchange.request;
    if (delay !== undefined && !(await waited(delay, exchange))) return;
    const overtaking = oddAnswers.takeNewVersion(asked);
    const { callId, tenantId } = asked.facts;
    if (overtaking !== undefined && callId !== undefined) await overtake(callId, tenantId);
    const marks = overtaking === undefined ? [] : ['Rollcall-Fault', overtaking];
    const marked = { ...exchange, headers: [...exchange.headers, ...marks] };
    const acceptEncoding = headers['accept-encoding'];
    // The answer is rewritten as uncompressed text.
    delete headers['accept-encoding'];
    delete headers['if-none-match'];
    await answer({
      ...marked,
      sendInstead: (answered) => send(marked, oddAnswers.answerTo(asked, answered, acceptEncoding)),
    });
  }

  /** Waits. @returns false when the client has disconnected */
  async function waited(delay: NonNullable<FaultEffect['delay']>, { response }: Exchange): Promise<boolean> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    await clock.sleep(durationMs(delay), gone.signal);
    return !response.destroyed;
  }

  async function injectOnItem(
    effect: FaultEffect,
    facts: RequestFacts,
    ids: RequestIds,
  ): Promise<Answer | undefined> {
    if (effect.delay !== undefined) await clock.sleep(durationMs(effect.delay));
    const { status } = effect;
    if (status === undefined) return undefined;
    recorder.recordAnswer(facts, status);
    return refusalAnswer({ ...effect, status }, false, challenge, ids, clock.now());
  }

  async function inject(
    effect: FaultEffect,
    exchange: Exchange,
    isToken: boolean,
    answer: Answerer,
  ): Promise<void> {
    const { request, ids } = exchange;
    const { delay, status, cut, wrongJson } = effect;
    if (delay !== undefined && !(await waited(delay, exchange))) return;
    if (status !== undefined)
      send(exchange, refusalAnswer({ ...effect, status }, isToken, challenge, ids, clock.now()));
    else if (cut === 'before') request.socket.destroy();
    else if (cut === 'middle') await answer(cutInTheMiddle(exchange));
    else if (wrongJson !== undefined) await answer(withWrongJson(exchange, wrongJson));
    else await answer(exchange);
  }
}

/** Returns the service root of a request, for an answer that does not contain it. */
function serviceRootOf({ request }: Exchange): string {
  const scheme = 'encrypted' in request.socket ? 'https' : 'http';
  return `${scheme}://${request.headers.host ?? 'localhost'}/${request.url?.split('/', 2)[1] ?? ''}`;
}

function targetOf({ version, path, query }: Pick<GraphRequest, 'version' | 'path' | 'query'>): string {
  return `/${version}/${path}${query === '' ? '' : `?${query}`}`;
}
