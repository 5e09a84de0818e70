/** Implements the quarantine in PostgreSQL. */
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
import type { Connection, Transaction } from './connection.ts';
import { keyOf, longIdOf } from './keys.ts';
import { listedPieces, wholePieces } from './quarantine-statements.ts';
import type { Tenants } from './tenants.ts';

/** Pieces whose text is read together. */
const piecesAtOnce = 20;

export class PostgresQuarantine implements QuarantineStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #clock: Clock;

  constructor(connection: Connection, tenants: Tenants, clock: Clock) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#clock = clock;
  }

  async add(tenantId: string, pieces: readonly SetAside[]): Promise<number> {
    const tenantNo = await this.#tenants.add(tenantId);
    const atMs = this.#clock.now().getTime();
    return this.#connection.transaction((transaction) => writePieces(transaction, tenantNo, atMs, pieces));
  }

  async list(
    tenantId: string,
    after: QuarantinePosition | undefined,
    limit: number,
  ): Promise<readonly QuarantinedPiece[]> {
    const { atMs, id } = after ?? { atMs: -1, id: '' };
    const rows = await this.#connection.all('quarantined', await this.#tenantNo(tenantId), atMs, id, limit);
    return rows.map((row) => listedPiece(listedPieces.read(row), Number(row[listedPieces.width])));
  }

  async ofCalls(tenantId: string, callIds: readonly string[]): Promise<readonly QuarantinedPiece[]> {
    const keys = callIds.map(keyOf);
    const rows = await this.#connection.all('quarantinedOfCalls', await this.#tenantNo(tenantId), keys);
    return rows.map((row) => listedPiece(listedPieces.read(row), Number(row[listedPieces.width])));
  }

  async get(tenantId: string, idBeginning: string): Promise<readonly (QuarantinedPiece & SetAside)[]> {
    const rows = await this.#connection.all('quarantinedPiece', await this.#tenantNo(tenantId), idBeginning);
    return rows.map((row) => pieceOf(wholePieces.read(row)));
  }

  async drop(tenantId: string, id: string): Promise<boolean> {
    return (await this.#connection.get('dropQuarantined', await this.#tenantNo(tenantId), id)) !== undefined;
  }

  async count(tenantId: string): Promise<QuarantineCounts> {
    const rows = await this.#connection.all('countQuarantined', await this.#tenantNo(tenantId));
    return quarantineCounts(rows.map(([unit, count]) => [String(unit), Number(count)]));
  }

  async damaged(tenantId: string): Promise<number> {
    const tenantNo = await this.#tenantNo(tenantId);
    let damaged = 0;
    for (let after = ''; ;) {
      const rows = await this.#connection.all('everyQuarantined', tenantNo, after, piecesAtOnce);
      const pieces = rows.map((row) => wholePieces.read(row));
      damaged += pieces.filter((piece) => !isPieceWhole(piece)).length;
      const last = pieces.at(-1);
      if (last === undefined) return damaged;
      after = last.id;
    }
  }

  async #tenantNo(tenantId: string): Promise<number> {
    return (await this.#tenants.numberOf(tenantId)) ?? 0;
  }
}

/**
 * Writes pieces.
 *
 * @returns As `add` of the store
 */
export async function writePieces(
  transaction: Transaction,
  tenantNo: number,
  atMs: number,
  pieces: readonly SetAside[],
): Promise<number> {
  let added = 0;
  for (const piece of pieces) {
    const { id, origin, unit, callId, reason, text, crc } = quarantineColumns(atMs, piece);
    const call = callId === undefined ? [null, null] : [keyOf(callId), longIdOf(callId)];
    // Texts that may hold NUL are stored as bytes.
    const words = [Buffer.from(reason), text, crc];
    const row = await transaction.get(
      'addQuarantined',
      ...[tenantNo, id, atMs, Buffer.from(origin), unit, ...call, ...words],
    );
    if (row !== undefined) added++;
  }
  return added;
}
