/** Reads a page of the list of calls, with ids and versions. An odd item is skipped alone. */
import { stringMember, usableId, type MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { parseTicks } from '../../base/ticks.ts';
import { versionIn } from './call-times.ts';
import { membersAt, readResponsePage, type ResponsePage } from './response-page.ts';

interface ListedCall {
  readonly callId: string;
  /** Absent when the item has no integer version: the call is fetched to determine it. */
  readonly version: bigint | undefined;
  readonly startTicks: bigint | undefined;
}

/** An item without a call id, for which nothing can be fetched. */
interface UnnamedItem {
  readonly text: Buffer;
  readonly reason: 'noObject' | 'noId';
}

export interface ListedPage extends ResponsePage {
  readonly calls: readonly ListedCall[];
  readonly unnamed: readonly UnnamedItem[];
}

/** Reads a page. @throws TextError when the body is not a JSON object */
export function readListedCalls(body: Buffer): ListedPage {
  const page = readResponsePage(body);
  const calls: ListedCall[] = [];
  const unnamed: UnnamedItem[] = [];
  const { list } = page;
  if (list === undefined) return { ...page, calls, unnamed };
  const scanner = new Scanner(list);
  scanner.array(() => {
    const byte = scanner.peek();
    const start = scanner.pos;
    const collected = byte === 0x7b ? membersAt(scanner) : (scanner.skip(), []);
    const callId = usableId(list, collected);
    if (callId !== undefined)
      calls.push({
        callId,
        version: versionOf(list, collected),
        startTicks: parseTicks(stringMember(list, collected, 'startDateTime') ?? ''),
      });
    else
      unnamed.push({
        text: Buffer.from(list.subarray(start, scanner.pos)),
        reason: byte === 0x7b ? 'noId' : 'noObject',
      });
  });
  return { ...page, calls, unnamed };
}

/**
 * Returns the version, a 64-bit integer or a string of one (`IEEE754Compatible=true`); `undefined` when the item has
 * none.
 */
function versionOf(bytes: Buffer, collected: readonly MemberText[]): bigint | undefined {
  const quoted = stringMember(bytes, collected, 'version');
  if (quoted !== undefined) return /^\d{1,18}$/.test(quoted) ? BigInt(quoted) : undefined;
  return versionIn({ bytes, collected }) || undefined;
}
