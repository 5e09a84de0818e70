/** Implements the quarantine in SQLite. */
import type { Clock } from '../../base/clock.ts';
import {
  isPieceWhole,
  listedPiece,
  pieceOf,
  quarantineColumns,
  type QuarantineCounts,
  quarantineCounts,
  type QuarantinedPiece,
  type QuarantinePosition,
  type QuarantineStore,
} from '../quarantine.ts';
import type { SetAside } from '../set-aside.ts';
import type { Connection } from './connection.ts';
import { listedPieces, wholePieces } from './quarantine-statements.ts';
import type { Tenants } from './tenants.ts';

/** Pieces whose text is read together. */
const piecesAtOnce = 20;

export class SqliteQuarantine implements QuarantineStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #clock: Clock;

  constructor(connection: Connection, tenants: Tenants, clock: Clock) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#clock = clock;
  }

  add(tenantId: string, pieces: readonly SetAside[]): number {
    const atMs = this.#clock.now().getTime();
    return this.#connection.transaction(() => this.write(this.#tenants.add(tenantId), atMs, pieces));
  }

  /**
   * Writes pieces; call it within a transaction.
   *
   * @returns As `add`
   */
  write(tenantNo: number, atMs: number, pieces: readonly SetAside[]): number {
    const added = pieces.filter((piece) => {
      const { id, origin, unit, callId = null, reason, text, crc } = quarantineColumns(atMs, piece);
      const row = [tenantNo, id, atMs, origin, unit, callId, reason, text, crc] as const;
      return this.#connection.get('addQuarantined', ...row) !== undefined;
    });
    return added.length;
  }

  list(tenantId: string, after: QuarantinePosition | undefined, limit: number): readonly QuarantinedPiece[] {
    const { atMs, id } = after ?? { atMs: -1, id: '' };
    return this.#connection
      .all('quarantined', this.#tenantNo(tenantId), atMs, id, limit)
      .map((row) => listedPiece(listedPieces.read(row), Number(row[listedPieces.width])));
  }

  ofCalls(tenantId: string, callIds: readonly string[]): readonly QuarantinedPiece[] {
    const tenantNo = this.#tenantNo(tenantId);
    return callIds
      .flatMap((callId) => this.#connection.all('quarantinedOfCall', tenantNo, callId))
      .map((row) => listedPiece(listedPieces.read(row), Number(row[listedPieces.width])));
  }

  get(tenantId: string, idBeginning: string): readonly (QuarantinedPiece & SetAside)[] {
    return this.#connection
      .all('quarantinedPiece', this.#tenantNo(tenantId), idBeginning)
      .map((row) => pieceOf(wholePieces.read(row)));
  }

  drop(tenantId: string, id: string): boolean {
    return this.#connection.transaction(
      () => this.#connection.get('dropQuarantined', this.#tenantNo(tenantId), id) !== undefined,
    );
  }

  count(tenantId: string): QuarantineCounts {
    const rows = this.#connection.all('countQuarantined', this.#tenantNo(tenantId));
    return quarantineCounts(rows.map(([unit, count]) => [String(unit), Number(count)]));
  }

  damaged(tenantId: string): number {
    let damaged = 0;
    for (let after = ''; ;) {
      const rows = this.#connection.all('everyQuarantined', this.#tenantNo(tenantId), after, piecesAtOnce);
      const pieces = rows.map((row) => wholePieces.read(row));
      damaged += pieces.filter((piece) => !isPieceWhole(piece)).length;
      const last = pieces.at(-1);
      if (last === undefined) return damaged;
      after = last.id;
    }
  }

  #tenantNo(tenantId: string): number {
    return this.#tenants.numberOf(tenantId) ?? 0;
  }
}
