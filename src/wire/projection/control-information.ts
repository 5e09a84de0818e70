/**
 * Writes the rarer representations by walking the text again: without control information (`odata.metadata=none`), with
 * all of it (`full`), with 64-bit numbers as strings (`IEEE754Compatible=true`), or without deprecated properties.
 */
import { formatKeyPredicate } from '../../query/odata/path.ts';
import type { Representation } from '../../query/plan/read-plan.ts';
import { Output } from '../text/edits.ts';
import { type MemberText, usableId } from '../text/members.ts';
import { Scanner } from '../text/scanner.ts';
import type { StoredType } from '../text/stored-types.ts';

export function needsControlPass(representation: Representation, type: StoredType): boolean {
  return (
    representation.metadata !== 'minimal' ||
    (representation.ieee754Compatible && type.hasWide) ||
    (representation.deprecated !== 'as-before' && type.hasDeprecated)
  );
}

/**
 * Rewrites entities in such a representation.
 *
 * @param text Entities joined by commas, as `writeEntities` writes them.
 */
export function withControlInformation(
  text: Buffer,
  type: StoredType,
  representation: Representation,
  path: string,
): Buffer {
  const { metadata, ieee754Compatible } = representation;
  // Where nulls are omitted, so are emptied properties, and objects that have no other members.
  const leavesOut = representation.omitNulls && representation.deprecated !== 'as-before';
  const deprecated = leavesOut ? 'absent' : representation.deprecated;
  const scanner = new Scanner(text, 0, undefined, {
    omitNulls: leavesOut,
    maskEnums: false,
    cutControl: metadata === 'none',
    quoteWide: ieee754Compatible,
    describe: metadata === 'full',
    deprecated,
  });
  const out = new Output(text.length + 1024);
  while (scanner.peek() === 0x7b) {
    const start = scanner.pos;
    const collected: MemberText[] = [];
    scanner.edits.length = 0;
    scanner.inserts.length = 0;
    scanner.object(type.members, collected);
    if (metadata === 'full') {
      const annotations = entityAnnotations(text, collected, type, path);
      out.text(`{${annotations}`);
      // The scanner's type annotation of the entity is dropped: the text added here has the same.
      const edits = scanner.edits.slice(isInsertAt(start + 1, scanner.edits) ? 3 : 0);
      const isEmptied = edits[0] === start + 1 && edits[1] === scanner.pos - 1;
      if (annotations !== '' && collected.length > 0 && !isEmptied) out.byte(0x2c);
      out.edited(text, start + 1, scanner.pos, edits, 0, edits.length, allKinds, scanner.inserts);
    } else {
      out.edited(text, start, scanner.pos, scanner.edits, 0, scanner.edits.length, allKinds, scanner.inserts);
    }
    if (scanner.peek() === 0x2c) {
      out.byte(0x2c);
      scanner.pos++;
    }
  }
  return out.bytes();
}

function isInsertAt(place: number, [from, to]: readonly number[]): boolean {
  return from === place && to === place;
}

const allKinds = [true, true, true] as const;

/** Returns the annotations that `odata.metadata=full` adds to an entity (OData JSON Format 4.01, section 4.6). */
function entityAnnotations(
  text: Buffer,
  collected: readonly MemberText[],
  type: StoredType,
  path: string,
): string {
  const annotations: Record<string, string> = {};
  if (!collected.some(({ name }) => name === '@odata.type'))
    annotations['@odata.type'] = `#${type.members.typeName}`;
  const id = usableId(text, collected);
  if (id !== undefined && path !== '') {
    const entity = `${path}${formatKeyPredicate(id)}`;
    annotations['@odata.id'] = entity;
    annotations['@odata.editLink'] = entity;
  }
  return JSON.stringify(annotations).slice(1, -1);
}
