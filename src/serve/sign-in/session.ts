/** Manages sessions of the page, which the browser's cookie stores (docs/decisions/0018-sign-in.md). */
import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { accessOf } from '../../graph/permission.ts';
import type { Verified } from '../auth/verifier.ts';
import { createByteCache, textBytes } from '../../base/byte-cache.ts';
import type { Seal } from './seal.ts';

/** The person who signed in, as the authority describes them. */
export interface SignedInPerson {
  /** The tenant in lower case. */
  readonly tenantId: string;
  /** Identifies the person in the tenant. */
  readonly subject: string;
  /** Shown to the person only. */
  readonly name: string;
}

interface Session extends SignedInPerson {
  readonly untilMs: number;
}

export interface OpenedSession extends Verified {
  readonly session: Session;
}

export interface Sessions {
  begin(person: SignedInPerson): Promise<{ readonly text: string; readonly session: Session }>;
  /** Opens a session. @returns `undefined` for an invalid one; a promise only for one that is not cached. */
  open(text: string): OpenedSession | Promise<OpenedSession | undefined> | undefined;
}

/** A working day. Sessions are not extended, so a revoked role ends with the session at the latest. */
export const sessionSeconds = 8 * 3600;
/** The caller id of sessions. No application has this id. */
const appId = 'page';
const roles = ['CallRecords.Read.All'];
const maxNameLength = 200;
/** Maximum bytes of cached sessions; an evicted one is decrypted again. */
const openedBytes = 8 * 2 ** 20;

/** Creates the sessions. @param kind Identifies the sign-in options: a session of one kind is not valid for another. */
export function createSessions(seal: Seal, kind: string, clock: () => Date): Sessions {
  const opened = createByteCache<OpenedSession>({
    maxBytes: openedBytes,
    bytesOf: ({ session, access }) => textBytes(session.subject + session.name + access),
  });
  const purpose = `session ${hash('sha256', kind, 'base64url')}`;
  return {
    async begin(person) {
      const session = {
        tenantId: person.tenantId,
        subject: person.subject,
        name: person.name.slice(0, maxNameLength),
        // The seal stores whole seconds.
        untilMs: (Math.floor(clock().getTime() / 1000) + sessionSeconds) * 1000,
      };
      const content = { tid: session.tenantId, sub: session.subject, name: session.name };
      return { session, text: await seal.close(content, purpose, session.untilMs) };
    },
    open(text) {
      const known = opened.get(text);
      if (known !== undefined) {
        if (known.until > clock().getTime()) return known;
        opened.delete(text);
        return undefined;
      }
      return seal.open(text, purpose).then((content) => {
        const session = content && sessionOf(content);
        if (session === undefined) return undefined;
        const fresh = openedSession(session);
        opened.set(text, fresh);
        return fresh;
      });
    },
  };
}

function sessionOf({ tid, sub, name, exp }: JWTPayload): Session | undefined {
  if (typeof tid !== 'string' || typeof name !== 'string' || sub === undefined || exp === undefined)
    return undefined;
  return { tenantId: tid, subject: sub, name, untilMs: exp * 1000 };
}

function openedSession(session: Session): OpenedSession {
  const { tenantId, subject, untilMs } = session;
  const caller = { tenantId, appId, principalId: subject, roles, delegated: false };
  return { session, caller, until: untilMs, access: accessOf(caller) };
}
