/** Rewrites answers so that one part is odd; the store does not change. */
import { createByteCache } from '../../base/byte-cache.ts';
import { bytesBody } from '../../wire/projection/body.ts';
import type { FaultEffect } from '../control-bodies.ts';
import type { Faults } from '../faults.ts';
import { type OddAnswer, unsupportedOddReason } from '../odd/kinds.ts';
import { lastEntries, oddBody } from '../odd/rewrite.ts';
import type { RequestFacts } from '../request-facts.ts';
import { encodeBody } from '../../serve/http/encode-body.ts';
import { type Answer, bodyOf, bytesIn } from '../../graph/exchange.ts';

/** A request whose answer may be made odd. */
export interface OddRequest {
  readonly facts: RequestFacts;
  /** The path and query as received. */
  readonly target: string;
  readonly serviceRoot: string;
  /** The id of the fault whose link the request follows. */
  readonly followed: string | undefined;
}

/** The query option that a fault adds to a link: the id of the fault. */
const markName = 'rollcall-fault';
const mark = new RegExp(`([?&])${markName}=(\\d+)(?:&|$)`);

/** Returns a URL without the mark of a fault, and the id of that fault. */
export function unmarked(url: string): { readonly url: string; readonly followed: string | undefined } {
  if (!url.includes(markName)) return { url, followed: undefined };
  const followed = mark.exec(url)?.[2];
  return { url: url.replace(mark, '$1').replace(/[?&]$/, ''), followed };
}

function markedWith(link: string, id: string): string {
  return `${link}${link.includes('?') ? '&' : '?'}${markName}=${id}`;
}

export class OddAnswers {
  readonly #faults: Faults;
  /** The last entry of a page, by the link to the next page. */
  readonly #before = createByteCache<Buffer>({ maxBytes: 16 * 2 ** 20, bytesOf: (entry) => entry.length });

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Returns the delay before an answer that may be odd; `undefined` when no rule applies. */
  expects({ facts, followed }: OddRequest): { readonly delay: FaultEffect['delay'] } | undefined {
    if (facts.method !== 'GET') return undefined;
    const rules = this.#faults.oddRules(facts, followed);
    if (rules.length === 0) return this.#faults.overlapsPages ? { delay: undefined } : undefined;
    return { delay: rules.find(({ effect }) => effect.delay !== undefined)?.effect.delay };
  }

  /** Returns the id of the fault that continues a walk in another version. */
  takeNewVersion({ facts, followed }: OddRequest): string | undefined {
    if (!facts.isLaterPage) return undefined;
    const rules = this.#faults.oddRules(facts, followed);
    return rules.find(
      ({ effect, take }) =>
        effect.odd === 'newVersion' && unsupportedOddReason(effect, facts.endpoint) === undefined && take(),
    )?.id;
  }

  /** @param acceptEncoding Of the client, for an answer in plain text. @returns The answer itself where nothing is odd */
  answerTo(request: OddRequest, answer: Answer, acceptEncoding: string | undefined): Answer {
    const body = bytesIn(answer.body);
    const isGood = answer.status === 200 && isJson(answer);
    const odd = isGood ? this.#bodyTo(request, body, true) : undefined;
    const encoded = encodeBody(bytesBody(odd?.body ?? body), acceptEncoding);
    const headers = [
      ...(odd === undefined ? answer.headers : without(answer.headers, 'ETag')),
      ...(encoded.encoding === undefined ? [] : ['Content-Encoding', encoded.encoding]),
      ...(odd === undefined ? [] : ['Rollcall-Fault', odd.id]),
    ];
    return { ...answer, headers, body: encoded.body };
  }

  itemTo(request: OddRequest, answer: Answer): Answer {
    if (answer.status !== 200 || !isJson(answer)) return answer;
    const odd = this.#bodyTo(request, bytesIn(answer.body), false);
    if (odd === undefined) return answer;
    return { ...answer, headers: without(answer.headers, 'ETag'), body: bodyOf(odd.body) };
  }

  /** @param isAlone False for an answer in a batch. */
  #bodyTo(
    { facts, target, serviceRoot, followed }: OddRequest,
    body: Buffer,
    isAlone: boolean,
  ): { readonly id: string; readonly body: Buffer } | undefined {
    const { endpoint, path } = facts;
    const before = this.#before.get(linkKey(target));
    const page = { endpoint, path, target, serviceRoot, before };
    if (this.#faults.overlapsPages)
      for (const { link, entry } of lastEntries(body, endpoint)) this.#before.set(linkKey(link), entry);
    for (const { id, effect, take } of this.#faults.oddRules(facts, followed)) {
      if (isSkipped(effect, id === followed, isAlone)) continue;
      const made = oddBody(body, effect, { ...page, marked: (link) => markedWith(link, id) });
      if (made !== undefined && take()) return { id, body: made };
    }
    return undefined;
  }
}

/** The page after an empty one is complete, and a byte order mark can only precede a whole body. */
function isSkipped({ odd }: OddAnswer, isFollowed: boolean, isAlone: boolean): boolean {
  return (odd === 'emptyPage' && isFollowed) || (odd === 'byteOrderMark' && !isAlone);
}

/** Returns the same key for a link however a client encodes it. */
function linkKey(link: string): string {
  return link.replace(/^https?:\/\/[^/]*/i, '').replaceAll(/%24/g, '$');
}

function isJson({ headers }: Answer): boolean {
  const at = headers.indexOf('Content-Type');
  return at >= 0 && headers[at + 1]!.startsWith('application/json');
}

function without(headers: readonly string[], name: string): string[] {
  return headers.filter((_, i) => headers[i - (i % 2)] !== name);
}
