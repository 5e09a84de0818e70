/**
 * Copies a store to another and compares both afterwards. A killed copy resumes where it stopped; a repeated one adds
 * what is new (docs/decisions/0013-store-copy.md).
 */
import { finishInference } from '../../store/inference.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { comparedCounts, type Comparison, compareStores } from './compare-stores.ts';
import { copyCalls } from './copy-calls.ts';
import { beginCopy, endCopy, storeDigest } from './copy-note.ts';
import { copyRows } from './copy-rows.ts';

export interface CopyOptions {
  readonly from: CallRecordStore;
  readonly to: CallRecordStore;
  readonly signal: AbortSignal;
  /** Called with the current step, the number of calls done and their total; each call is copied and compared. */
  readonly onProgress: (doing: 'copying' | 'comparing', calls: number, total: number) => void;
}

export interface CopyReport extends Comparison {
  /** Editions that the target did not have. */
  readonly copied: number;
  /** True when the source was written to meanwhile: it may contain more than was copied. */
  readonly grown: boolean;
}

/** Copies the store. @throws CopyRefused */
export async function copyStore({ from, to, signal, onProgress }: CopyOptions): Promise<CopyReport> {
  // Otherwise the target would infer them, and a later copy would detect that it was written to.
  await finishInference(from);
  let note = await beginCopy(from, to);
  const tenants = Object.keys(note.copying.upTo).sort();
  let calls = 0;
  for (const tenantId of tenants) calls += (await from.evidence.tally(tenantId)).calls;
  let done = 0;
  const onCalls = (doing: 'copying' | 'comparing') => (some: number) =>
    onProgress(doing, (done += some), Math.max(2 * calls, done));
  let copied = 0;
  for (const tenantId of tenants) {
    const work = { from, to, tenantId, note, signal, onCalls: onCalls('copying') };
    const result = await copyCalls(work);
    ({ note } = result);
    copied += result.copied;
  }
  const rows = await copyRows(from, to, note, signal);
  done = calls;
  const compared = { from, to, note, rows, signal, onCalls: onCalls('comparing') };
  const comparison = await compareStores(compared);
  const grown = (await storeDigest(from)) !== note.copying.state;
  const counted = grown ? [] : await comparedCounts(from, to);
  await endCopy(note, to);
  return {
    ...comparison,
    differences: comparison.differences + counted.length,
    listed: [...comparison.listed, ...counted],
    copied,
    grown,
  };
}
