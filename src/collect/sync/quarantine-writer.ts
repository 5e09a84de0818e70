/**
 * Quarantines received data that cannot be stored, and deletes it once its place has been received completely: an
 * invalid body is of no use when its call is stored.
 */
import { canonicalId } from '../../contract/ids.ts';
import { type QuarantinedPiece, quarantineId } from '../../store/quarantine.ts';
import type { SetAside } from '../../store/set-aside.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { AskStore } from './with-retry.ts';

interface QuarantineWriterOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly askStore: AskStore;
}

/** Maximum bytes kept of a piece: enough to identify it. */
const mostBytes = 2 ** 20;
/** Maximum pieces per tenant, from any source: a broken upstream must not fill the disk. */
const mostPieces = 10_000;
const mostBytesInAll = 2 ** 30;
const pageSize = 500;

type SyncPiece = Omit<SetAside, 'origin' | 'callId'> & { readonly callId?: string | undefined };

export class QuarantineWriter {
  readonly #options: QuarantineWriterOptions;
  /** Ids of the bodies and pages of a call that are quarantined until it is received completely. */
  readonly #ofCalls = new Map<string, Set<string>>();
  /** Bytes of the pieces by their ids, up to a maximum number. */
  readonly #sizes = new Map<string, number>();
  #pieces = 0;
  #bytes = 0;

  private constructor(options: QuarantineWriterOptions) {
    this.#options = options;
  }

  static async open(options: QuarantineWriterOptions): Promise<QuarantineWriter> {
    const { tenantId, store, askStore } = options;
    const writer = new QuarantineWriter(options);
    for (let after: Parameters<typeof store.quarantine.list>[1]; ;) {
      const at = after;
      const page = await askStore(() => store.quarantine.list(tenantId, at, pageSize));
      for (const piece of page) writer.#remember(piece);
      if (page.length < pageSize) return writer;
      after = page.at(-1);
    }
  }

  /** Quarantines a piece. @returns Its id; `undefined` when it is empty or the quarantine is full. */
  async add({ unit, callId: received, reason, text }: SyncPiece): Promise<string | undefined> {
    if (text.length === 0 || this.#pieces >= mostPieces || this.#bytes >= mostBytesInAll) return undefined;
    const { tenantId, store, askStore } = this.#options;
    const callId = received === undefined ? undefined : canonicalId(received);
    const isCut = text.length > mostBytes;
    const piece: SetAside = {
      ...{ unit, callId, origin: 'sync' },
      reason: isCut ? `${reason} (The first ${mostBytes} of ${text.length} bytes.)` : reason,
      text: isCut ? text.subarray(0, mostBytes) : text,
    };
    const id = quarantineId(piece);
    const added = await askStore(() => store.quarantine.add(tenantId, [piece]));
    if (added > 0) this.#remember({ id, unit, callId, bytes: piece.text.length });
    return id;
  }

  async drop(id: string): Promise<void> {
    const { tenantId, store, askStore } = this.#options;
    if (!(await askStore(() => store.quarantine.drop(tenantId, id)))) return;
    this.#pieces--;
    this.#bytes -= this.#sizes.get(id) ?? 0;
    this.#sizes.delete(id);
  }

  async callStored(callId: string): Promise<void> {
    const key = canonicalId(callId);
    const ids = this.#ofCalls.get(key);
    if (ids === undefined) return;
    this.#ofCalls.delete(key);
    for (const id of ids) await this.drop(id);
  }

  #remember({ id, unit, callId, bytes }: Pick<QuarantinedPiece, 'id' | 'unit' | 'callId' | 'bytes'>): void {
    this.#bytes += bytes;
    this.#pieces++;
    if (this.#sizes.size < mostPieces) this.#sizes.set(id, bytes);
    if (callId === undefined || (unit !== 'body' && unit !== 'page')) return;
    const ids = this.#ofCalls.get(callId) ?? new Set();
    this.#ofCalls.set(callId, ids.add(id));
  }
}
