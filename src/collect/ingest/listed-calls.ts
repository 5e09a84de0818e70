/** A page of the list of calls: which calls upstream has, in which version. One odd item costs itself alone. */
import { stringMember, usableId, type MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { parseTicks } from '../../base/ticks.ts';
import { versionIn } from './call-times.ts';
import { membersAt, readResponsePage, type ResponsePage } from './response-page.ts';

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
  const { bytes, value, nextLink, isOdd } = readResponsePage(body);
  const calls: ListedCall[] = [];
  const unnamed: UnnamedItem[] = [];
  if (value !== undefined) {
    const scanner = new Scanner(bytes, value.valueStart, value.end);
    scanner.array(() => {
      const byte = scanner.peek();
      const start = scanner.pos;
      const collected = byte === 0x7b ? membersAt(scanner) : (scanner.skip(), []);
      const callId = usableId(bytes, collected);
      if (callId !== undefined)
        calls.push({
          callId,
          version: versionOf(bytes, collected),
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

/** A whole number of 64 bits, also as a string (`IEEE754Compatible=true`); `undefined` where the item has none. */
function versionOf(bytes: Buffer, collected: readonly MemberText[]): bigint | undefined {
  const quoted = stringMember(bytes, collected, 'version');
  if (quoted !== undefined) return /^\d{1,18}$/.test(quoted) ? BigInt(quoted) : undefined;
  return versionIn({ bytes, collected }) || undefined;
}
