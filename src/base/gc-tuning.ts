/** Tunes V8's garbage collection in a process that answers requests. */
import { availableParallelism, totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** Bytes per core, each of which may run a worker: twice what a worker uses at full load. */
const wantedBytes = 2 ** 30;

/**
 * Makes V8 count buffers as part of its heap.
 *
 * Pages of responses are buffers outside the heap. By default V8 marks its whole heap after every 64 MB of such
 * buffers, which took a quarter of the processor at full load (docs/performance.md). With this flag, the growth of heap
 * and buffers together triggers marking: a third as often, for some 200 MB more memory. Where memory is short, the
 * default stays.
 */
export function tuneGc(): void {
  if (isRoomyHere()) setFlagsFromString('--external-memory-accounted-in-global-limit');
}

function isRoomyHere(): boolean {
  // A missing limit, or one above the physical memory, is no limit.
  const bytes = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return isRoomy(bytes, availableParallelism());
}

export function isRoomy(memoryBytes: number, cores: number): boolean {
  return memoryBytes >= wantedBytes * cores;
}
