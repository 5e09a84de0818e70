/**
 * Infers the participants of a call that no list names.
 *
 * Where a list was received, they are those whom the sessions name and the list lacks: the known gap of participants_v2
 * (docs/decisions/0007-inferred-participants.md). Where none was received, they are all people whom the sessions and
 * the record itself name (docs/decisions/0037-a-list-that-was-not-received.md). Pure: both engines call it.
 */
import { hash } from 'node:crypto';
import { canonicalId } from '../contract/ids.ts';
import type { Block } from '../wire/text/block.ts';
import { BlockBuilder } from '../wire/text/block-builder.ts';
import { blockText, readLayout } from '../wire/text/block-text.ts';
import { storedRules, walkEntity } from '../wire/text/entity.ts';
import {
  type Identities,
  type IdentityText,
  type InferredFrom,
  mergedText,
  participantText,
} from '../wire/text/identity-texts.ts';
import { namedParties } from '../wire/text/record-parties.ts';
import { Scanner } from '../wire/text/scanner.ts';
import { partiesOf, partyIdentities, type SessionParty } from '../wire/text/session-parties.ts';
import { storedTypes } from '../wire/text/stored-types.ts';
import { participantsPerBlock } from './received-call.ts';

/** A list of inferred participants in stored form. */
export interface InferredList {
  readonly blocks: readonly Block[];
  readonly ids: readonly string[];
  /** Computed in the same way as that of a received list. */
  readonly digest: string;
}

interface ReceivedRoll {
  /** False when pages of the list were not received: then no one can be called missing from it. */
  readonly complete: boolean;
  readonly ids: () => readonly (string | undefined)[];
  readonly blocks: Iterable<Block>;
}

/**
 * Infers the participants of a call.
 *
 * @param received The list of participants; `undefined` where none was received.
 * @param parties The people whom the sessions name; empty where no sessions were received.
 * @param head The callRecord.
 * @returns `undefined` when no one can be inferred.
 */
export function inferParticipants(
  received: ReceivedRoll | undefined,
  parties: Iterable<SessionParty>,
  head: Block,
): InferredList | undefined {
  return received === undefined ? wholeRoll(parties, head) : missingFrom(received, parties, head);
}

function missingFrom(
  roll: ReceivedRoll,
  parties: Iterable<SessionParty>,
  head: Block,
): InferredList | undefined {
  const shown = roll.complete ? [...parties] : [];
  if (shown.length === 0) return undefined;
  let listed = new Set(roll.ids().flatMap((id) => (id === undefined ? [] : canonicalId(id))));
  let missing = shown.filter((party) => !isListed(party, listed));
  if (missing.length === 0) return undefined;
  if (!isOneToOne(head)) missing = missing.filter(({ isCallee }) => !isCallee);
  if (missing.length === 0) return undefined;
  // The list may have another id of the same person than the session: in this rare case the entries are read.
  listed = new Set([...listed, ...identityIds(roll.blocks)]);
  const found = missing.filter((party) => {
    if (isListed(party, listed)) return false;
    for (const id of party.ids) listed.add(canonicalId(id));
    return true;
  });
  return listOf(found.map((party) => inferredOf('sessions', party.ids, partyIdentities(party))));
}

/** A person of a list that was not received; later sources add what earlier ones lack. */
interface InferredPerson {
  readonly from: InferredFrom;
  readonly id: string;
  readonly identities: Map<string, IdentityText>;
  units: string | undefined;
}

function inferredOf(
  from: InferredFrom,
  ids: readonly string[],
  identities: Identities,
  units?: string,
): InferredPerson {
  return { from, id: ids[0]!, identities: new Map(identities), units };
}

/** Returns all people named by the sessions, the legacy list and the organizer, in this order, each once. */
function wholeRoll(parties: Iterable<SessionParty>, head: Block): InferredList | undefined {
  const people: InferredPerson[] = [];
  const byId = new Map<string, InferredPerson>();
  const take = (ids: readonly string[], make: () => InferredPerson, isRicher: boolean) => {
    const keys = ids.map(canonicalId);
    let person = keys.map((key) => byId.get(key)).find((one) => one !== undefined);
    if (person === undefined) people.push((person = make()));
    else if (isRicher) enrich(person, make());
    for (const key of keys) if (!byId.has(key)) byId.set(key, person);
  };
  // In a meeting the callee is a service; a callee with an identity took part, and no list says otherwise.
  for (const party of parties)
    take(party.ids, () => inferredOf('sessions', party.ids, partyIdentities(party)), false);
  for (const { from, ids, identities, units } of namedParties(head))
    take(ids, () => inferredOf(from, ids, identities, units), true);
  return listOf(people);
}

/** Adds what another source has about the same identities: a name that a session lacks, or the kind of identity. */
function enrich(person: InferredPerson, { identities, units }: InferredPerson): void {
  person.units ??= units;
  for (const [kind, other] of identities) {
    const own = [...person.identities.values()].find(({ id }) => canonicalId(id) === canonicalId(other.id));
    if (own === undefined || (own.kind !== kind && own.isGuess !== true)) continue;
    person.identities.delete(own.kind);
    person.identities.set(kind, { kind, id: own.id, text: mergedText(own.text, other.text) });
  }
}

/** Yields the people whom the sessions in stored blocks name. */
export function* storedParties(blocks: Iterable<Block>): Generator<SessionParty> {
  for (const block of blocks) {
    const text = blockText(block);
    const { starts, regions, regionEnds } = readLayout(block);
    for (let entity = 0; entity < starts.length; entity++)
      yield* partiesOf(text, (region) => regionEnds[entity * regions + region]!);
  }
}

function isListed({ ids }: SessionParty, listed: ReadonlySet<string>): boolean {
  return ids.some((id) => listed.has(canonicalId(id)));
}

function* identityIds(blocks: Iterable<Block>): Generator<string> {
  for (const block of blocks) {
    // The text was checked as JSON when it was stored.
    const entries = JSON.parse(`[${blockText(block).toString()}]`) as {
      readonly identity?: Readonly<Record<string, unknown>> | null;
    }[];
    for (const { identity } of entries) {
      for (const value of Object.values(identity ?? {})) {
        if (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string')
          yield canonicalId(value.id);
      }
    }
  }
}

const typeRegion = storedTypes.callRecord.members.byName.get('type')!.index + 1;

function isOneToOne(head: Block): boolean {
  const { regionEnds } = readLayout(head);
  const text = blockText(head);
  return text
    .toString('utf8', regionEnds[typeRegion - 1]! + 1, regionEnds[typeRegion])
    .endsWith('"peerToPeer"');
}

function listOf(people: readonly InferredPerson[]): InferredList | undefined {
  if (people.length === 0) return undefined;
  const builder = new BlockBuilder();
  const blocks: Block[] = [];
  const digests: string[] = [];
  const finish = () => {
    const { block, digest } = builder.finish();
    blocks.push(block);
    digests.push(digest);
  };
  for (const { from, id, identities, units } of people) {
    const text = participantText(from, id, identities, units);
    builder.add(walkEntity(new Scanner(text, 0, undefined, storedRules), storedTypes.participant));
    if (builder.count === participantsPerBlock) finish();
  }
  if (builder.count > 0) finish();
  const digest = hash('sha256', [...digests, 'complete'].join(), 'base64url');
  return { blocks, ids: people.map(({ id }) => id), digest };
}
