/** Exports calls in tests: to a file that may be interrupted, or call by call. */
import { CallBlocks } from '../../src/export/call-blocks.ts';
import { type Checkpoint, fileDestination, readCheckpoint } from '../../src/export/destination.ts';
import { type Exported, type ExportQuestion, exportTo } from '../../src/export/export.ts';
import { wholeCall, wholeParts } from '../../src/export/whole-call.ts';
import type { CallRecordStore } from '../../src/store/store.ts';

export const question = (tenantId: string, more: Partial<ExportQuestion> = {}): ExportQuestion => ({
  tenantId,
  what: 'calls',
  format: 'jsonl',
  csv: { delimiter: ',', decimal: '.' },
  from: undefined,
  before: undefined,
  participantId: undefined,
  callIds: undefined,
  allVersions: false,
  columns: undefined,
  ...more,
});

class Broken extends Error {}

/**
 * Exports to a file. @param breaksAfter The number of writes before the disk fails; the file stays as it is. @returns
 * `undefined` when the export was interrupted
 */
export async function exportTest(
  store: CallRecordStore,
  asked: ExportQuestion,
  path: string,
  breaksAfter = Number.POSITIVE_INFINITY,
): Promise<Exported | undefined> {
  const from: Checkpoint | undefined = await readCheckpoint(path);
  const file = await fileDestination(path, from);
  let writes = 0;
  const destination: typeof file = {
    get bytes() {
      return file.bytes;
    },
    write(bytes) {
      if (bytes.length > 0 && ++writes > breaksAfter) return Promise.reject(new Broken());
      return file.write(bytes);
    },
    checkpoint: (at) => file.checkpoint(at),
    finish: () => file.finish(),
    abandon: () => file.abandon(),
  };
  try {
    return await exportTo({
      ...{ store, question: asked, destination, from, checkpointAfter: { bytes: 2000, rows: 20 } },
      beganDateTime: '2026-11-25T00:00:00Z',
      signal: new AbortController().signal,
      onPage: () => undefined,
    });
  } catch (error) {
    await destination.abandon();
    if (!(error instanceof Broken)) throw error;
    return undefined;
  }
}

/** Returns each call as an export writes it, one per line; missing calls are omitted. */
export async function exportedCalls(
  store: CallRecordStore,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const id of ids) {
    const edition = await store.edition(tenantId, id);
    if (edition === undefined) continue;
    const pieces: Buffer[] = [];
    for await (const piece of wholeCall(await CallBlocks.open(store, edition, wholeParts)))
      pieces.push(piece);
    lines.push(Buffer.concat(pieces).toString().trimEnd());
  }
  return lines;
}
