/** Reads an identity set: the one identity with a value, and its kind. */
import { isSameId } from '../contract/ids.ts';
import { membersOf } from '../wire/text/shapes.ts';
import { cellIn, type Column, type JsonObject, objectIn, type Cell } from './cell.ts';

const kinds = membersOf('microsoft.graph.communicationsIdentitySet').inWireOrder.map(({ name }) => name);

/** Returns the columns of an identity, each with a prefix: `callerKind`. */
export function identityColumns(prefix: string): readonly Column[] {
  const named = (name: string) =>
    prefix === '' ? name : `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`;
  return ['kind', 'identityId', 'displayName', 'userPrincipalName', 'tenantId'].map((name) => ({
    name: named(name),
    type: 'string',
  }));
}

/**
 * Returns the cells of an identity. @param id The id of the participant: among several identities the one with this id
 * is preferred.
 */
export function identityCells(set: JsonObject | undefined, id?: string): readonly Cell[] {
  const found = identityIn(set, id);
  if (found === undefined) return [undefined, undefined, undefined, undefined, undefined];
  const { kind, identity } = found;
  const text = (name: string) => cellIn(identity, name, 'string');
  return [kind, text('id'), text('displayName'), text('userPrincipalName'), text('tenantId')];
}

function identityIn(set: JsonObject | undefined, id?: string) {
  const filled = kinds.flatMap((kind) => {
    const identity = objectIn(set, kind);
    return identity === undefined ? [] : [{ kind, identity }];
  });
  return (id === undefined ? undefined : filled.find(({ identity }) => isOf(identity, id))) ?? filled[0];
}

function isOf(identity: JsonObject, id: string): boolean {
  return typeof identity['id'] === 'string' && isSameId(identity['id'], id);
}

/** Returns all ids of a session's endpoint. */
export function idsOf(endpoint: JsonObject | undefined): readonly string[] {
  const set = objectIn(endpoint, 'identity');
  const identities = [...kinds.map((kind) => objectIn(set, kind)), objectIn(endpoint, 'associatedIdentity')];
  return identities.flatMap((identity) => {
    const id = identity?.['id'];
    return typeof id === 'string' ? [id] : [];
  });
}

/** Returns the identity of a session's endpoint: its set, or the account that Graph sends instead since 2023. */
export function endpointIdentity(endpoint: JsonObject | undefined): JsonObject | undefined {
  const set = objectIn(endpoint, 'identity');
  if (identityIn(set) !== undefined) return set;
  const user = objectIn(endpoint, 'associatedIdentity');
  return user === undefined ? undefined : { user };
}
