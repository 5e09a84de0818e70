/** Writes fetched calls to the store, many at a time, and then that they are not wanted any more. */
import type { ReceivedCall } from '../../store/received-call.ts';
import type { FetchOutcome } from '../../store/upstream.ts';
import type { TenantWork } from './tenant-work.ts';

interface Fetched {
  /** Absent when nothing was received. */
  readonly call: ReceivedCall | undefined;
  /** Absent when it is not decided yet what becomes of the call in the queue. */
  readonly settlement: FetchOutcome | undefined;
}

/** A transaction takes so many calls or so much text at most. */
const batchCalls = 64;
const batchBytes = 8 * 2 ** 20;

export class WriteBuffer {
  readonly #work: TenantWork;
  #held: Fetched[] = [];
  #heldBytes = 0;
  #writing: Promise<void> | undefined;

  constructor(work: TenantWork) {
    this.#work = work;
  }

  get held(): number {
    return this.#held.length;
  }

  /** True when there is enough for a transaction. */
  get isFull(): boolean {
    return this.#held.length >= batchCalls || this.#heldBytes >= batchBytes;
  }

  enqueue(fetched: Fetched): void {
    this.#held.push(fetched);
    this.#heldBytes += fetched.call === undefined ? 0 : bytesOf(fetched.call);
  }

  /** Writes what is held. A process that ends on the way leaves calls that are wanted still, and are found stored. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#held.length === 0) return;
    const batch = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    this.#writing = this.#write(batch).finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(batch: readonly Fetched[]): Promise<void> {
    const { tenantId, store, askStore, clock, report, quarantine } = this.#work;
    const calls: ReceivedCall[] = [];
    for (const { call } of batch) if (call !== undefined) calls.push(await this.#improvement(call));
    const added = calls.length === 0 ? [] : await askStore(() => store.add(tenantId, calls));
    const settlements = batch.flatMap(({ settlement }) => settlement ?? []);
    await askStore(() => store.upstream.acknowledge(tenantId, settlements, clock.now().getTime()));
    for (const { outcome, callId } of settlements)
      if (outcome === 'stored') await quarantine.callStored(callId);
    report.stored(added.filter((one) => one === 'added').length, settlements);
  }

  /** The call without a list that broke off earlier than the store has it already. */
  async #improvement(call: ReceivedCall): Promise<ReceivedCall> {
    const { participants, sessions } = call;
    if (participants?.value.complete !== false && sessions?.value.complete !== false) return call;
    const { tenantId, store, askStore } = this.#work;
    const known = await askStore(() => store.edition(tenantId, call.callId));
    if (known === undefined || known.version !== call.version) return call;
    const isWorse = (
      list: { readonly complete: boolean; readonly ids: readonly unknown[] } | undefined,
      there: { readonly complete: boolean; readonly count: number } | undefined,
    ) =>
      list?.complete === false && there !== undefined && (there.complete || there.count >= list.ids.length);
    return {
      ...call,
      ...(isWorse(participants?.value, known.participants) && { participants: undefined }),
      ...(isWorse(sessions?.value, known.sessions) && { sessions: undefined }),
    };
  }
}

function bytesOf({ head, participants, sessions }: ReceivedCall): number {
  const blocks = [
    head.value,
    ...(participants?.value.blocks ?? []),
    ...(sessions?.value.blocks ?? []),
    ...(sessions?.value.segments ?? []),
  ];
  return blocks.reduce((sum, { body }) => sum + body.length, 0);
}
