/**
 * Tracks lists that arrived with a next link or not at all, and reports those still incomplete in the store after an
 * import.
 */
import { canonicalId } from '../../contract/ids.ts';
import type { MissingPart } from '../../contract/call-completeness.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { ImportProblem } from './problems.ts';
import type { ListName } from './read-call.ts';

type Where = Pick<ImportProblem, 'file' | 'line'>;

/** Maximum calls tracked; `verify` finds all. */
const mostCalls = 20_000;
const askedTogether = 100;

interface UnfinishedPart {
  readonly call: string;
  readonly where: Where;
  readonly list: ListName;
  /** The missing part: a whole list, or pages at its end. */
  readonly unit: 'list' | 'page';
}

const unfinishedParts: Readonly<Record<MissingPart, Pick<UnfinishedPart, 'list' | 'unit'> | undefined>> = {
  record: undefined,
  participantPages: { list: 'participants_v2', unit: 'page' },
  sessionPages: { list: 'sessions', unit: 'page' },
  listMissing: { list: 'participants_v2', unit: 'list' },
  sessions: { list: 'sessions', unit: 'list' },
};

export class UnfinishedLists {
  readonly #calls = new Map<string, Where>();

  note(callId: string, where: Where): void {
    if (this.#calls.size < mostCalls && !this.#calls.has(callId)) this.#calls.set(callId, where);
  }

  /** Yields the lists that are incomplete in the store. */
  async *missing(tenantId: string, store: CallRecordStore): AsyncGenerator<UnfinishedPart> {
    const calls = [...this.#calls];
    for (let at = 0; at < calls.length; at += askedTogether) {
      const together = calls.slice(at, at + askedTogether);
      const editions = await store.evidence.newest(
        tenantId,
        together.map(([callId]) => callId),
      );
      const byId = new Map(editions.map((edition) => [canonicalId(edition.callId), edition]));
      for (const [call, where] of together)
        for (const missing of byId.get(canonicalId(call))?.lacking ?? []) {
          const part = unfinishedParts[missing];
          if (part !== undefined) yield { ...part, call, where };
        }
    }
    this.#calls.clear();
  }
}
