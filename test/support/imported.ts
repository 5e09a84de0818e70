/** Imports files with given contents into a store, and returns all results. */
import type { CallRecordStore } from '../../src/store/store.ts';
import { importSources } from '../../src/collect/ingest/import.ts';
import type { ImportProblem } from '../../src/collect/ingest/problems.ts';
import { sentenceOf } from '../../src/collect/ingest/refused.ts';
import type { Reject } from '../../src/collect/ingest/rejections.ts';
import type { Source } from '../../src/collect/ingest/sources.ts';

/** A file with its name and content; an object is written as JSON. */
type GivenFile = readonly [name: string, content: string | Uint8Array | object, timeMs?: number];

export async function importFiles(store: CallRecordStore, tenantId: string, files: readonly GivenFile[]) {
  const sources = files.map(([name, content, timeMs]): Source => {
    const isText = typeof content === 'string' || content instanceof Uint8Array;
    const bytes = Buffer.from((isText ? content : JSON.stringify(content)) as string);
    const open = async function* () {
      yield await Promise.resolve(bytes);
    };
    return { name, size: bytes.length, open, ...(timeMs !== undefined && { timeMs }) };
  });
  const rejects: Reject[] = [];
  const problems: ImportProblem[] = [];
  const counts = await importSources(sources, {
    ...{ tenantId, store, maxLineBytes: 2 ** 20 },
    onReject: (reject) => void rejects.push(reject),
    onProblem: (problem) => void problems.push(problem),
    onRead: () => undefined,
  });
  return { counts, rejects, problems, reasons: rejects.map(sentenceOf) };
}
