/**
 * Implements the oracle of the stores: an array and a loop, slow and obviously correct. The engines are tested against
 * it.
 */
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { canonicalId, isSameId } from '../../../src/contract/ids.ts';
import { callsTextOf } from '../../../src/store/calls-text.ts';
import { inferParticipants, storedParties } from '../../../src/store/inferred-participants.ts';
import { lackingOf } from '../../../src/store/incompleteness.ts';
import type { OddPart } from '../../../src/contract/oddities.ts';
import { setAsideOf } from '../../../src/store/quarantine.ts';
import { type KnownEdition, nextEdition } from '../../../src/store/next-edition.ts';
import type { Added, ReceivedCall } from '../../../src/store/received-call.ts';
import type { CallPosition, CallsQuery, CallsText, ListedCall } from '../../../src/store/call-list.ts';
import type { CallRecordStore, Totals } from '../../../src/store/store.ts';
import { type Edition, editionDigest } from '../../../src/store/edition.ts';
import type { LogQuery, LogRow } from '../../../src/store/log-row.ts';
import {
  asOfEdition,
  compare,
  inOrder,
  knownEdition,
  newestOf,
  type StoredEdition,
} from './oracle-editions.ts';
import { oracleEvidence } from './oracle-evidence.ts';
import { oracleRetention } from './oracle-retention.ts';
import { oracleLeases } from './oracle-leases.ts';
import { OracleQuarantine } from './oracle-quarantine.ts';
import { OracleUpstream } from './oracle-upstream.ts';
import type { AsOf } from '../../../src/query/odata/as-of.ts';
import type { Block } from '../../../src/wire/text/block.ts';
import { oracleSearch } from './oracle-search.ts';
import type { SearchStore } from '../../../src/store/search.ts';
import type { InferenceStore } from '../../../src/store/inference.ts';
import type { RenewalStore } from '../../../src/store/renewal.ts';
import type { TransferStore } from '../../../src/store/transfer.ts';
import { OracleSubscriptions } from './oracle-subscriptions.ts';

export function createOracle({ clock = systemClock }: { readonly clock?: Clock } = {}): CallRecordStore {
  return new OracleStore(clock);
}

function isFoundBy(id: string | undefined, key: string): boolean {
  return id !== undefined && isSameId(id, key);
}

