/**
 * Participants whom the sessions of a call show and its received list lacks: the known gap of participants_v2
 * (docs/decisions/0007-found-participants.md). Pure: both engines call it.
 */
import { canonicalId } from '../model/ids.ts';
import { type Block, BlockBuilder, blockText, readLayout } from '../text/block.ts';
import { storedRules, walkEntity } from '../text/entity.ts';
import { Scanner } from '../text/scanner.ts';
import { partiesOf, participantText, type SessionParty } from '../text/session-parties.ts';
import { storedTypes } from '../text/stored-types.ts';
import { participantsPerBlock } from './store.ts';

/** Participants as they are stored. */
export interface InferredList {
  readonly blocks: readonly Block[];
  readonly ids: readonly string[];
}

interface Roll {
  /** False when pages of the list were not received: then nobody can be said to be missing from it. */
  readonly complete: boolean;
  readonly ids: () => readonly string[];
  readonly blocks: Iterable<Block>;
}

/**
 * @param parties Whom the sessions show.
 * @param head The callRecord, which says whether callees are participants.
 * @returns `undefined` when the list lacks nobody.
 */
export function inferParticipants(
  parties: Iterable<SessionParty>,
  roll: Roll,
  head: Block,
): InferredList | undefined {
  if (!roll.complete) return undefined;
  let listed = new Set(roll.ids().map(canonicalId));
  let missing = [...parties].filter((party) => !isListed(party, listed));
  if (missing.length === 0) return undefined;
  if (!isOneToOne(head)) missing = missing.filter(({ isCallee }) => !isCallee);
  if (missing.length === 0) return undefined;
  // An entry may be listed by another of its ids than the session shows: the rare case reads the entries themselves.
  listed = new Set([...listed, ...identityIds(roll.blocks)]);
  const found = missing.filter((party) => {
    if (isListed(party, listed)) return false;
    for (const id of party.ids) listed.add(canonicalId(id));
    return true;
  });
  return found.length === 0 ? undefined : listOf(found);
}

/** Whom the sessions in stored blocks show. */
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
    // Text that was walked as JSON when it was stored.
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

function listOf(found: readonly SessionParty[]): InferredList {
  const builder = new BlockBuilder();
  const blocks: Block[] = [];
  for (const party of found) {
    builder.add(
      walkEntity(new Scanner(participantText(party), 0, undefined, storedRules), storedTypes.participant),
    );
    if (builder.count === participantsPerBlock) blocks.push(builder.finish().block);
  }
  if (builder.count > 0) blocks.push(builder.finish().block);
  return { blocks, ids: found.map(({ ids }) => ids[0]!) };
}
