/** Lists of calls that came with a next link: at the end of an import, those whose further pages did not come. */
import { canonicalId } from '../model/ids.ts';
import type { CallRecordStore, Edition } from '../store/store.ts';
import type { Problem } from './problems.ts';
import type { ListName } from './read-call.ts';

type Where = Pick<Problem, 'file' | 'line'>;

/** So many calls are looked at; verify finds all. */
const mostCalls = 20_000;
const askedTogether = 100;

export class UnfinishedLists {
  readonly #calls = new Map<string, Where>();

  note(callId: string, where: Where): void {
    if (this.#calls.size < mostCalls && !this.#calls.has(callId)) this.#calls.set(callId, where);
  }

  /** The lists that are not at their end in the store. */
  async *missing(
    tenantId: string,
    store: CallRecordStore,
  ): AsyncGenerator<{ readonly call: string; readonly list: ListName; readonly where: Where }> {
    const calls = [...this.#calls];
    for (let at = 0; at < calls.length; at += askedTogether) {
      const together = calls.slice(at, at + askedTogether);
      const editions = await store.evidence.newest(
        tenantId,
        together.map(([callId]) => callId),
      );
      const byId = new Map(editions.map((edition) => [canonicalId(edition.callId), edition]));
      for (const [call, where] of together)
        for (const list of unfinishedOf(byId.get(canonicalId(call)))) yield { call, list, where };
    }
    this.#calls.clear();
  }
}

function unfinishedOf(edition: Edition | undefined): readonly ListName[] {
  return [
    ...(edition?.participants?.complete === false ? (['participants_v2'] as const) : []),
    ...(edition?.sessions?.complete === false ? (['sessions'] as const) : []),
  ];
}
