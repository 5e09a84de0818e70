/** Builds the blocks of participants during the walk. */
import { type Part, type ParticipantList, participantsPerBlock } from '../../store/received-call.ts';
import { entityText } from '../../wire/text/entity.ts';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import type { Scanner } from '../../wire/text/scanner.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { BlockList } from './block-list.ts';
import { entryId } from './entry-id.ts';
import { ListBuilder } from './list-builder.ts';

/** Marks a participant that a Rollcall inferred: it was not received, and is inferred here again. */
const inferredMark = '@rollcall.source';

/** The suffix that a Rollcall adds to the name of a list that it did not receive. */
export const notReceivedMark = '@rollcall.incomplete';

export class ParticipantListBuilder extends ListBuilder<ParticipantList> {
  readonly #participants: BlockList;
  /**
   * The number of inferred participants, and of those inferred from sources other than sessions, which only a list that
   * was not received has.
   */
  #inferred = 0;
  #inferredOfNoList = 0;

  constructor() {
    const participants = new BlockList(participantsPerBlock);
    super({ name: 'participants_v2', part: 'participants', one: 'A participant' }, [participants]);
    this.#participants = participants;
  }

  protected override walkObject(scanner: Scanner): void {
    const spacedAround = scanner.spaced;
    scanner.spaced = false;
    const collected: MemberText[] = [];
    const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length };
    scanner.object(storedTypes.participant.members, collected);
    const text = entityText(scanner, storedTypes.participant, { ...walked, spaced: scanner.spaced });
    scanner.edits.length = walked.editsBefore;
    scanner.spaced = spacedAround; // text between the entries is not stored
    const source = stringMember(scanner.bytes, collected, inferredMark);
    if (source !== undefined) {
      this.#inferred++;
      if (source !== 'sessions') this.#inferredOfNoList++;
      scanner.odd.clear();
      return;
    }
    const id = entryId(scanner, collected, this.entries, 'participants');
    this.entries.take(scanner, 'participants');
    this.add(id, [text]);
  }

  override finish(complete: boolean, pages?: number): Part<ParticipantList> | undefined {
    // A list of inferred participants alone was not received.
    const isInferred = this.#inferredOfNoList > 0 || (this.#inferred > 0 && this.count === 0);
    if (!this.isReceived || isInferred) return undefined;
    const digest = this.end(complete);
    const { ids, checks, odd, setAside } = this;
    const { blocks } = this.#participants;
    return { digest, value: { blocks, ids, checks, complete, pages, odd, setAside } };
  }
}
