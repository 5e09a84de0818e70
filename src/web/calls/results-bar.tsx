/** Stands above the list of calls: how many match, and in which order they are. */
import { getJson } from '../api.ts';
import { currentPlace } from '../history-places.ts';
import { formatNumber, searchMessages as messages } from '../messages/en.ts';
import { useLoaded } from '../loaded.ts';
import { useChoice, zone } from '../preferences.ts';
import { zoneName } from '../zones.ts';
import { callOrders, type CallOrder } from './call-sorts.ts';

interface Total {
  readonly count: number;
  readonly isExact: boolean;
}

export interface Sorted {
  readonly of: number;
  readonly isAll: boolean;
}

interface BarProps {
  /** The request of the list. */
  readonly path: string;
  /** The number of calls when all are loaded. */
  readonly loaded: number | undefined;
  readonly sorted: Sorted | undefined;
  readonly order: CallOrder;
  readonly onOrder: (order: CallOrder) => void;
}

export function ResultsBar({ path, loaded, sorted, order, onOrder }: BarProps) {
  const [shownZone] = useChoice(zone);
  return (
    <div class="bar results">
      <label class="field">
        <span>{messages.order}</span>
        <select value={order} onChange={({ currentTarget }) => onOrder(currentTarget.value as CallOrder)}>
          {callOrders.map((one) => (
            <option key={one} value={one}>
              {messages.orders[one]}
            </option>
          ))}
        </select>
      </label>
      <p class="count" role="status">
        {loaded === undefined ? <Counted path={path} /> : messages.total(loaded)}
        {sorted?.isAll === false && ` ${messages.sortedOf(formatNumber(sorted.of))}`}{' '}
        <span class="quiet">{messages.timesIn(zoneName(shownZone))}</span>
      </p>
    </div>
  );
}

/** Counts in a request of its own, so that the first calls are shown before all are counted. */
function Counted({ path }: { readonly path: string }) {
  const url = new URL(path, 'http://page');
  url.searchParams.set('$count', 'true');
  url.searchParams.set('$top', '1');
  url.searchParams.delete('sort');
  const counted = `${url.pathname}${url.search}`;
  const found = useLoaded(counted, async (signal) => {
    const place = currentPlace();
    if (place.total?.path === counted) return place.total.counted as Total; // as stored below
    const { total } = await getJson<{ readonly total?: Total }>(counted, { signal });
    place.total = { path: counted, counted: total };
    return total;
  });
  if (found.state === 'loading') return messages.counting;
  if (found.value === undefined) return messages.notCounted;
  return found.value.isExact ? messages.total(found.value.count) : messages.totalAbove(found.value.count);
}
