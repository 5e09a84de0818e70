/**
 * Collects a call from upstream: a body with one expanded list, and the pages of its next links. Entries keep their
 * content and order.
 */
import { isSameId } from '../../contract/ids.ts';
import { joinedOddities, noOddities, type Oddity } from '../../contract/oddities.ts';
import type { ReceivedCall } from '../../store/received-call.ts';
import { storedRules } from '../../wire/text/entity.ts';
import type { MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import {
  type CallWithCounts,
  type ReceivedList,
  type ListName,
  walkCall,
  type WalkedCall,
} from './read-call.ts';
import { versionIn } from './call-times.ts';
import { notReceivedMark } from './participant-list.ts';
import { nextLinkOf, readResponsePage, withoutByteOrderMark } from './response-page.ts';

export class CallPages {
  readonly #walked: WalkedCall;
  readonly #list: ListName;
  readonly #callId: string;
  /** Absent when the body has no version. */
  readonly version: bigint | undefined;
  /** False when the body lacks the expanded list: it is absent, null or of another type. */
  readonly isSent: boolean;
  /** True when upstream is a Rollcall that did not receive the list, or not all of it. */
  isDenied: boolean;
  /** The link to the next page; `undefined` after the last one. */
  nextLink: string | undefined;
  /** The text of the last page's list. */
  listText: Buffer | undefined;
  /** True when the record or a page began with a byte order mark. */
  hasByteOrderMark = false;
  #pages = 1;
  /** False when a page had no list, so its entries are missing. */
  #isWhole = true;
  #oddLinks = 0;

  /**
   * Reads the first body.
   *
   * @param body The response to `GET callRecords/{id}?$expand=LIST`.
   * @param callId The requested id, under which the call is stored.
   * @throws TextError when it is not a JSON object, or is another call
   */
  constructor(body: Buffer, callId: string, list: ListName) {
    const bytes = this.#unmarked(body);
    const scanner = new Scanner(bytes, 0, undefined, storedRules);
    this.#list = list;
    this.#callId = callId;
    const first = scanner.peek();
    if (first !== 0x7b && first !== -1) {
      scanner.skip(); // throws when it is not even JSON
      throw new TextError('A callRecord is a JSON object.', 'notWanted');
    }
    this.#walked = walkCall(scanner, callId);
    scanner.expectEnd();
    const { collected } = this.#walked;
    if (collected.some(({ name }) => name === 'error') && !collected.some(({ name }) => name === 'id'))
      throw new TextError('This is an error response, not a callRecord.', 'notWanted');
    const key = this.#walked.key();
    if (!isSameId(key.callId, callId))
      throw new TextError('This is another call than the one asked for.', 'notWanted');
    // An invalid version is read as 0, which Graph never uses.
    this.version = key.version || undefined;
    const value = collected.find(({ name }) => name === list);
    this.isSent = value !== undefined && bytes[value.valueStart] === 0x5b;
    this.isDenied = collected.some(({ name }) => name === `${list}${notReceivedMark}`);
    if (value !== undefined) this.listText = bytes.subarray(value.valueStart, value.end);
    this.nextLink = this.#goesOn(bytes, collected, `${list}@odata.nextLink`);
  }

  get count(): number {
    return this.#builder.count;
  }

  get #builder() {
    return this.#list === 'sessions' ? this.#walked.sessions : this.#walked.participants;
  }

  /** True when a next link is not a string: there are more pages that cannot be requested. */
  get hasOddLink(): boolean {
    return this.#oddLinks > 0;
  }

  get evidence(): ReceivedList {
    const isEnd = this.nextLink === undefined && !this.hasOddLink;
    return { complete: this.#isWhole && isEnd && !this.isDenied, pages: this.#pages };
  }

  /**
   * Adds the page of the next link.
   *
   * @returns False when the page has no list: the walk continues, and the list is incomplete.
   * @throws TextError when it is not a JSON object; the list then continues at the same link
   */
  addPage(body: Buffer): boolean {
    const bytes = this.#unmarked(body);
    const { list, nextLink, isOdd, isDenied } = readResponsePage(bytes);
    this.listText = list;
    if (list === undefined) this.#isWhole = false;
    else this.#builder.walk(new Scanner(list, 0, undefined, storedRules, 1));
    this.#pages++;
    this.nextLink = nextLink;
    if (isOdd) this.#oddLinks++;
    this.isDenied ||= isDenied;
    return list !== undefined;
  }

  /** Returns the call. @param isWhole False when data inside the entries is missing. */
  call(isWhole = true): CallWithCounts {
    const { complete, pages } = this.evidence;
    const own = { complete: isWhole && complete, pages };
    const { call, ...counts } = this.#walked.call({
      participants_v2: undefined,
      sessions: undefined,
      [this.#list]: own,
    });
    return {
      ...counts,
      call: {
        ...call,
        callId: this.#callId,
        origin: 'sync',
        odd: joinedOddities(call.odd, this.#oddities()),
      },
    };
  }

  /** Returns only the participants and their oddities, for a call of the same version. */
  participants(): Pick<ReceivedCall, 'participants' | 'odd' | 'setAside'> {
    const { complete, pages } = this.evidence;
    const { participants } = this.#walked;
    const isReceived = participants.count > 0 || !this.isDenied;
    return {
      participants: isReceived ? participants.finish(complete, pages) : undefined,
      odd: joinedOddities(participants.odd, this.#oddities()),
      setAside: participants.setAside,
    };
  }

  #unmarked(body: Buffer): Buffer {
    const bytes = withoutByteOrderMark(body);
    this.hasByteOrderMark ||= bytes.length < body.length;
    return bytes;
  }

  #goesOn(bytes: Buffer, collected: readonly MemberText[], name: string): string | undefined {
    const { nextLink, isOdd } = nextLinkOf(bytes, collected, name);
    if (isOdd) this.#oddLinks++;
    return nextLink;
  }

  /** Returns the oddities outside the entries. */
  #oddities(): readonly Oddity[] {
    if (this.#oddLinks === 0) return noOddities;
    const part = this.#list === 'sessions' ? 'sessions' : 'participants';
    return [{ part, reason: 'wrongType', count: this.#oddLinks }];
  }
}

/** Returns the version that a callRecord states, or `undefined`. @throws TextError when it is not a JSON object */
export function readVersion(body: Buffer): bigint | undefined {
  const bytes = withoutByteOrderMark(body);
  const collected: MemberText[] = [];
  new Scanner(bytes).object(undefined, collected);
  return versionIn({ bytes, collected }) || undefined;
}
