/** Shows progress on standard error: a redrawn line on a terminal, occasional lines elsewhere, nothing when quiet. */

interface Progress {
  /**
   * Shows the current progress.
   *
   * @param done Units done so far.
   * @param note Additional text.
   * @param total The total number of units, when it changes.
   * @param isSteady True when the speed so far predicts the remaining time; otherwise no percentage or time is shown.
   */
  update(done: number, note: string, total?: number, isSteady?: boolean): void;
  /** Clears the line on a terminal. */
  end(): void;
}

interface ProgressOptions {
  readonly stream: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly quiet: boolean;
  /** The total number of units, if known. */
  readonly total: number | undefined;
  readonly clock: () => Date;
}

const redrawMs = 200;
const lineMs = 5000;
const barWidth = 30;

export function createProgress({ stream, quiet, total, clock }: ProgressOptions): Progress {
  const isTerminal = stream.isTTY === true;
  const begun = clock().getTime();
  let last = begun;
  let drawn = false;
  let printed = '';
  return {
    update(done, note, inAll = total, isSteady = true) {
      const now = clock().getTime();
      if (quiet || now - last < (isTerminal ? redrawMs : lineMs)) return;
      last = now;
      // A log gets only what changed.
      const state = isSteady ? `${done} of ${inAll ?? '?'}` : note;
      if (!isTerminal && state === printed) return;
      printed = state;
      const parts = isSteady ? [share(done, inAll), note, timeLeft(done, inAll, now - begun)] : [note];
      const text = parts.filter((part) => part !== '').join('  ');
      stream.write(isTerminal ? `\r\u001b[2K${text}` : `${text}\n`);
      drawn = isTerminal;
    },
    end() {
      if (drawn) stream.write('\r\u001b[2K');
    },
  };
}

function share(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return '';
  const part = Math.min(1, done / total);
  const filled = Math.round(part * barWidth);
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${String(Math.floor(part * 100)).padStart(3)} %`;
}

function timeLeft(done: number, total: number | undefined, elapsedMs: number): string {
  if (total === undefined || done === 0 || done >= total) return '';
  const seconds = Math.ceil(((elapsedMs / done) * (total - done)) / 1000);
  return seconds < 90 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}
