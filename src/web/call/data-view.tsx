/** Shows a call's raw API response, and how to request it without this page. */
import { getText } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Choices } from '../parts/choices.tsx';
import { useState } from 'preact/hooks';
import { curlOf, pretty, type RequestName, requests } from './requests.ts';

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
  const curl = curlOf(location.origin + path, prefer);
  return (
    <>
      <Choices label="Request" choices={requests} chosen={request.name} choose={setName} />
      <div class="code-head">
        <h2>Ask for it yourself</h2>
        <CopyButton text={curl} what="the command" />
      </div>
      <pre class="code" tabIndex={0} aria-label="Command">
        {curl}
      </pre>
      <p class="quiet">
        <code>$TOKEN</code> is an access token of an application with <code>CallRecords.Read.All</code>.
      </p>
      {answer.state === 'failed' && <Failed error={answer.error} retry={answer.reload} />}
      {answer.value === undefined && answer.state === 'loading' && <Loading what="Asking…" />}
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
        <h2>The answer</h2>
        <CopyButton text={text} what="the answer" />
      </div>
      <pre class="code tall" tabIndex={0} aria-label="Answer">
        {isCut ? shown.slice(0, mostShown) : shown}
      </pre>
      {isCut && (
        <p class="quiet">
          The first {mostShown.toLocaleString('en')} characters of {shown.length.toLocaleString('en')}: copy
          takes it whole.
        </p>
      )}
    </>
  );
}
