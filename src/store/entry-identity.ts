/** Reads from a participant or organizer as received what a list of people shows. */
import { isObject } from './people.ts';

type Json = Readonly<Record<string, unknown>>;

interface EntryIdentity {
  /** Member of the identity set: `user`, `phone`. */
  readonly kind: string;
  readonly id: string | null;
  /** The display name, else the user principal name or the address, else the number; null when there is none. */
  readonly name: string | null;
}

/** A user counts before the device or application that the user joined with. */
const kindsFirst: readonly string[] = [
  ...[
    'user',
    'guest',
    'azureCommunicationServicesUser',
    'acsUser',
    'onPremises',
    'phone',
    'assertedIdentity',
  ],
];
const phoneKinds: ReadonlySet<string> = new Set(['phone', 'assertedIdentity']);

/** Returns the identity set of an entry; `undefined` when it has none. */
export function identitySetOf(entry: unknown): Json | undefined {
  return isObject(entry) && isObject(entry['identity']) ? entry['identity'] : undefined;
}

/** Returns the identities in an entry by kind, those of people first. */
export function identitiesOf(entry: unknown): readonly (readonly [kind: string, identity: Json])[] {
  const rank = (kind: string) => (kindsFirst.includes(kind) ? kindsFirst.indexOf(kind) : kindsFirst.length);
  return Object.entries(identitySetOf(entry) ?? {})
    .flatMap(([kind, identity]) => (isObject(identity) ? [[kind, identity] as const] : []))
    .sort(([a], [b]) => rank(a) - rank(b));
}

/** Returns the identity to show; `undefined` for an entry without one. */
export function shownIdentityOf(entry: unknown): EntryIdentity | undefined {
  const [first] = identitiesOf(entry);
  if (first === undefined) return undefined;
  const [kind, identity] = first;
  const { id, displayName, userPrincipalName, email } = identity;
  const names = [displayName, userPrincipalName, email, phoneKinds.has(kind) ? id : undefined];
  return { kind, id: textOf(id), name: names.map(textOf).find((name) => name !== null) ?? null };
}

/** Returns the user principal names and addresses of an entry. */
export function addressesOf(entry: unknown): readonly string[] {
  return identitiesOf(entry).flatMap(([, { userPrincipalName, email }]) =>
    [userPrincipalName, email].flatMap((one) => textOf(one) ?? []),
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
