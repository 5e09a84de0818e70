/** Formats all stored states of a call, with the changes from each to the next, as JSON. */
import { hash } from 'node:crypto';
import type { Awaitable } from '../../base/awaitable.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { Edition, StoredList } from '../../store/edition.ts';
import type { Block } from '../../wire/text/block.ts';
import { blockText } from '../../wire/text/block-text.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import type { MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { formatTicks } from '../../base/ticks.ts';

/** Returns the JSON text, in which property values stand as received; `undefined` when the call does not exist */
export async function versionsText(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
): Promise<string | undefined> {
  const editions = await store.evidence.editions(tenantId, callId);
  if (editions.length === 0) return undefined;
  const items: string[] = [];
  let before: Edition | undefined;
  for (const edition of editions) {
    const changes = before === undefined ? 'null' : await changesText(store, before, edition);
    items.push(
      members({
        version: String(edition.version),
        edition: String(edition.edition),
        lastModifiedDateTime: timeText(edition.modifiedTicks),
        receivedDateTime: timeText(
          edition.receivedMs === undefined ? undefined : BigInt(edition.receivedMs) * 10_000n,
        ),
        participants: listText(edition.participants),
        sessions: listText(edition.sessions),
        foundParticipants: String(edition.found?.count ?? 0),
        lacking: JSON.stringify(edition.lacking),
        changes,
      }),
    );
    before = edition;
  }
  return `{"value":[${items.join()}]}`;
}

/** Formats an object. @param values Each as JSON text. */
function members(values: Readonly<Record<string, string>>): string {
  return `{${Object.entries(values)
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    .join()}}`;
}

function timeText(ticks: bigint | undefined): string {
  return ticks === undefined ? 'null' : JSON.stringify(formatTicks(ticks));
}

function listText(list: StoredList | undefined): string {
  if (list === undefined) return 'null';
  const { count, complete, pages = null } = list;
  return JSON.stringify({ count, complete, pages });
}

async function changesText(store: CallRecordStore, before: Edition, after: Edition): Promise<string> {
  return members({
    properties: propertyChanges(await store.head(before), await store.head(after)),
    participants: await listChanges(before.participants, after.participants, async (edition, no) =>
      store.participantsBlock(edition === 'before' ? before : after, no),
    ),
    sessions: await listChanges(before.sessions, after.sessions, async (edition, no) =>
      store.sessionsBlock(edition === 'before' ? before : after, no),
    ),
  });
}

/** Returns the properties that differ between two callRecords as JSON, with their values as received. */
export function propertyChanges(before: Block, after: Block): string {
  const [old, fresh] = [propertiesOf(before), propertiesOf(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  const changed = names.filter((name) => old.get(name) !== fresh.get(name));
  return `[${changed
    .map((name) =>
      members({
        name: JSON.stringify(name),
        ...(old.has(name) && { old: old.get(name)! }),
        ...(fresh.has(name) && { new: fresh.get(name)! }),
      }),
    )
    .join()}]`;
}

function propertiesOf(head: Block): ReadonlyMap<string, string> {
  const text = blockText(head);
  const collected: MemberText[] = [];
  new Scanner(text).object(storedTypes.callRecord.members, collected);
  return new Map(
    collected.map(({ name, valueStart, end }) => [name, text.toString('utf8', valueStart, end)]),
  );
}

type ReadBlock = (edition: 'before' | 'after', no: number) => Awaitable<Block | undefined>;

async function listChanges(
  before: StoredList | undefined,
  after: StoredList | undefined,
  read: ReadBlock,
): Promise<string> {
  if (before?.list === after?.list) return JSON.stringify({ added: [], removed: [], changed: [] });
  const old = await textsById('before', before, read);
  const fresh = await textsById('after', after, read);
  const added: string[] = [];
  const changed: string[] = [];
  for (const [id, texts] of fresh) {
    const known = old.get(id);
    if (known === undefined) added.push(id);
    else if (known.join() !== texts.join()) changed.push(id);
  }
  const removed = [...old.keys()].filter((id) => !fresh.has(id));
  return JSON.stringify({ added, removed, changed });
}

/** Returns the digests of a list's entries by id: an id may repeat. */
async function textsById(
  edition: 'before' | 'after',
  list: StoredList | undefined,
  read: ReadBlock,
): Promise<ReadonlyMap<string, string[]>> {
  const byId = new Map<string, string[]>();
  for (let no = 0, left = list?.count ?? 0; left > 0; no++) {
    const block = await read(edition, no);
    if (block === undefined) break;
    const open = new OpenBlock(block);
    // Entries without an id are counted together.
    for (const [i, id = ''] of open.ids.entries()) {
      const digest = hash('sha256', open.entity(i), 'base64url');
      const known = byId.get(id);
      if (known === undefined) byId.set(id, [digest]);
      else known.push(digest);
    }
    left -= block.count;
  }
  return byId;
}
