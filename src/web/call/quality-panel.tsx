/** Shows what a call's record says about one person's media, and the verdict on them. */
import type { PanelFeedback, PanelStream } from '../../analysis/quality-panel.ts';
import type { WayQuality } from '../../analysis/quality.ts';
import type { RollPerson } from '../../analysis/roll.ts';
import { readMetric, qualityLimits } from '../../contract/call-quality.ts';
import { ratingName } from '../../contract/quality-words.ts';
import { frameMessages, qualityMessages as messages } from '../messages/en.ts';
import { Rows } from '../parts/rows.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { pageOf } from '../people/links.ts';
import { type QualityOf, useQualityPerson } from './quality-answers.ts';
import { VerdictBadge } from './quality-badge.tsx';
import { MetricCells, MetricHeads } from './quality-streams.tsx';
import {
  clientValues,
  deviceValues,
  networkValues,
  streamValues,
  type ShownValue,
} from './quality-values.ts';
import { Notice } from '../parts/notice.tsx';

/** Streams whose values are all shown. */
const mostWhole = 20;

interface PanelProps {
  readonly of: QualityOf;
  readonly person: string;
  /** The person on the roll, once it is loaded. */
  readonly entry: RollPerson | undefined;
}

export function QualityPanel({ of, person, entry }: PanelProps) {
  const { value, state, error, reload } = { error: undefined, ...useQualityPerson(of, person) };
  if (state === 'failed') return <Failed error={error} retry={reload} />; // a failure has its error
  if (value === undefined) return <Loading what={messages.loadingPerson} />;
  const { name, verdict, sentence, sent, received, clients, devices, networks, streamList } = value;
  const href = entry && pageOf(entry);
  return (
    <article class="quality-panel" aria-labelledby="quality-person">
      <h2 id="quality-person">
        <bdi>{href === undefined ? name : <a href={href}>{name}</a>}</bdi> <VerdictBadge verdict={verdict} />
      </h2>
      <p class="quality-verdict">{sentence}</p>
      {!value.isAll && <Notice>{messages.cut}</Notice>}
      <div class="quality-sheets">
        <Way title={messages.sent(name)} way={sent} />
        <Way title={messages.received(name)} way={received} />
        <Feedback feedback={value.feedback} />
        <Sheet title={messages.client} lists={clients.map(clientValues)} />
        <Sheet title={messages.devices} lists={deviceValues(devices)} />
        <Sheet title={messages.networks} lists={networks.map(networkValues)} />
      </div>
      {streamList.length > 0 && <Streams streams={streamList} />}
    </article>
  );
}

function Way({ title, way: { verdict, sentence } }: { readonly title: string; readonly way: WayQuality }) {
  return (
    <section class="quality-sheet">
      <h3>{title}</h3>
      <p>
        <VerdictBadge verdict={verdict} /> {sentence ?? messages.noneSent}
      </p>
    </section>
  );
}

function Feedback({ feedback }: { readonly feedback: readonly PanelFeedback[] }) {
  return (
    <section class="quality-sheet">
      <h3>{messages.feedback}</h3>
      {feedback.length === 0 && <p class="quiet">{messages.noFeedback}</p>}
      {feedback.map(({ rating, text, problems }, i) => (
        <p key={i}>
          <b>{rating === null ? messages.notRated : ratingName(rating)}</b>{' '}
          {text === null ? <span class="quiet">{messages.noComment}</span> : <q dir="auto">{text}</q>}{' '}
          {problems.length > 0 && messages.problems(problems)}
        </p>
      ))}
    </section>
  );
}

interface SheetProps {
  readonly title: string;
  readonly lists: readonly (readonly ShownValue[])[];
}

function Sheet({ title, lists }: SheetProps) {
  return (
    <section class="quality-sheet">
      <h3>{title}</h3>
      {lists.length === 0 && <p class="quiet">{messages.notReported}</p>}
      {lists.map((values, i) => (
        <Values key={i} values={values} />
      ))}
    </section>
  );
}

function Values({ values }: { readonly values: readonly ShownValue[] }) {
  return (
    <dl class="values">
      {values.map(({ name, text }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text === null ? <span class="quiet">{messages.notReported}</span> : <bdi>{text}</bdi>}</dd>
        </div>
      ))}
    </dl>
  );
}

function Streams({ streams }: { readonly streams: readonly PanelStream[] }) {
  const isNarrow = useMedia(narrow);
  const whole = streams.slice(0, mostWhole);
  return (
    <>
      <h3>{messages.streams}</h3>
      <Rows
        label={messages.streams}
        class="streams of-person"
        count={streams.length}
        rowHeight={isNarrow ? 84 : 34}
        head={
          <>
            <span role="columnheader">{messages.verdict}</span>
            <span role="columnheader">{messages.media}</span>
            <span role="columnheader">{messages.direction}</span>
            <span role="columnheader">{messages.with}</span>
            <MetricHeads />
            <span role="columnheader" class="number">
              {messages.packets}
            </span>
          </>
        }
        row={(index) => <StreamRow stream={streams[index]!} />}
      />
      <details class="quality-values">
        <summary>{messages.allValues(whole.length)}</summary>
        {whole.map(({ values }, i) => (
          <Values key={i} values={streamValues(values)} />
        ))}
      </details>
    </>
  );
}

function StreamRow({ stream }: { readonly stream: PanelStream }) {
  const { verdict, label, direction, with: other, beyond, values } = stream;
  const metrics = [...qualityLimits.values()].flatMap(({ property, form }) => {
    const value = readMetric(form, values[property]);
    return value === undefined ? [] : [[property, value] as const];
  });
  const packets = readMetric('number', values['packetUtilization']);
  return (
    <>
      <span role="cell" class="verdict">
        <VerdictBadge verdict={verdict} />
      </span>
      <span role="cell" class="label">
        {label ?? <span class="quiet">{messages.notReported}</span>}
      </span>
      <span role="cell" class="from">
        {messages.directions[direction]}
      </span>
      <span role="cell" class="to">
        <bdi>{other}</bdi>
      </span>
      <MetricCells metrics={Object.fromEntries(metrics)} beyond={beyond} />
      <span role="cell" class="number packets">
        {packets === undefined ? (
          <span class="quiet">{frameMessages.none}</span>
        ) : (
          messages.packetCount(packets)
        )}
      </span>
    </>
  );
}
