/** A page of the list of calls: which calls upstream has, in which version. One odd item costs itself alone. */
import { stringMember } from '../text/members.ts';
import { type MemberText, Scanner } from '../text/scanner.ts';
import { parseTicks } from '../text/ticks.ts';
import { readPage, type ResponsePage } from './response-page.ts';

interface ListedCall {
  readonly callId: string;
  /** Absent where the item does not say it, or not as a whole number: the call is fetched to find out. */
  readonly version: bigint | undefined;
  readonly startTicks: bigint | undefined;
}

/** An item that names no call: nothing can be fetched on account of it. */
interface UnnamedItem {
  readonly text: Buffer;
  readonly reason: 'noObject' | 'noId';
}

export interface ListedPage extends Pick<ResponsePage, 'nextLink' | 'isOdd'> {
  readonly calls: readonly ListedCall[];
  readonly unnamed: readonly UnnamedItem[];
  /** False when the page has no list of values: what it was to list is not known. */
  readonly isList: boolean;
}

/** @throws TextError when the body is no JSON object */
export function readListedCalls(body: Buffer): ListedPage {
  const { bytes, value, nextLink, isOdd } = readPage(body);
  const calls: ListedCall[] = [];
  const unnamed: UnnamedItem[] = [];
  if (value !== undefined) {
    const scanner = new Scanner(bytes, value.valueStart, value.end);
    scanner.array(() => {
      const byte = scanner.peek();
      const start = scanner.pos;
      const collected: MemberText[] = [];
      if (byte === 0x7b) scanner.object(undefined, collected);
      else scanner.value(undefined);
      const callId = stringMember(bytes, collected, 'id');
      if (callId !== undefined && callId !== '' && callId.isWellFormed())
        calls.push({
          callId,
          version: versionIn(bytes, collected),
          startTicks: parseTicks(stringMember(bytes, collected, 'startDateTime') ?? ''),
        });
      else
        unnamed.push({
          text: Buffer.from(bytes.subarray(start, scanner.pos)),
          reason: byte === 0x7b ? 'noId' : 'noObject',
        });
    });
  }
  return { calls, unnamed, nextLink, isOdd, isList: value !== undefined };
}

const maxVersion = 2n ** 63n - 1n;

/** A whole number of 64 bits, also as a string (`IEEE754Compatible=true`). */
function versionIn(bytes: Buffer, collected: readonly MemberText[]): bigint | undefined {
  const member = collected.find(({ name }) => name === 'version');
  if (member === undefined) return undefined;
  const digits = /^("?)(\d{1,19})\1$/.exec(bytes.toString('latin1', member.valueStart, member.end))?.[2];
  const version = digits === undefined ? undefined : BigInt(digits);
  return version === undefined || version > maxVersion ? undefined : version;
}
