/** Shows the number of calls by day and by number of participants. */
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { failureMessages, formatNumber, statisticsMessages as messages } from '../messages/en.ts';
import { Choices } from '../parts/choices.tsx';
import { Scrolling } from '../parts/scrolling.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { go, type Place, withQuery } from '../place.ts';
import { useTitle } from '../title.ts';
import { DaysPlot } from './days-plot.tsx';
import { ReasonsTable } from './reasons-table.tsx';
import { SizesPlot } from './sizes-plot.tsx';
import { everyDay, type Statistics, totalsOf } from './statistics.ts';

const ranges = (['30', '90', '365', 'all'] as const).map((name) => ({ name, title: messages.spans[name] }));
type Range = (typeof ranges)[number]['name'];

const msPerDay = 86_400_000;

export function StatisticsPage({ place }: { readonly place: Place }) {
  useTitle(messages.title);
  const range: Range = ranges.find(({ name }) => name === place.query.get('days'))?.name ?? '30';
  const path = statisticsPath(range, Date.now());
  const found = useLoaded(path, (signal) => getJson<Statistics>(path, { signal }), { keeps: true });
  return (
    <>
      <h1>{messages.title}</h1>
      <Choices
        label={messages.span}
        choices={ranges}
        chosen={range}
        choose={(name) =>
          go(withQuery(place, { days: name === '30' ? undefined : name }), { replaces: true })
        }
      />
      {found.state === 'failed' && <Failed error={found.error} retry={found.reload} />}
      {found.state === 'loading' && found.value === undefined && <Loading what={messages.loading} />}
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
      <Empty title={messages.none}>
        <p>{messages.noneHint}</p>
      </Empty>
    );
  const totals = totalsOf(days);
  const share = (count: number) => messages.percent(((100 * count) / totals.calls).toFixed(1));
  return (
    <>
      <dl class="tiles">
        <div>
          <dt>{messages.calls}</dt>
          <dd>{formatNumber(totals.calls)}</dd>
        </div>
        <div>
          <dt>{messages.participants}</dt>
          <dd>{formatNumber(totals.participants)}</dd>
        </div>
        <div>
          <dt>{messages.failed}</dt>
          <dd>
            {formatNumber(totals.failed)} <span class="quiet">{share(totals.failed)}</span>
          </dd>
        </div>
        <div>
          <dt>{failureMessages.unanswered}</dt>
          <dd>
            {formatNumber(totals.unanswered)} <span class="quiet">{share(totals.unanswered)}</span>
          </dd>
        </div>
        <div>
          <dt>{messages.poorMedia}</dt>
          <dd>
            {formatNumber(totals.poor)} <span class="quiet">{share(totals.poor)}</span>
          </dd>
        </div>
      </dl>
      <section class="sheet">
        <h2>{messages.perDay}</h2>
        <DaysPlot days={days} />
        <details>
          <summary>{messages.asTable}</summary>
          <Scrolling label={messages.perDay}>
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">{messages.day}</th>
                  <th scope="col">{messages.calls}</th>
                  <th scope="col">{messages.participants}</th>
                  <th scope="col">{messages.failed}</th>
                  <th scope="col">{messages.poor}</th>
                </tr>
              </thead>
              <tbody>
                {statistics.days.toReversed().map((day) => (
                  <tr key={day.date}>
                    <th scope="row">
                      <a href={`/calls?from=${day.date}&to=${day.date}&tz=UTC`}>{day.date}</a>
                    </th>
                    <td>{formatNumber(day.calls)}</td>
                    <td>{formatNumber(day.participants)}</td>
                    <td>{formatNumber(day.failed)}</td>
                    <td>{formatNumber(day.poor)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        </details>
      </section>
      <ReasonsTable reasons={statistics.reasons} from={days[0]?.date} />
      <section class="sheet">
        <h2>{messages.perCall}</h2>
        <SizesPlot buckets={statistics.participantsPerCall} />
        <p class="quiet legend">{messages.byPeople(totals.calls)}</p>
      </section>
    </>
  );
}
