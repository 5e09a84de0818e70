/** Shows a call's raw API response, and how to request it without this page. */
import { getText } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { dataMessages as messages, frameMessages } from '../messages/en.ts';
import { CommandView } from '../parts/command-view.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Choices } from '../parts/choices.tsx';
import { useState } from 'preact/hooks';
import { pretty, type RequestName, requests } from './requests.ts';

/** The maximum number of characters shown: more is slow to lay out. */
const mostShown = 100_000;

interface DataViewProps {
  readonly callId: string;
  readonly version: string | undefined;
}

export function DataView({ callId, version }: DataViewProps) {
  const [name, setName] = useState<RequestName>('participants');
  const request = requests.find((one) => one.name === name) ?? requests[0];
  const path = request.path(callId);
  const prefer = version === undefined ? undefined : `rollcall.as-of=${version}`;
  const answer = useLoaded(`${path} ${prefer ?? ''}`, (signal) => getText(path, { signal, prefer }));
  return (
    <>
      <Choices label={messages.request} choices={requests} chosen={request.name} choose={setName} />
      <h2>{messages.askYourself}</h2>
      <CommandView request={{ url: location.origin + path, prefer, isList: request.isList }} />
      {answer.state === 'failed' && <Failed error={answer.error} retry={answer.reload} />}
      {answer.value === undefined && answer.state === 'loading' && <Loading what={messages.loading} />}
      {answer.value !== undefined && <Answer text={answer.value} />}
    </>
  );
}

function Answer({ text }: { readonly text: string }) {
  const shown = pretty(text);
  const isCut = shown.length > mostShown;
  return (
    <>
      <div class="code-head">
        <h2>{messages.theAnswer}</h2>
        <CopyButton text={text} what={frameMessages.copiedAnswer} />
      </div>
      <pre class="code tall" tabIndex={0} aria-label={messages.answer}>
        {isCut ? shown.slice(0, mostShown) : shown}
      </pre>
      {isCut && <p class="quiet">{messages.cut(mostShown, shown.length)}</p>}
    </>
  );
}
