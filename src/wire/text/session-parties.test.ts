import { describe, expect, it } from 'vitest';
import { BlockBuilder } from './block-builder.ts';
import { blockText, readLayout } from './block-text.ts';
import { storedRules, walkEntity } from './entity.ts';
import { Scanner } from './scanner.ts';
import { participantText } from './identity-texts.ts';
import { partiesOf, partyIdentities, type SessionParty } from './session-parties.ts';
import { storedTypes } from './stored-types.ts';

function partiesIn(session: object | string): SessionParty[] {
  const text = typeof session === 'string' ? session : JSON.stringify(session);
  const builder = new BlockBuilder();
  builder.add(walkEntity(new Scanner(Buffer.from(text), 0, undefined, storedRules), storedTypes.session));
  const { block } = builder.finish();
  const { regionEnds } = readLayout(block);
  return [...partiesOf(blockText(block), (region) => regionEnds[region]!)];
}

const session = (caller: object | null, callee: object | null = null) => ({ id: 's', caller, callee });

const textOf = (party: SessionParty) =>
  participantText('sessions', party.ids[0]!, partyIdentities(party)).toString();

/** Returns the identity set of the only party of a session, without nulls. */
function identityOf(caller: object): Record<string, unknown> {
  const parties = partiesIn(session(caller));
  expect(parties.length).toBe(1);
  const { identity } = JSON.parse(textOf(parties[0]!)) as {
    identity: Record<string, unknown>;
  };
  return Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== null));
}

describe('a party of a session', () => {
  it('is the person in the identity set, with the facts that the associated identity adds', () => {
    const user = { id: 'a', displayName: null, tenantId: 't' };
    const associatedIdentity = { id: 'a', displayName: 'A', userPrincipalName: 'a@contoso.com' };
    expect(identityOf({ identity: { phone: null, user }, associatedIdentity })).toEqual({
      user: { id: 'a', displayName: 'A', userPrincipalName: 'a@contoso.com', tenantId: 't' },
    });
  });

  it.each([
    ['#microsoft.graph.communicationsGuestIdentity', 'a', 'guest'],
    ['#microsoft.graph.communicationsPhoneIdentity', 'a', 'phone'],
    ['#microsoft.graph.communicationsApplicationIdentity', 'a', 'application'],
    ['#microsoft.graph.communicationsApplicationInstanceIdentity', 'a', 'applicationInstance'],
    ['#microsoft.graph.azureCommunicationServicesUserIdentity', 'a', 'azureCommunicationServicesUser'],
    ['#microsoft.graph.communicationsEncryptedIdentity', 'a', 'encrypted'],
    ['#microsoft.graph.callRecords.userIdentity', '+4930123456', 'phone'],
    [undefined, '+12345678***', 'phone'],
    [undefined, '42559007-03c6-42c8-971f-cb79fd381a5a', 'user'],
    [undefined, '4930123456', 'user'],
  ])('with an associated identity alone, of type %s and id %s, is a %s', (type, id, kind) => {
    const identity = { ...(type && { '@odata.type': type }), id, displayName: null };
    expect(identityOf({ identity: null, associatedIdentity: identity })).toEqual({ [kind]: identity });
  });

  it('is identified by its user, and by all its ids', () => {
    const identity = { device: { id: 'd' }, application: { id: 'bot' }, user: { id: 'u' } };
    const [party] = partiesIn(session({ identity, associatedIdentity: { id: 'x' } }));
    expect(new Set(party?.ids)).toEqual(new Set(['u', 'd', 'bot', 'x']));
    expect(party?.ids[0]).toBe('u');
  });

  it('may be a bot, or of a kind that the model does not know', () => {
    const application = { id: 'bot', displayName: 'Recorder', hidden: false };
    expect(identityOf({ identity: { application } })).toEqual({ application });
    expect(identityOf({ identity: { futureKind: { id: 'f' } } })).toEqual({ futureKind: { id: 'f' } });
  });

  it.each([
    null,
    { userAgent: { headerValue: null } },
    { '@odata.type': '#microsoft.graph.callRecords.serviceEndpoint', identity: { user: { id: 'a' } } },
    { identity: null, associatedIdentity: null },
    { identity: { user: null }, associatedIdentity: { id: null, displayName: 'A' } },
    { identity: { user: { id: '' } } },
  ])('is nobody where the end is %j', (caller) => {
    expect(partiesIn(session(caller))).toEqual([]);
  });

  it('is marked as caller or callee', () => {
    const end = (id: string) => ({ identity: { user: { id } } });
    expect(partiesIn(session(end('a'), end('b'))).map(({ ids, isCallee }) => [ids, isCallee])).toEqual([
      [['a'], false],
      [['b'], true],
    ]);
  });

  it('is written with the received characters and digits', () => {
    const [party] = partiesIn(
      '{"id":"s","caller":{"identity":{"user":{"id":"\\u0061\\"","x":1.50,"y":"\\ud83d\\ude00"}}}}',
    );
    expect(party?.ids).toEqual(['a"']);
    expect(textOf(party!)).toContain('"user":{"id":"\\u0061\\"","x":1.50,"y":"\\ud83d\\ude00"}');
  });
});
