/** Reads single members of an object the scanner has walked. */
import { type MemberText, TextError } from './scanner.ts';

/** The `id` of an entity. @throws TextError when there is none, or it is empty */
export function requiredId(bytes: Buffer, collected: readonly MemberText[], what: string): string {
  const id = stringMember(bytes, collected, 'id');
  if (id === undefined || id === '') {
    throw new TextError(`A ${what} has no id.`, 'notWanted');
  }
  return id;
}

/** The value of a member that is a string; `undefined` when it is absent or something else. */
export function stringMember(
  bytes: Buffer,
  collected: readonly MemberText[],
  name: string,
): string | undefined {
  const member = collected.find((one) => one.name === name);
  if (member === undefined || bytes[member.valueStart] !== 0x22) return undefined;
  const text = bytes.toString('utf8', member.valueStart, member.end);
  // A JSON string by the scanner's walk.
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}
