/** Control information and types that `odata.metadata` adds, restates or cuts. */
import type { TypeMembers, Shape } from './shapes.ts';

/** Types a JSON reader tells by itself (OData JSON Format 4.01, section 4.6.3). */
const plainTypes: ReadonlySet<string> = new Set(['Edm.String', 'Edm.Boolean', 'Edm.Double']);
/** Rollcall's own annotations go with control information: a client that asks for none gets members of the model. */
const controlMark = /@(odata|rollcall)\./;
/** Control information that stays under `odata.metadata=none` (OData JSON Format 4.01, section 3.1.3). */
const lasting = /@odata\.(nextLink|count)$/;

/** True of the name of a member that `odata.metadata=none` cuts. */
export function isCutControl(name: string): boolean {
  return controlMark.test(name) && !lasting.test(name);
}

/** True of text with a member name that may be control information; a name with escapes has to be decoded first. */
export function mayBeControl(text: string): boolean {
  return controlMark.test(text) || text.includes('\\');
}

/** True when `odata.metadata=full` adds the type of a member with this shape. */
export function isDescribed({ form, typeName }: Shape): boolean {
  return form !== 'object' && !plainTypes.has(typeName);
}

/** True of a received type of a member that `odata.metadata=full` replaces with the model's type. */
export function isRestated(name: string, members: TypeMembers | undefined): boolean {
  if (!name.endsWith(typeSuffix)) return false;
  const member = members?.byName.get(name.slice(0, -typeSuffix.length));
  return member !== undefined && isDescribed(member.shape);
}

const typeSuffix = '@odata.type';
