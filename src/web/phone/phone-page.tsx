/** Shows phone calls and text messages: the PSTN, direct routing and SMS logs. */
import { useMemo, useState } from 'preact/hooks';
import type { PhoneLogPage, PhoneLog } from '../../contract/phone-log.ts';
import { getJson, nextPath, RequestRefused } from '../api.ts';
import { asError, useLoaded } from '../loaded.ts';
import { phoneMessages as messages, takeAlongMessages } from '../messages/en.ts';
import { CommandView } from '../parts/command-view.tsx';
import { type FileRequest, mostFileRows } from '../parts/download.ts';
import { ExportLinks } from '../parts/export-links.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { go, type Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { useTitle } from '../title.ts';
import { PhoneForm } from './phone-form.tsx';
import { logOf, phoneAddress, phonePath, type PhoneSearch, phoneSearchOf } from './phone-search.ts';
import { PhoneSumsView } from './phone-sums.tsx';
import { PhoneTable } from './phone-table.tsx';
import { copiedPhoneCalls } from './copied-phone-calls.ts';

export function PhonePage({ place }: { readonly place: Place }) {
  useTitle(messages.title);
  const [shownZone] = useChoice(zone);
  const text = place.query.toString();
  const search = useMemo(() => phoneSearchOf(place.query), [text]);
  const asked = phonePath(search, shownZone);
  const path = 'path' in asked ? asked.path : undefined;
  const found = useLoaded(path ?? '', (signal) => readPage(path, signal));
  const refused = found.state === 'failed' && found.error instanceof RequestRefused ? found.error : undefined;
  const problems = 'problems' in asked ? asked.problems : (refused?.problems ?? {});
  const hasProblems = Object.keys(problems).length > 0;
  return (
    <>
      <h1>{messages.title}</h1>
      <PhoneForm
        search={search}
        problems={problems}
        onSearch={(next) => go(phoneAddress(next), { replaces: true })}
      />
      {hasProblems && (
        <p class="notice" role="alert">
          {messages.correct}
        </p>
      )}
      {!hasProblems && found.state === 'failed' && <Failed error={found.error} retry={found.reload} />}
      {!hasProblems && found.state === 'loading' && <Loading what={messages.loading} />}
      {!hasProblems && found.state === 'ready' && found.value !== undefined && path !== undefined && (
        <Result key={path} log={logOf(search)} search={search} path={path} first={found.value} />
      )}
    </>
  );
}

/** Loads pages until one has rows: a page may be short or even empty and still have a next link. */
async function readPage(path: string | undefined, signal?: AbortSignal): Promise<PhoneLogPage | undefined> {
  if (path === undefined) return undefined;
  const first = await getJson<PhoneLogPage>(path, { signal });
  let page = first;
  for (let next = nextPath(page); page.value.length === 0 && next !== undefined; next = nextPath(page))
    page = await getJson<PhoneLogPage>(next, { signal });
  return first.summary === undefined ? page : { ...page, summary: first.summary };
}

interface ResultProps {
  readonly log: PhoneLog;
  readonly search: PhoneSearch;
  readonly path: string;
  readonly first: PhoneLogPage;
}

function Result({ log, search, path, first }: ResultProps) {
  const [more, setMore] = useState<readonly PhoneLogPage[]>([]);
  const [failure, setFailure] = useState<Error>();
  const [isLoading, setLoading] = useState(false);
  const [shownZone] = useChoice(zone);
  const { summary } = first;
  const rows = [first, ...more].flatMap(({ value }) => value);
  const next = nextPath(more.at(-1) ?? first);
  const load = async () => {
    if (next === undefined || isLoading) return;
    setLoading(true);
    setFailure(undefined);
    try {
      const page = await readPage(next);
      if (page !== undefined) setMore((before) => [...before, page]);
    } catch (error) {
      setFailure(asError(error));
    }
    setLoading(false);
  };
  if (rows.length === 0)
    return (
      <Empty title={messages.none}>
        <p>{messages.noneHint}</p>
        <p>
          <a href={phoneAddress({ log })}>{messages.showAll}</a>
        </p>
      </Empty>
    );
  const all = summary?.complete === true ? summary.rows : undefined;
  const isCut = all === undefined || all > mostFileRows;
  return (
    <section aria-label={messages.found}>
      {summary !== undefined && <PhoneSumsView log={log} search={search} summary={summary} />}
      <ExportLinks
        files={filesOf(path, log)}
        table={() => copiedPhoneCalls(log, rows, shownZone)}
        note={
          isCut ? takeAlongMessages.cutRows(mostFileRows) : next && takeAlongMessages.shownRows(mostFileRows)
        }
      />
      <PhoneTable log={log} rows={rows} />
      {failure !== undefined && <Failed error={failure} retry={() => void load()} />}
      <div class="more" role="status">
        <span class="quiet">{messages.shown(rows.length, all)}</span>{' '}
        {next !== undefined && (
          <button type="button" disabled={isLoading} onClick={() => void load()}>
            {isLoading ? messages.loadingMore : messages.more}
          </button>
        )}
      </div>
      <details class="sheet">
        <summary>{takeAlongMessages.withoutPage}</summary>
        <CommandView request={{ url: location.origin + path, isList: true }} />
      </details>
    </section>
  );
}

function filesOf(path: string, log: PhoneLog): readonly FileRequest[] {
  const withParameter = (text: string) => `${path}${path.includes('?') ? '&' : '?'}${text}`;
  const name = `phone-calls-${log}`;
  return [
    { path: withParameter('format=csv'), name, kind: 'csv' },
    { path: withParameter('$top=200'), name, kind: 'jsonList' },
  ];
}
