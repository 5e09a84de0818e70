import { describe, expect, it } from 'vitest';
import { unemulatedArea } from './graph-areas.ts';

describe('an area of Graph', () => {
  it.each([
    ['v1.0', 'users', 'users'],
    ['v1.0', 'USERS/x/messages', 'users'],
    ['v1.0', "groups('x')/members", 'groups'],
    ['beta', 'groups%28%27x%27%29', 'groups'],
    ['v1.0', 'me', 'me'],
    ['v1.0', 'communications/adhocCalls', 'communications/adhocCalls'],
    ['v1.0', 'Communications/onlinemeetings/x', 'communications/onlineMeetings'],
    [
      'beta',
      "communications/onlineMeetings/getAllTranscripts(meetingOrganizerUserId='x')",
      'communications/onlineMeetings',
    ],
    ['v1.0', 'communications/microsoft.graph.getPresencesByUserId', 'communications/getPresencesByUserId'],
    ['v1.0', 'communications', 'communications'],
    ['v1.0', 'communications/', 'communications'],
    ['beta', 'riskyUsers', 'riskyUsers'],
    ['v1.0', 'riskyUsers', undefined],
    ['v1.0', 'communications/callRecords', undefined],
    ['v1.0', "communications/callRecords('x')/sessions", undefined],
    ['v1.0', 'communications/CallRecords', undefined],
    ['v1.0', 'communications/nothing', undefined],
    ['v1.0', 'subscriptions/x', undefined],
    ['v1.0', '$batch', undefined],
    ['v1.0', '', undefined],
    ['v1.0', 'user', undefined],
    ['v1.0', 'nothing/users', undefined],
    ['v1.0', '%zz', undefined],
    ['beta', '__proto__', undefined],
  ] as const)('%s %s is %s', (version, path, area) => {
    expect(unemulatedArea(version, path)).toBe(area);
  });
});
