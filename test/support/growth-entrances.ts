/** Lists every entry point of external text for `findGrowth`: add a new one as a row of a table. */
import { bodyEntrances } from './entrances/bodies.ts';
import { recordEntrances } from './entrances/records.ts';
import { requestEntrances } from './entrances/requests.ts';
import type { Entrance } from './growth.ts';

interface Entrances extends AsyncDisposable {
  readonly all: readonly Entrance[];
}

export async function openEntrances(): Promise<Entrances> {
  const { entrances, stop } = await recordEntrances();
  return {
    all: [...requestEntrances, ...(await bodyEntrances()), ...entrances],
    [Symbol.asyncDispose]: stop,
  };
}
