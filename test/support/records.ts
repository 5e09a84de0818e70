/** Builds records for tests, which state only the relevant members. */

export interface TestParticipant {
  readonly id: string;
  readonly [member: string]: unknown;
}

/** Returns a participant as the live service writes it: with nulls, and the set member last. */
export function aParticipant(id: string, more: Record<string, unknown> = {}): TestParticipant {
  return {
    id,
    identity: {
      endpointType: null,
      acsUser: null,
      phone: null,
      guest: null,
      user: {
        '@odata.type': '#microsoft.graph.userIdentity',
        id,
        displayName: `Person ${id}`,
        tenantId: null,
      },
    },
    administrativeUnitInfos: [],
    ...more,
  };
}

export function participants(count: number): TestParticipant[] {
  return Array.from({ length: count }, (_, i) => aParticipant(`participant-${i}`));
}

export function aRecord(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    version: 1,
    type: 'groupCall',
    modalities: ['audio'],
    lastModifiedDateTime: '2026-03-02T11:00:00Z',
    startDateTime: '2026-03-02T10:00:00Z',
    endDateTime: '2026-03-02T10:30:00.1234567Z',
    joinWebUrl: '',
    ...more,
  };
}

/** Returns a session of the person with an id, or without one; the other end is a service unless it is a person too. */
export function aSession(
  id: string,
  callerId?: string,
  calleeId?: string,
  more: Record<string, unknown> = {},
) {
  return { id, caller: anEndpoint(callerId), callee: anEndpoint(calleeId), segments: [{ id }], ...more };
}

function anEndpoint(personId: string | undefined) {
  const userAgent = { headerValue: null, platform: 'unknown', productFamily: 'unknown' };
  if (personId === undefined) return { userAgent };
  const user = { id: personId, displayName: `Person ${personId}`, tenantId: null };
  return {
    name: null,
    userAgent,
    identity: { phone: null, guest: null, user },
    associatedIdentity: { ...user, userPrincipalName: `${personId}@contoso.com` },
    feedback: null,
  };
}
