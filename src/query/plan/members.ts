/** Reads the members of an entity in a request body, and checks each against the model. */
import { Fault } from '../../contract/faults.ts';
import type { Property, StructuredType } from '../../contract/edm.ts';
import { parseTicks } from '../../base/ticks.ts';

/** Values by name, without annotations. */
export type BodyMembers = ReadonlyMap<string, unknown>;

/**
 * Returns the members of a body.
 *
 * @param value The parsed JSON.
 * @throws Fault `malformedRequest` that names an undeclared member, or one of the wrong type. It does not repeat the
 *   value, which may be a secret.
 */
export function planMembers(value: unknown, type: StructuredType): BodyMembers {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault('malformedRequest', 'The body of the request is not a JSON object.');
  const members = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    if (name.includes('@')) continue; // control information, such as @odata.type
    const property = type.properties.get(name);
    if (property === undefined || property.kind !== 'property') throw unknownMember(name, type);
    checkType(member, property);
    members.set(name, member);
  }
  return members;
}

/** Graph's wording (issue microsoftgraph/microsoft-graph-docs#8063). */
function unknownMember(name: string, type: StructuredType): Fault {
  const shown = name.length > 64 ? `${name.slice(0, 64)}…` : name;
  return new Fault(
    'malformedRequest',
    `The property '${shown}' does not exist on type '${type.name}'. Make sure to only use property names that are defined by the type.`,
    { target: shown },
  );
}

function checkType(value: unknown, { name, type, nullable }: Property): void {
  if (value === null ? nullable : isOf(value, type)) return;
  const problem = value === null ? 'must not be null' : `is not of type '${type}'`;
  throw new Fault('malformedRequest', `The value of property '${name}' ${problem}.`, { target: name });
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'Edm.Boolean':
      return typeof value === 'boolean';
    case 'Edm.DateTimeOffset':
      return typeof value === 'string' && parseTicks(value) !== undefined;
    default:
      return typeof value === 'string';
  }
}
