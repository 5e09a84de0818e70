/** Lists, shows and deletes received entries that could not be stored in their call. */
import { isUtf8 } from 'node:buffer';
import { printable, printableJson } from '../../base/printable.ts';
import type { QuarantinedPiece, QuarantinePosition } from '../../store/quarantine.ts';
import type { SetAside } from '../../store/set-aside.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { Terminal } from '../../base/terminal.ts';
import type { Command } from '../command.ts';
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import { namedOrAll } from '../named-tenants.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { formatTable } from '../table.ts';

type Piece = QuarantinedPiece & { readonly tenantId: string };
type WholePiece = Piece & SetAside;

export const quarantine: Command = async (read, terminal) => {
  const { settings, operands } = read;
  const [action, id, ...more] = operands;
  const isList = action === 'list' && id === undefined;
  const isOfOne = (action === 'show' || action === 'drop') && id !== undefined && more.length === 0;
  if (!isList && !isOfOne)
    throw new UsageError(['quarantine: name an action: list, show ID or drop ID. list prints the IDs.']);
  await using store = await openExistingStore(settings.store, terminal.clock, 'store');
  const tenants = await namedOrAll(read, store);
  if (id === undefined) return await list(store, tenants, settings.json, terminal.stdout);
  const piece = await pieceNamed(store, tenants, id);
  if (action === 'drop') {
    await store.quarantine.drop(piece.tenantId, piece.id);
    const shown = shownId(piece);
    terminal.stdout.write(
      settings.json ? `${JSON.stringify({ dropped: piece.id })}\n` : `Dropped ${shown}.\n`,
    );
  } else if (settings.json) {
    const { text, ...facts } = piece;
    terminal.stdout.write(`${printableJson({ ...factsOf(facts), ...textOf(text) })}\n`);
  } else terminal.stdout.write(Buffer.from(piece.text));
  return exitCodes.done;
};

const piecesAtOnce = 500;

async function* everyPiece(store: CallRecordStore, tenants: readonly string[]): AsyncGenerator<Piece> {
  for (const tenantId of tenants) {
    for (let after: QuarantinePosition | undefined; ;) {
      const pieces = await store.quarantine.list(tenantId, after, piecesAtOnce);
      for (const piece of pieces) yield { ...piece, tenantId };
      after = pieces.at(-1);
      if (after === undefined) break;
    }
  }
}

async function list(
  store: CallRecordStore,
  tenants: readonly string[],
  json: boolean,
  stdout: Terminal['stdout'],
): Promise<ExitCode> {
  const pieces: Piece[] = [];
  for await (const piece of everyPiece(store, tenants)) pieces.push(piece);
  if (json) stdout.write(`${printableJson({ pieces: pieces.map(factsOf) })}\n`);
  else if (pieces.length === 0) stdout.write('Nothing is set aside.\n');
  else stdout.write(tableOf(pieces, stdout));
  return exitCodes.done;
}

/** Returns the piece with an id. @throws UsageError unless exactly one matches */
async function pieceNamed(
  store: CallRecordStore,
  tenants: readonly string[],
  id: string,
): Promise<WholePiece> {
  const beginning = id.toLowerCase();
  const found: WholePiece[] = [];
  if (/^[0-9a-f]{1,64}$/.test(beginning))
    for (const tenantId of tenants)
      for (const piece of await store.quarantine.get(tenantId, beginning)) found.push({ ...piece, tenantId });
  const [piece, other] = found;
  if (piece === undefined)
    throw new UsageError([
      `${printable(id)}: nothing with this ID is set aside. rollcall quarantine list prints the IDs.`,
    ]);
  if (other === undefined) return piece;
  throw new UsageError([
    piece.id === other.id
      ? `${printable(id)}: several tenants have this entry. Name one with --tenant.`
      : `${printable(id)}: several IDs begin with these digits. Add more digits: rollcall quarantine list --json prints whole IDs.`,
  ]);
}

/** Returns the text; bytes that are not UTF-8 are shown in Base64, without loss. */
function textOf(text: Uint8Array) {
  const bytes = Buffer.from(text);
  return isUtf8(bytes) ? { text: bytes.toString() } : { textBase64: bytes.toString('base64') };
}

/** Digits of an id that suffice to distinguish pieces. */
const shownDigits = 12;

function shownId({ id }: QuarantinedPiece): string {
  return id.slice(0, shownDigits);
}

function factsOf({ id, atMs, origin, unit, callId = '', reason, bytes, tenantId }: Piece) {
  const at = new Date(atMs).toISOString();
  return { id, at, origin, unit, call: callId === '' ? null : callId, reason, bytes, tenant: tenantId };
}

function tableOf(pieces: readonly Piece[], stdout: Terminal['stdout']): string {
  const rows = pieces.map((piece) => {
    const { at, origin, unit, call, reason } = factsOf(piece);
    return [shownId(piece), `${at.slice(0, 19)}Z`, origin, unit, call ?? '–', reason];
  });
  return formatTable(rows, stdout, { titles: ['ID', 'SET ASIDE', 'FROM', 'UNIT', 'CALL', 'REASON'] });
}
