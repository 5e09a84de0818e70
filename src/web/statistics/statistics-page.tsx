/** Shows the number of calls by day and by number of participants. */
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { failureMessages, formatNumber, statisticsMessages as messages } from '../messages/en.ts';
import { Choices } from '../parts/choices.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { go, type Place, withQuery } from '../place.ts';
import { useTitle } from '../title.ts';
import { DaysPlot } from './days-plot.tsx';
import { ReasonsTable } from './reasons-table.tsx';
import { SizesPlot } from './sizes-plot.tsx';
import { everyDay, type Statistics, totalsOf } from './statistics.ts';
import { Fact } from '../parts/fact.tsx';

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
        <Fact name={messages.calls}>{formatNumber(totals.calls)}</Fact>
        <Fact name={messages.participants}>{formatNumber(totals.participants)}</Fact>
        <Fact name={messages.failed}>
          {formatNumber(totals.failed)} <span class="quiet">{share(totals.failed)}</span>
        </Fact>
        <Fact name={failureMessages.unanswered}>
          {formatNumber(totals.unanswered)} <span class="quiet">{share(totals.unanswered)}</span>
        </Fact>
        <Fact name={messages.poorMedia}>
          {formatNumber(totals.poor)} <span class="quiet">{share(totals.poor)}</span>
        </Fact>
      </dl>
      <section class="sheet">
        <h2>{messages.perDay}</h2>
        <DaysPlot days={days} />
        <details>
          <summary>{messages.asTable}</summary>
          <DataTable
            label={messages.perDay}
            rows={statistics.days.toReversed()}
            columns={[
              {
                head: messages.day,
                cell: ({ date }) => <a href={`/calls?from=${date}&to=${date}&tz=UTC`}>{date}</a>,
              },
              { head: messages.calls, cell: ({ calls }) => formatNumber(calls) },
              { head: messages.participants, cell: ({ participants }) => formatNumber(participants) },
              { head: messages.failed, cell: ({ failed }) => formatNumber(failed) },
              { head: messages.poor, cell: ({ poor }) => formatNumber(poor) },
            ]}
          />
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
