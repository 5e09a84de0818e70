/** Implements the quarantine for both engines. */
import type { Clock } from '../base/clock.ts';
import {
  isPieceWhole,
  listedPiece,
  pieceOf,
  quarantineCounts,
  quarantineRow,
  type QuarantineStore,
} from './quarantine.ts';
import type { SetAside } from './set-aside.ts';
import { all, type Database, one, type Steps, writeRows } from './steps.ts';

/** Pieces whose text is read together. */
const piecesAtOnce = 20;

export function createQuarantine(database: Database, clock: Clock): QuarantineStore {
  return {
    add: (tenantId, pieces) => {
      const atMs = clock.now().getTime();
      return database.addTo(tenantId, (tenantNo) => writePieces(tenantNo, atMs, pieces));
    },

    list: (tenantId, after, limit) =>
      database.readOf(tenantId, function* (tenantNo) {
        const { atMs, id } = after ?? { atMs: -1, id: '' };
        return (yield* all('quarantined', tenantNo, atMs, id, limit)).map(listedPiece);
      }),

    ofCalls: (tenantId, callIds) =>
      database.readOf(tenantId, function* (tenantNo) {
        return (yield* all('quarantinedOfCalls', tenantNo, { keys: callIds })).map(listedPiece);
      }),

    get: (tenantId, idBeginning) =>
      database.readOf(tenantId, function* (tenantNo) {
        return (yield* all('quarantinedPiece', tenantNo, idBeginning)).map(pieceOf);
      }),

    drop: (tenantId, id) =>
      database.writeOf(tenantId, function* (tenantNo) {
        return (yield* one('dropQuarantined', tenantNo, id)) !== undefined;
      }),

    count: (tenantId) =>
      database.readOf(tenantId, function* (tenantNo) {
        const rows = yield* all('countQuarantined', tenantNo);
        return quarantineCounts(rows.map(([unit, count]) => [String(unit), Number(count)]));
      }),

    damaged: (tenantId) =>
      database.readOf(tenantId, function* (tenantNo) {
        let damaged = 0;
        for (let after = ''; ;) {
          const pieces = yield* all('everyQuarantined', tenantNo, after, piecesAtOnce);
          damaged += pieces.filter((piece) => !isPieceWhole(piece)).length;
          const last = pieces.at(-1);
          if (last === undefined) return damaged;
          after = last.id;
        }
      }),
  };
}

/** Writes the pieces that are not stored yet, and returns how many they are. */
export function* writePieces(tenantNo: number, atMs: number, pieces: readonly SetAside[]): Steps<number> {
  return yield* writeRows(
    pieces.map((piece) => ({ add: 'quarantine', row: quarantineRow(tenantNo, atMs, piece) })),
  );
}
