/** Implements the oracle's quarantine. */
import type { Clock } from '../../../src/base/clock.ts';
import {
  quarantineCounts,
  quarantineId,
  type QuarantinedPiece,
  type QuarantinePosition,
  type QuarantineStore,
} from '../../../src/store/quarantine.ts';
import type { SetAside } from '../../../src/store/set-aside.ts';

type Piece = QuarantinedPiece & SetAside & { readonly tenantId: string };

function listedOf({ id, atMs, origin, unit, callId, reason, bytes }: Piece): QuarantinedPiece {
  return { id, atMs, origin, unit, callId, reason, bytes };
}

export class OracleQuarantine implements QuarantineStore {
  readonly #clock: Clock;
  #pieces: readonly Piece[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(tenantId: string, pieces: readonly SetAside[]): number {
    const before = this.#pieces.length;
    for (const piece of pieces) {
      const id = quarantineId(piece);
      if (this.#of(tenantId).some((one) => one.id === id)) continue;
      const atMs = this.#clock.now().getTime();
      this.#pieces = [...this.#pieces, { ...piece, tenantId, id, atMs, bytes: piece.text.length }];
    }
    return this.#pieces.length - before;
  }

  list(tenantId: string, after: QuarantinePosition | undefined, limit: number): readonly QuarantinedPiece[] {
    const isAfter = ({ atMs, id }: Piece) =>
      after === undefined || atMs > after.atMs || (atMs === after.atMs && id > after.id);
    return [...this.#of(tenantId)]
      .filter(isAfter)
      .sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(listedOf);
  }

  ofCalls(tenantId: string, callIds: readonly string[]): readonly QuarantinedPiece[] {
    const all = this.list(tenantId, undefined, Number.POSITIVE_INFINITY);
    return all.filter(({ callId }) => callId !== undefined && callIds.includes(callId));
  }

  get(tenantId: string, idBeginning: string): readonly (QuarantinedPiece & SetAside)[] {
    return this.#of(tenantId)
      .filter(({ id }) => id.startsWith(idBeginning))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, 2)
      .map((piece) => ({ ...listedOf(piece), text: piece.text }));
  }

  drop(tenantId: string, id: string): boolean {
    return this.#remove((one) => one.tenantId === tenantId && one.id === id) > 0;
  }

  count(tenantId: string) {
    const units = Map.groupBy(this.#of(tenantId), ({ unit }) => unit);
    return quarantineCounts([...units].map(([unit, pieces]) => [unit, pieces.length]));
  }

  damaged(): number {
    return 0;
  }

  dropOfCall(tenantId: string, callId: string): void {
    this.#remove((one) => one.tenantId === tenantId && one.callId === callId);
  }

  /** Deletes old pieces. @param isHeld Returns true for a stored call. */
  dropBefore(tenantId: string, before: bigint, isHeld: (callId: string) => boolean): number {
    return this.#remove(
      ({ atMs, callId, ...piece }) =>
        piece.tenantId === tenantId &&
        BigInt(atMs) < before / 10_000n &&
        (callId === undefined || !isHeld(callId)),
    );
  }

  #of(tenantId: string): readonly Piece[] {
    return this.#pieces.filter((one) => one.tenantId === tenantId);
  }

  #remove(isGone: (piece: Piece) => boolean): number {
    const kept = this.#pieces.filter((piece) => !isGone(piece));
    const removed = this.#pieces.length - kept.length;
    this.#pieces = kept;
    return removed;
  }
}
