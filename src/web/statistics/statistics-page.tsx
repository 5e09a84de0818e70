/** Shows the number of calls by day and by number of participants. */
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { failureMessages } from '../messages/failures.ts';
import { Choices } from '../parts/choices.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { go, type Place, withQuery } from '../place.ts';
import { zone } from '../preferences.ts';
import { countOf } from '../times.ts';
import { useTitle } from '../title.ts';
import { DaysPlot } from './days-plot.tsx';
import { ReasonsTable } from './reasons-table.tsx';
import { SizesPlot } from './sizes-plot.tsx';
import { everyDay, type Statistics, totalsOf } from './statistics.ts';

const ranges = [
  { name: '30', title: '30 days' },
  { name: '90', title: '90 days' },
  { name: '365', title: 'A year' },
  { name: 'all', title: 'All' },
] as const;
type Range = (typeof ranges)[number]['name'];

const msPerDay = 86_400_000;

export function StatisticsPage({ place }: { readonly place: Place }) {
  useTitle('Statistics');
  const range: Range = ranges.find(({ name }) => name === place.query.get('days'))?.name ?? '30';
  const path = statisticsPath(range, Date.now());
  const found = useLoaded(path, (signal) => getJson<Statistics>(path, { signal }), { keeps: true });
  return (
    <>
      <h1>Statistics</h1>
      <Choices
        label="Span"
        choices={ranges}
        chosen={range}
        choose={(name) =>
          go(withQuery(place, { days: name === '30' ? undefined : name }), { replaces: true })
        }
      />
      {found.state === 'failed' && <Failed error={found.error} retry={found.reload} />}
      {found.state === 'loading' && found.value === undefined && <Loading what="Counting…" />}
      {found.value !== undefined && <Plots statistics={found.value} />}
    </>
  );
}

/** Returns the request path for whole UTC days, including today. */
function statisticsPath(range: Range, nowMs: number): string {
  if (range === 'all') return '/rollcall/statistics';
  const today = Math.floor(nowMs / msPerDay) * msPerDay;
  const from = new Date(today - (Number(range) - 1) * msPerDay).toISOString();
  return `/rollcall/statistics?from=${from}`;
}

function Plots({ statistics }: { readonly statistics: Statistics }) {
  const days = everyDay(statistics.days);
  if (days.length === 0)
    return (
      <Empty title="No calls in this span">
        <p>Choose a longer span, or see the status page for what is stored.</p>
      </Empty>
    );
  const totals = totalsOf(days);
  const share = (count: number) => `${((100 * count) / totals.calls).toFixed(1)} %`;
  return (
    <>
      <dl class="tiles">
        <div>
          <dt>Calls</dt>
          <dd>{totals.calls.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Participants</dt>
          <dd>{totals.participants.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Failed</dt>
          <dd>
            {totals.failed.toLocaleString('en')} <span class="quiet">{share(totals.failed)}</span>
          </dd>
        </div>
        <div>
          <dt>{failureMessages.unanswered}</dt>
          <dd>
            {totals.unanswered.toLocaleString('en')} <span class="quiet">{share(totals.unanswered)}</span>
          </dd>
        </div>
        <div>
          <dt>Poor media</dt>
          <dd>
            {totals.poor.toLocaleString('en')} <span class="quiet">{share(totals.poor)}</span>
          </dd>
        </div>
      </dl>
      <section class="sheet">
        <h2>Calls per day</h2>
        <DaysPlot days={days} />
        <details>
          <summary>The same as a table</summary>
          <div class="scrolls" tabIndex={0} role="region" aria-label="Calls per day">
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">Day, UTC</th>
                  <th scope="col">Calls</th>
                  <th scope="col">Participants</th>
                  <th scope="col">Failed</th>
                  <th scope="col">Poor</th>
                </tr>
              </thead>
              <tbody>
                {statistics.days.toReversed().map((day) => (
                  <tr key={day.date}>
                    <th scope="row">
                      {/* The linked page must use UTC days as this one does. */}
                      <a href={`/calls?from=${day.date}&to=${day.date}`} onClick={() => zone.set('UTC')}>
                        {day.date}
                      </a>
                    </th>
                    <td>{day.calls.toLocaleString('en')}</td>
                    <td>{day.participants.toLocaleString('en')}</td>
                    <td>{day.failed.toLocaleString('en')}</td>
                    <td>{day.poor.toLocaleString('en')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </section>
      <ReasonsTable reasons={statistics.reasons} from={days[0]?.date} />
      <section class="sheet">
        <h2>Participants per call</h2>
        <SizesPlot buckets={statistics.participantsPerCall} />
        <p class="quiet legend">{countOf(totals.calls, 'call')}, by how many took part.</p>
      </section>
    </>
  );
}
