/** The stage of `dev` with workers: it counts what they answer, and they answer nothing while it plays something. */
import { countMet } from '../http/stage/met-requests.ts';
import type { StageHttp } from '../http/stage/stage-http.ts';
import type { OtherPaths } from '../http/api.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Stage } from '../stage/stage.ts';
import type { WorkerPool } from '../workers/pool.ts';

const root = '/rollcall/dev/';

/**
 * @param isThrottled Requests are counted against limits, as only one process can.
 * @returns The paths of the stage.
 */
export async function shareStage(
  pool: Pick<WorkerPool, 'setAlone' | 'report' | 'onMet'>,
  stage: Stage,
  { paths, counts, scenarios }: StageHttp,
  isThrottled: boolean,
): Promise<OtherPaths> {
  let changing = 0;
  const mayShare = () =>
    !isThrottled &&
    changing === 0 &&
    stage.isPlain &&
    scenarios.list().every(({ state }) => state !== 'playing');

  async function answer(exchange: Exchange, path: string, origin: string): Promise<void> {
    const { method } = exchange.request;
    const isChange = method !== 'GET' && method !== 'HEAD';
    if (isChange) {
      changing++;
      // What is asked for once this is answered is to find the change in force, whichever worker it meets.
      await pool.setAlone(false);
    }
    try {
      await pool.report();
      await paths(exchange, path, origin);
    } finally {
      if (isChange) changing--;
      void pool.setAlone(mayShare());
    }
  }

  pool.onMet = (met) => countMet(counts, met);
  await pool.setAlone(mayShare());
  return (exchange, path, origin) => (path.startsWith(root) ? answer(exchange, path, origin) : undefined);
}