class OracleStore implements CallRecordStore {
  readonly evidence = oracleEvidence({
    stored: (tenantId, callId) =>
      this.#editions.filter(
        ({ edition }) => edition.tenantId === tenantId && isSameId(callId ?? edition.callId, edition.callId),
      ),
    tenants: () => [...new Set(this.#editions.map(({ edition }) => edition.tenantId))].sort(),
    newest: (tenantId) => this.#newest(tenantId),
    knows: (tenantId) =>
      this.#logRows.some((row) => row.tenantId === tenantId) || this.upstream.tenants().includes(tenantId),
  });
  readonly subscriptions: OracleSubscriptions;
  readonly quarantine: OracleQuarantine;
  readonly leases = oracleLeases();
  readonly upstream = new OracleUpstream((tenantId, callId) => this.edition(tenantId, callId));
  readonly #logRows: (LogRow & { readonly tenantId: string })[] = [];
  readonly retention = oracleRetention({
    newest: (tenantId) => this.#newest(tenantId),
    dropCall: (tenantId, callId) => {
      const kept = this.#editions.filter(
        ({ edition }) => edition.tenantId !== tenantId || edition.callId !== callId,
      );
      this.#editions.splice(0, Infinity, ...kept);
      this.upstream.forget(tenantId, (call) => call.callId === callId);
      this.quarantine.dropOfCall(tenantId, callId);
    },
    logRows: this.#logRows,
    forgetUpstream: (tenantId, before) => this.upstream.forgetBefore(tenantId, before),
    dropQuarantined: (tenantId, before) =>
      this.quarantine.dropBefore(tenantId, before, (callId) => this.#ofCall(tenantId, callId).length > 0),
  });
  readonly search: SearchStore = oracleSearch((tenantId) =>
    this.#newest(tenantId).map((edition) => {
      const { head, participants, found, sessions } = this.#stored(edition);
      return {
        edition,
        head,
        participants: participants?.value.blocks ?? [],
        found: found?.blocks ?? [],
        sessions: sessions?.value.blocks ?? [],
        segments: sessions?.value.segments ?? [],
      };
    }),
  );
  readonly #editions: StoredEdition[] = [];
  readonly #secrets = new Map<string, string>();
  /** Nothing has to be inferred: no earlier release wrote to the oracle. */
  readonly inference: InferenceStore = { isPending: () => false, catchUp: () => 0 };
  readonly #clock: Clock;
  #lastEdition = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.quarantine = new OracleQuarantine(clock);
    this.subscriptions = new OracleSubscriptions(clock);
  }

  edition(tenantId: string, callId: string, edition?: number): Edition | undefined {
    const ofCall = this.#ofCall(tenantId, callId).map((stored) => stored.edition);
    if (edition !== undefined) return ofCall.find((one) => one.edition === edition);
    return newestOf(ofCall);
  }

  editionAsOf(tenantId: string, callId: string, asOf: AsOf): Edition | undefined {
    return asOfEdition(
      this.#ofCall(tenantId, callId).map((stored) => stored.edition),
      asOf,
    );
  }

  participantsPage(tenantId: string, callId: string, edition: number | undefined, block: number) {
    const found = this.edition(tenantId, callId, edition);
    return found && { edition: found, block: this.participantsBlock(found, block) };
  }

  head(edition: Edition): Block {
    return this.#stored(edition).head;
  }

  participantsBlock(edition: Edition, block: number): Block | undefined {
    return this.#stored(edition).participants?.value.blocks[block];
  }

  inferredBlock(edition: Edition, block: number): Block | undefined {
    return this.#stored(edition).found?.blocks[block];
  }

  sessionsBlock(edition: Edition, block: number): Block | undefined {
    return this.#stored(edition).sessions?.value.blocks[block];
  }

  segmentsBlock(edition: Edition, block: number): Block | undefined {
    return this.#stored(edition).sessions?.value.segments[block];
  }

  participantIndex(edition: Edition, participantId: string): number | undefined {
    const index =
      this.#stored(edition).participants?.value.ids.findIndex((id) => isFoundBy(id, participantId)) ?? -1;
    return index < 0 ? undefined : index;
  }

  inferredIndex(edition: Edition, participantId: string): number | undefined {
    const index = this.#stored(edition).found?.ids.findIndex((id) => isSameId(id, participantId)) ?? -1;
    return index < 0 ? undefined : index;
  }

  sessionIndex(edition: Edition, sessionId: string): number | undefined {
    const index = this.#stored(edition).sessions?.value.ids.findIndex((id) => isFoundBy(id, sessionId)) ?? -1;
    return index < 0 ? undefined : index;
  }

  newestEdition(): number {
    return this.#lastEdition;
  }

  callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): readonly ListedCall[] {
    return this.#listed(tenantId, query, asOf)
      .filter((listed) => after === undefined || inOrder(after, listed) < 0)
      .slice(0, limit);
  }

  callsPageText(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
    root: string,
  ): CallsText {
    return callsTextOf(this.callsPage(tenantId, query, asOf, after, limit + 1), limit, root);
  }

  callsCount(tenantId: string, query: CallsQuery, asOf: number): number {
    return this.#listed(tenantId, query, asOf).length;
  }

  logRows(tenantId: string, query: LogQuery): readonly Uint8Array[] {
    const { kind, from, before, skip, limit, newestFirst = false } = query;
    const sign = newestFirst ? -1 : 1;
    return this.#logRows
      .filter(
        (row) => row.tenantId === tenantId && row.kind === kind && row.ticks >= from && row.ticks < before,
      )
      .sort(
        (a, b) => sign * (compare(a.ticks, b.ticks) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id))),
      )
      .slice(skip, skip + limit)
      .map((row) => row.text);
  }

  addLogRows(tenantId: string, rows: readonly LogRow[]): readonly Added[] {
    return rows.map((row) => {
      const at = this.#logRows.findIndex(
        (one) =>
          one.tenantId === tenantId && one.kind === row.kind && one.ticks === row.ticks && one.id === row.id,
      );
      if (at >= 0 && Buffer.compare(this.#logRows[at]!.text, row.text) === 0) return 'unchanged';
      this.#logRows.splice(at < 0 ? this.#logRows.length : at, at < 0 ? 0 : 1, { ...row, tenantId });
      return 'added';
    });
  }

  hasList(tenantId: string, callId: string, digest: string): boolean {
    return this.#ofCall(tenantId, callId).some(
      (stored) => stored.participants?.digest === digest || stored.sessions?.digest === digest,
    );
  }

  someCalls(tenantId: string, limit: number): readonly { callId: string; participants: number }[] {
    return this.#editions
      .filter((stored) => stored.edition.tenantId === tenantId)
      .reverse()
      .slice(0, limit)
      .map(({ edition }) => ({ callId: edition.callId, participants: edition.participants?.count ?? 0 }));
  }

  add(tenantId: string, calls: readonly ReceivedCall[]): readonly Added[] {
    return calls.map((call) => this.#addOne(tenantId, { ...call, callId: canonicalId(call.callId) }));
  }

  async secret(
    name: string,
    create: () => Promise<string>,
    isGood: (value: string) => boolean = () => true,
  ): Promise<string> {
    const known = this.#secrets.get(name);
    if (known === undefined || !isGood(known)) {
      const value = await create();
      if (this.#secrets.get(name) === known) this.#secrets.set(name, value);
    }
    return this.#secrets.get(name)!;
  }

  servers(): readonly [] {
    return [];
  }

  replicas(): readonly [] {
    return [];
  }

  revision(): undefined {
    return undefined; // it cannot tell
  }

  get transfer(): TransferStore {
    throw new Error('The oracle has no transfer.');
  }

  get renewal(): RenewalStore {
    throw new Error('The oracle has no renewal.');
  }

  totals(): Totals {
    const calls = new Set(this.#editions.map(({ edition }) => `${edition.tenantId}\n${edition.callId}`));
    return { calls: calls.size, editions: this.#editions.length };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #addOne(tenantId: string, call: ReceivedCall): Added {
    const { callId } = call;
    if (call.setAside.length > 0) this.quarantine.add(tenantId, setAsideOf(call));
    const known = this.#ofCall(tenantId, callId);
    const knownEditions = known.map((stored) => knownEdition(stored));
    const next = nextEdition(call, knownEditions);
    if (next === undefined) return 'unchanged';
    const stored = (edition: number) => known.find((one) => one.edition.edition === edition)!;
    const edition = ++this.#lastEdition;
    const head =
      next.head === 'received'
        ? call.head
        : { digest: stored(next.head.edition).headDigest, value: stored(next.head.edition).head };
    const times = next.head === 'received' ? call : stored(next.head.edition).edition;
    const participants =
      next.participants === 'received'
        ? call.participants
        : next.participants && stored(next.participants.edition).participants;
    const sessions =
      next.sessions === 'received' ? call.sessions : next.sessions && stored(next.sessions.edition).sessions;
    const participantsList =
      next.participants === 'received'
        ? edition
        : next.participants && stored(next.participants.edition).edition.participants?.list;
    const sessionsList =
      next.sessions === 'received'
        ? edition
        : next.sessions && stored(next.sessions.edition).edition.sessions?.list;
    const found = inferParticipants(
      participants && { ...participants.value, ids: () => participants.value.ids },
      storedParties(sessions?.value.blocks ?? []),
      head.value,
    );
    const lacking = lackingOf(
      {
        version: next.version,
        startTicks: times.startTicks,
        participantsComplete: participants?.value.complete,
        sessionsComplete: sessions?.value.complete,
      },
      knownEditions,
    );
    const oddOf = (part: 'received' | KnownEdition | undefined, ...parts: readonly OddPart[]) => {
      const from =
        part === 'received' ? call.odd : part === undefined ? [] : stored(part.edition).edition.odd;
      return from.filter((one) => parts.includes(one.part));
    };
    const odd = [
      ...oddOf(next.head, 'record'),
      ...oddOf(next.participants, 'participants'),
      ...oddOf(next.sessions, 'sessions', 'segments'),
    ];
    this.#editions.push({
      edition: {
        tenantId,
        callId,
        edition,
        version: next.version,
        call: next.call ?? edition,
        startTicks: times.startTicks,
        endTicks: times.endTicks,
        digest: editionDigest(
          head.digest,
          participants?.digest ?? found?.digest ?? null,
          sessions?.digest ?? null,
        ),
        participants: participants && {
          list: participantsList!,
          count: participants.value.ids.length,
          complete: participants.value.complete,
          pages: participants.value.pages,
        },
        sessions: sessions && {
          list: sessionsList!,
          count: sessions.value.ids.length,
          complete: sessions.value.complete,
          pages: sessions.value.pages,
        },
        found: found && { list: -edition, count: found.ids.length, complete: true, pages: undefined },
        modifiedTicks: times.modifiedTicks,
        receivedMs: this.#clock.now().getTime(),
        lacking,
        odd,
      },
      headDigest: head.digest,
      head: head.value,
      participants,
      sessions,
      found,
    });
    const ofCall = this.#ofCall(tenantId, callId).map((one) => ({
      ...one.edition,
      participantIds: [...(one.participants?.value.ids ?? []), ...(one.found?.ids ?? [])],
    }));
    this.subscriptions.changed(tenantId, ofCall.at(-1)!, ofCall.slice(0, -1));
    return 'added';
  }

  #listed(tenantId: string, query: CallsQuery, asOf: number): ListedCall[] {
    const known = this.#editions.filter(
      ({ edition }) => edition.tenantId === tenantId && edition.edition <= asOf,
    );
    const { at } = query;
    const shown = [...new Set(known.map(({ edition }) => edition.callId))].flatMap((callId) => {
      const ofCall = known.map(({ edition }) => edition).filter((edition) => edition.callId === callId);
      return (at === undefined ? newestOf(ofCall) : asOfEdition(ofCall, { ticks: at })) ?? [];
    });
    return shown
      .flatMap((edition) => {
        const { startTicks, endTicks, call, callId } = edition;
        if (startTicks === undefined || startTicks < query.from || startTicks >= query.before) return [];
        if (query.endedBy !== undefined && endTicks !== undefined && endTicks > query.endedBy) return [];
        const { head, participants, found } = this.#stored(edition);
        const { participantId } = query;
        const ids = [...(participants?.value.ids ?? []), ...((query.withFound && found?.ids) || [])];
        if (participantId !== undefined && !ids.some((id) => isFoundBy(id, participantId))) return [];
        return [{ startTicks, call, callId, head }];
      })
      .sort(inOrder);
  }

  #newest(tenantId: string): Edition[] {
    const own = this.#editions.map(({ edition }) => edition).filter((one) => one.tenantId === tenantId);
    return [...new Set(own.map(({ callId }) => callId))].map((callId) =>
      newestOf(own.filter((edition) => edition.callId === callId))!,
    );
  }

  #ofCall(tenantId: string, callId: string): StoredEdition[] {
    return this.#editions.filter(
      ({ edition }) => edition.tenantId === tenantId && isSameId(edition.callId, callId),
    );
  }

  #stored({ tenantId, callId, edition }: Edition): StoredEdition {
    return this.#ofCall(tenantId, callId).find((one) => one.edition.edition === edition)!;
  }
}
