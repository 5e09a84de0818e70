/**
 * Converts an entity to its stored form: compact text with control annotations first, then the declared properties in
 * wire order, then all other members. The layout records where each property ends and which edits the usual preferences
 * need.
 */
import type { EditRules } from './edit-rules.ts';
import type { MemberText } from './members.ts';
import { Scanner } from './scanner.ts';
import type { StoredType } from './stored-types.ts';

export interface EntityText {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /**
   * End offset of each region from the start of the entity: annotations, then one region per stored property. An absent
   * property ends where the previous region ends. The first member of a region begins one byte after the end of the
   * region before it (a brace or a comma).
   */
  readonly ends: readonly number[];
  /** Triples of start, end, replacement, from the start of the entity. */
  readonly edits: readonly number[];
}

/** Edits recorded when text is stored: what `omit-values=nulls` cuts, and what is masked by default. */
export const storedRules: EditRules = {
  omitNulls: true,
  maskEnums: true,
  cutControl: false,
  quoteWide: false,
  describe: false,
  deprecated: 'as-before',
};

/**
 * Control information about the response that contained the entity. It names the sender's URLs, or what another
 * Rollcall had not received at the time, so it is not stored.
 */
const ofTheResponse =
  /@(odata\.(context|nextLink|count|id|etag|editLink|readLink|navigationLink|associationLink)|rollcall\.incomplete)$/;

/** An object after the scanner walked it. */
interface Walked {
  readonly start: number;
  /** Its members, as the walk collected them. */
  readonly collected: readonly MemberText[];
  readonly editsBefore: number;
  readonly spaced: boolean;
  /** True when the object was ordered before: a declared member may then occur twice. */
  readonly isInOrder?: boolean;
}

/**
 * Returns the stored form of an object that the scanner has just walked.
 *
 * @param scanner Has walked the object with `storedRules`; its edits from `editsBefore` on belong to the object.
 */
export function entityText(scanner: Scanner, type: StoredType, walked: Walked): EntityText {
  const { stored } = type;
  const { start, collected, editsBefore, spaced, isInOrder = false } = walked;
  const ordered = spaced ? undefined : orderedRun(collected, stored, isInOrder);
  if (ordered === undefined) {
    const rebuilt = rebuild(scanner, collected, stored);
    return walkEntity(new Scanner(rebuilt, 0, undefined, storedRules), type, true);
  }
  const lastEnd = ordered.at(-1)?.end ?? start + 1;
  const edits: number[] = [];
  for (let i = editsBefore; i < scanner.edits.length && scanner.edits[i]! < lastEnd; i += 3) {
    // A cut may extend into members that are not stored, or include the comma before them.
    const end = Math.min(scanner.edits[i + 1]!, lastEnd);
    edits.push(scanner.edits[i]! - start, end - start, scanner.edits[i + 2]!);
  }
  const ends = endsOf(ordered, stored, start);
  if (ordered.length === collected.length)
    return { bytes: scanner.bytes, start, end: scanner.pos, ends, edits };
  const bytes = Buffer.allocUnsafe(lastEnd - start + 1);
  scanner.bytes.copy(bytes, 0, start, lastEnd);
  bytes[lastEnd - start] = 0x7d;
  return { bytes, start: 0, end: bytes.length, ends, edits };
}

/**
 * Walks the entity at the scanner's position and returns its stored form.
 *
 * @param isInOrder See `Walked`.
 * @param collected Receives its members with their offsets in the received text.
 * @throws TextError when it is not JSON
 */
export function walkEntity(
  scanner: Scanner,
  type: StoredType,
  isInOrder = false,
  collected: MemberText[] = [],
): EntityText {
  scanner.peek();
  scanner.spaced = false;
  const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length, isInOrder };
  scanner.object(type.members, collected);
  return entityText(scanner, type, { ...walked, spaced: scanner.spaced });
}

/**
 * Returns the region of a member: 0 for annotations, 1 to `stored` for the properties, then one for all others; -1 for
 * a member that is not stored.
 */
function regionOf(member: MemberText, stored: number): number {
  if (ofTheResponse.test(member.name)) return -1;
  if (member.name.startsWith('@')) return 0;
  if (member.index < 0) return stored + 1;
  return member.index < stored ? member.index + 1 : -1;
}

/**
 * Returns the members to store if they are in stored order already and precede all members that are stored elsewhere.
 *
 * @returns `undefined` when the text must be reordered.
 */
function orderedRun(
  collected: readonly MemberText[],
  stored: number,
  isInOrder: boolean,
): readonly MemberText[] | undefined {
  let last = 0;
  let run = collected.length;
  for (const [i, member] of collected.entries()) {
    const region = regionOf(member, stored);
    if (region < 0) {
      run = Math.min(run, i);
      continue;
    }
    const isTwice = region === last && region >= 1 && region <= stored;
    if (i > run || region < last || (isTwice && !isInOrder)) return undefined;
    last = region;
  }
  return run === collected.length ? collected : collected.slice(0, run);
}

/**
 * Returns the offset of a member's value in stored text.
 *
 * @param start Offset of its name.
 */
export function valueStartOf(text: Buffer, start: number): number {
  let end = start + 1;
  while (text[end] !== 0x22) end += text[end] === 0x5c ? 2 : 1;
  return end + 2; // behind the quote and the colon
}

function endsOf(collected: readonly MemberText[], stored: number, start: number): number[] {
  const ends = new Array<number>(stored + 1).fill(0);
  let region = 0;
  let end = 0;
  for (const member of collected) {
    const memberRegion = Math.min(regionOf(member, stored), stored + 1);
    while (region < memberRegion) ends[region++] = end;
    end = member.end - start;
  }
  while (region <= stored) ends[region++] = end;
  return ends;
}

function rebuild({ bytes, odd }: Scanner, collected: readonly MemberText[], stored: number): Buffer {
  const kept = collected
    .map((member) => ({ member, region: regionOf(member, stored) }))
    .filter(({ region }) => region >= 0)
    .sort((a, b) => a.region - b.region); // the sort is stable: members of one region keep their order
  for (const [i, { region }] of kept.entries())
    if (region >= 1 && region <= stored && kept[i + 1]?.region === region) odd.add('memberTwice');
  const size = kept.reduce(
    (sum, { member }) => sum + JSON.stringify(member.name).length * 3 + member.end - member.start,
    2,
  );
  const out = Buffer.allocUnsafe(size + kept.length * 2);
  let at = 0;
  out[at++] = 0x7b;
  for (const { member } of kept) {
    if (at > 1) out[at++] = 0x2c;
    at += out.write(`${JSON.stringify(member.name)}:`, at);
    at = compact(bytes, member.valueStart, member.end, out, at);
  }
  out[at++] = 0x7d;
  return out.subarray(0, at);
}

/** Copies JSON text without the white space between its tokens; returns the offset after the copy. */
function compact(bytes: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let inString = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (inString) {
      out[at++] = byte;
      if (byte === 0x5c) out[at++] = bytes[++i]!;
      else if (byte === 0x22) inString = false;
    } else if (byte > 0x20) {
      out[at++] = byte;
      inString = byte === 0x22;
    }
  }
  return at;
}
