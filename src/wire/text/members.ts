/** Reads single members of an object that the scanner has walked. */
import { TextError } from './text-error.ts';

/** A top-level member of the object last walked with `collect`. */
export interface MemberText {
  readonly name: string;
  /** Index in wire order, or -1 for a name that the model does not have. */
  readonly index: number;
  /** Offset of the opening quote of the name. */
  readonly start: number;
  /** Offset of the value. */
  readonly valueStart: number;
  /** Offset after the value. */
  readonly end: number;
}

/**
 * Returns the `id` of a call, its only key.
 *
 * @throws TextError when it has no usable one
 */
export function requiredId(bytes: Buffer, collected: readonly MemberText[], what: string): string {
  const id = usableId(bytes, collected);
  if (id === undefined) throw new TextError(`A ${what} has no id.`, 'notWanted');
  return id;
}

/** Returns the `id` of an object, the last one if there are several; `undefined` when none can be a key. */
export function usableId(bytes: Buffer, collected: readonly MemberText[]): string | undefined {
  const member = collected.findLast(({ name }) => name === 'id');
  return member === undefined ? undefined : asId(stringIn(bytes, member));
}

/** Returns a value that can be a key: a string that is not empty and has no unpaired surrogate. */
export function asId(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.isWellFormed() ? value : undefined;
}

/** Returns the value of a member that is a string; `undefined` when it is absent or of another type. */
export function stringMember(
  bytes: Buffer,
  collected: readonly MemberText[],
  name: string,
): string | undefined {
  const member = collected.find((one) => one.name === name);
  return member && stringIn(bytes, member);
}

function stringIn(bytes: Buffer, { valueStart, end }: MemberText): string | undefined {
  if (bytes[valueStart] !== 0x22) return undefined;
  const text = bytes.toString('utf8', valueStart, end);
  // The scanner's walk has checked that it is a JSON string.
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}
