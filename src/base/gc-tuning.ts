/** When V8 looks for garbage in a process that answers requests. */
import { availableParallelism, totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** For each core, of which each may have a worker: what one comes to at full load, twice over. */
const wantedBytes = 2 ** 30;

/**
 * Pages are buffers outside V8's heap. V8 marks its whole heap whenever 64 MB of such have been made, however much memory
 * there is, which took a quarter of the processor at full load (docs/performance.md). With this flag they count as what
 * they are, a part of the heap, whose growth decides: it marks a third as often, and holds some 200 MB more meanwhile.
 * Where memory is short it stays as it is.
 */
export function tuneGc(): void {
  if (isRoomyHere()) setFlagsFromString('--external-memory-accounted-in-global-limit');
}

function isRoomyHere(): boolean {
  // No limit, or one beyond what there is, says nothing.
  const bytes = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return isRoomy(bytes, availableParallelism());
}

export function isRoomy(memoryBytes: number, cores: number): boolean {
  return memoryBytes >= wantedBytes * cores;
}
