/**
 * A call as upstream sends it: a body with one list expanded in it, and the pages that its next links lead to. The
 * lists are kept as they come, page after page: nothing is left out and nothing is put in another order.
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
  /** Absent when the body does not say it. */
  readonly version: bigint | undefined;
  /** False when the body has no list where the list was asked for: absent, null, or of another type. */
  readonly isSent: boolean;
  #isDenied: boolean;
  #pages = 1;
  #nextLink: string | undefined;
  /** False when a page had no list: what it was to hold is missing. */
  #isWhole = true;
  #listText: Buffer | undefined;
  #hasByteOrderMark = false;
  #oddLinks = 0;

  /**
   * @param body Of `GET callRecords/{id}?$expand=LIST`.
   * @param callId The id that was asked for, under which the call is kept.
   * @throws TextError when it is no JSON object, or another call
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
    this.#walked = walkCall(scanner, 'upstream', callId);
    scanner.expectEnd();
    const { collected } = this.#walked;
    if (collected.some(({ name }) => name === 'error') && !collected.some(({ name }) => name === 'id'))
      throw new TextError('This is an error response, not a callRecord.', 'notWanted');
    const key = this.#walked.key();
    if (!isSameId(key.callId, callId))
      throw new TextError('This is another call than the one asked for.', 'notWanted');
    // A version that is none is read as 0, which Graph gives no call.
    this.version = key.version || undefined;
    const value = collected.find(({ name }) => name === list);
    this.isSent = value !== undefined && bytes[value.valueStart] === 0x5b;
    this.#isDenied = collected.some(({ name }) => name === `${list}${notReceivedMark}`);
    if (value !== undefined) this.#listText = bytes.subarray(value.valueStart, value.end);
    this.#nextLink = this.#goesOn(bytes, collected, `${list}@odata.nextLink`);
  }

  /** Where the list goes on; `undefined` once its last page is there. */
  get nextLink(): string | undefined {
    return this.#nextLink;
  }

  get count(): number {
    return this.#list === 'sessions' ? this.#walked.sessions.count : this.#walked.participants.count;
  }

  /** The text of the list as the last page had it. */
  get listText(): Buffer | undefined {
    return this.#listText;
  }

  /** True when upstream is a Rollcall that has not received the list itself, or not all of it. */
  get isDenied(): boolean {
    return this.#isDenied;
  }

  /** True when a next link is no text: it says that there is more, and not where. */
  get hasOddLink(): boolean {
    return this.#oddLinks > 0;
  }

  get evidence(): ReceivedList {
    const isEnd = this.#nextLink === undefined && !this.hasOddLink;
    return { complete: this.#isWhole && isEnd && !this.#isDenied, pages: this.#pages };
  }

  /**
   * Adds the page that the next link led to.
   *
   * @returns False when the page has no list: the walk goes on, and the list is not complete.
   * @throws TextError when it is no JSON object; the list then goes on where it did
   */
  addPage(body: Buffer): boolean {
    const bytes = this.#unmarked(body);
    const { value, nextLink, isOdd, isDenied } = readResponsePage(bytes);
    this.#listText = value && bytes.subarray(value.valueStart, value.end);
    if (value === undefined) this.#isWhole = false;
    else {
      const scanner = new Scanner(bytes, value.valueStart, value.end, storedRules, 1);
      if (this.#list === 'sessions') this.#walked.sessions.walk(scanner);
      else this.#walked.participants.walk(scanner);
    }
    this.#pages++;
    this.#nextLink = nextLink;
    if (isOdd) this.#oddLinks++;
    this.#isDenied ||= isDenied;
    return value !== undefined;
  }

  /** @param isWhole False when something inside the entries is missing. */
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

  /** The participants alone: what a call of the same version has of them, and of what is odd. */
  participants(): Pick<ReceivedCall, 'participants' | 'odd' | 'setAside'> {
    const { complete, pages } = this.evidence;
    const { participants } = this.#walked;
    const isReceived = participants.count > 0 || !this.#isDenied;
    return {
      participants: isReceived ? participants.finish(complete, pages) : undefined,
      odd: joinedOddities(participants.odd, this.#oddities()),
      setAside: participants.setAside,
    };
  }

  /** True when a byte order mark stood before the record, or before a page. */
  get hasByteOrderMark(): boolean {
    return this.#hasByteOrderMark;
  }

  #unmarked(body: Buffer): Buffer {
    const bytes = withoutByteOrderMark(body);
    this.#hasByteOrderMark ||= bytes.length < body.length;
    return bytes;
  }

  #goesOn(bytes: Buffer, collected: readonly MemberText[], name: string): string | undefined {
    const { nextLink, isOdd } = nextLinkOf(bytes, collected, name);
    if (isOdd) this.#oddLinks++;
    return nextLink;
  }

  /** What is odd around the entries. */
  #oddities(): readonly Oddity[] {
    if (this.#oddLinks === 0) return noOddities;
    const part = this.#list === 'sessions' ? 'sessions' : 'participants';
    return [{ part, reason: 'wrongType', count: this.#oddLinks }];
  }
}

/** The version that a callRecord says it is of; `undefined` when it does not. @throws TextError when it is no JSON object */
export function readVersion(body: Buffer): bigint | undefined {
  const bytes = withoutByteOrderMark(body);
  const collected: MemberText[] = [];
  new Scanner(bytes).object(undefined, collected);
  return versionIn({ bytes, collected }) || undefined;
}
