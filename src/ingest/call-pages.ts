/**
 * A call as upstream sends it: a body with one list expanded in it, and the pages that its next links lead to. The
 * lists are kept as they come, page after page: nothing is left out and nothing is put in another order.
 */
import { isSameId } from '../model/ids.ts';
import type { Part, ParticipantList } from '../store/store.ts';
import { storedRules } from '../text/entity.ts';
import { stringMember } from '../text/members.ts';
import { type MemberText, Scanner, TextError } from '../text/scanner.ts';
import {
  type CallWithCounts,
  type ListEvidence,
  type ListName,
  versionOf,
  walkCall,
  type WalkedCall,
} from './read-call.ts';

export class CallPages {
  readonly #walked: WalkedCall;
  readonly #list: ListName;
  readonly version: bigint;
  #pages = 1;
  #nextLink: string | undefined;

  /**
   * @param body Of `GET callRecords/{id}?$expand=LIST`.
   * @throws TextError when it is not a callRecord with that list
   */
  constructor(body: Buffer, callId: string, list: ListName) {
    const scanner = new Scanner(body, 0, undefined, storedRules);
    this.#list = list;
    this.#walked = walkCall(scanner, 'upstream');
    scanner.expectEnd();
    const { collected } = this.#walked;
    const key = this.#walked.key();
    if (!isSameId(key.callId, callId))
      throw new TextError('This is another call than the one asked for.', 'notWanted');
    if (key.version === undefined || key.startTicks === undefined)
      throw new TextError('A callRecord without version or start is not whole.', 'notWanted');
    const value = collected.find(({ name }) => name === list);
    if (value === undefined || body[value.valueStart] !== 0x5b)
      throw new TextError(`A callRecord came without ${list}, which was asked for.`, 'notWanted');
    this.version = key.version;
    this.#nextLink = stringMember(body, collected, `${list}@odata.nextLink`);
  }

  /** Where the list goes on; `undefined` once its last page is there. */
  get nextLink(): string | undefined {
    return this.#nextLink;
  }

  get count(): number {
    return this.#list === 'sessions' ? this.#walked.sessions.count : this.#walked.participants.count;
  }

  get evidence(): ListEvidence {
    return { complete: this.#nextLink === undefined, pages: this.#pages };
  }

  /** Adds the page that the next link led to. @throws TextError when it is not one; the list then goes on where it did */
  addPage(body: Buffer): void {
    const { value, nextLink } = readPage(body);
    const scanner = new Scanner(body, value.valueStart, value.end, storedRules);
    if (this.#list === 'sessions') this.#walked.sessions.walk(scanner);
    else this.#walked.participants.walk(scanner);
    this.#pages++;
    this.#nextLink = nextLink;
  }

  /** @param isWhole False when something inside the entries is missing. */
  call(isWhole = true): CallWithCounts {
    const own = { ...this.evidence, complete: isWhole && this.evidence.complete };
    return this.#walked.call({ participants_v2: undefined, sessions: undefined, [this.#list]: own });
  }

  /** The participants alone. */
  participants(): Part<ParticipantList> | undefined {
    const { complete, pages } = this.evidence;
    return this.#walked.participants.finish(complete, pages);
  }
}

interface PageText {
  readonly value: MemberText;
  readonly nextLink: string | undefined;
}

/** @throws TextError when the body is no page */
export function readPage(body: Buffer): PageText {
  const scanner = new Scanner(body);
  const collected: MemberText[] = [];
  if (scanner.peek() !== 0x7b) throw new TextError('A page is a JSON object.', 'notWanted');
  scanner.object(undefined, collected);
  scanner.expectEnd();
  const value = collected.find(({ name }) => name === 'value');
  if (value === undefined || body[value.valueStart] !== 0x5b)
    throw new TextError('A page has a list of values.', 'notWanted');
  return { value, nextLink: stringMember(body, collected, '@odata.nextLink') };
}

/** The version that a callRecord says it is of. @throws TextError when it does not */
export function readVersion(body: Buffer): bigint {
  const collected: MemberText[] = [];
  const scanner = new Scanner(body);
  scanner.object(undefined, collected);
  const version = versionOf(body, collected);
  if (version === undefined) throw new TextError('A callRecord does not say its version.', 'notWanted');
  return version;
}
