/** A page of the list of calls: which calls upstream has, in which version. */
import { stringMember, requiredId } from '../text/members.ts';
import { type MemberText, Scanner, TextError } from '../text/scanner.ts';
import { parseTicks } from '../text/ticks.ts';
import { readPage } from './call-pages.ts';
import { versionOf } from './read-call.ts';

interface ListedCallId {
  readonly callId: string;
  readonly version: bigint;
  readonly startTicks: bigint;
}

/** @throws TextError when the body is no page of calls */
export function readListedCalls(body: Buffer): {
  readonly calls: readonly ListedCallId[];
  readonly nextLink: string | undefined;
} {
  const { value, nextLink } = readPage(body);
  const scanner = new Scanner(body, value.valueStart, value.end);
  const calls: ListedCallId[] = [];
  scanner.array(() => {
    const collected: MemberText[] = [];
    scanner.object(undefined, collected);
    const version = versionOf(body, collected);
    const startTicks = parseTicks(stringMember(body, collected, 'startDateTime') ?? '');
    if (version === undefined || startTicks === undefined)
      throw new TextError('A call in the list has no version or no start.', 'notWanted');
    calls.push({ callId: requiredId(body, collected, 'callRecord'), version, startTicks });
  });
  return { calls, nextLink };
}
