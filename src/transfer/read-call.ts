/** Every edition of a call with what came with it, as a store has it. */
import type { CallRecordStore, Edition } from '../store/store.ts';
import type { TransferredEdition } from '../store/transfer.ts';
import type { Block } from '../text/block.ts';

/** In the order of their numbers. */
export async function readCall(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
): Promise<readonly TransferredEdition[]> {
  const editions = [...(await store.evidence.editions(tenantId, callId))];
  editions.sort((a, b) => a.edition - b.edition);
  const read: TransferredEdition[] = [];
  for (const edition of editions) read.push(await readEdition(store, edition));
  return read;
}

async function readEdition(store: CallRecordStore, edition: Edition): Promise<TransferredEdition> {
  const { participants, sessions, found } = edition;
  const isOwn = (list: { readonly list: number } | undefined) => list?.list === edition.edition;
  return {
    edition,
    recorded: await store.evidence.recorded(edition),
    head: await store.head(edition),
    participants: isOwn(participants)
      ? await blocks((block) => store.participantsBlock(edition, block))
      : undefined,
    sessions: isOwn(sessions)
      ? {
          blocks: await blocks((block) => store.sessionsBlock(edition, block)),
          segments: await blocks((block) => store.segmentsBlock(edition, block)),
        }
      : undefined,
    found: found && (await blocks((block) => store.foundBlock(edition, block))),
  };
}

async function blocks(blockAt: (block: number) => Block | undefined | Promise<Block | undefined>) {
  const all: Block[] = [];
  for (;;) {
    const block = await blockAt(all.length);
    if (block === undefined) return all;
    all.push(block);
  }
}
