/** Decides which control information and types `odata.metadata` adds, replaces or cuts. */
import type { TypeMembers, Shape } from './shapes.ts';

/** Types that JSON itself expresses (OData JSON Format 4.01, section 4.6.3). */
const plainTypes: ReadonlySet<string> = new Set(['Edm.String', 'Edm.Boolean', 'Edm.Double']);
/**
 * Rollcall's own annotations count as control information: a client that requests none gets only members of the model.
 */
const controlMark = /@(odata|rollcall)\./;
/** Control information that stays under `odata.metadata=none` (OData JSON Format 4.01, section 3.1.3). */
const lasting = /@odata\.(nextLink|count)$/;

/** Returns true for a member name that `odata.metadata=none` cuts. */
export function isCutControl(name: string): boolean {
  return controlMark.test(name) && !lasting.test(name);
}

/**
 * Returns true for text with a member name that may be control information; a name with escapes must be decoded first.
 */
export function mayBeControl(text: string): boolean {
  return controlMark.test(text) || text.includes('\\');
}

/** Returns true when `odata.metadata=full` adds the type of a member with this shape. */
export function isDescribed({ form, typeName }: Shape): boolean {
  return form !== 'object' && !plainTypes.has(typeName);
}

/** Returns true for a received type annotation that `odata.metadata=full` replaces with the model's type. */
export function isRestated(name: string, members: TypeMembers | undefined): boolean {
  if (!name.endsWith(typeSuffix)) return false;
  const member = members?.byName.get(name.slice(0, -typeSuffix.length));
  return member !== undefined && isDescribed(member.shape);
}

const typeSuffix = '@odata.type';
