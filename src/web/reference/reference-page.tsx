/** Shows the API reference: the OpenAPI document of this server, to read and to send requests. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { referenceMessages as messages } from '../messages/en.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { useMedia } from '../parts/use-media.ts';
import { theme, useChoice } from '../preferences.ts';
import { useTitle } from '../title.ts';

const documentPath = '/rollcall/openapi.json';

interface OpenApiDocument {
  readonly info: { readonly version: string; readonly description: string };
}

export function ReferencePage() {
  useTitle(messages.title);
  const reference = useLoaded(documentPath, async (signal) => {
    // Readers of calls do not load the viewer: it is larger than the rest of the page.
    const [document, { referenceElement }] = await Promise.all([
      getJson<OpenApiDocument>(documentPath, { signal }),
      import('./show-reference.ts'),
    ]);
    return { info: document.info, element: referenceElement(document) };
  });
  return (
    <>
      <h1>{messages.title}</h1>
      {reference.state === 'failed' && <Failed error={reference.error} retry={reference.reload} />}
      {reference.state === 'loading' && <Loading what={messages.loading} />}
      {reference.value !== undefined && (
        <>
          <p>{reference.value.info.description}</p>
          <p class="quiet">
            {messages.version(reference.value.info.version, <a href={documentPath}>{documentPath}</a>)}
          </p>
          <Viewer element={reference.value.element} />
        </>
      )}
    </>
  );
}

function Viewer({ element }: { readonly element: HTMLElement }) {
  const place = useRef<HTMLDivElement>(null);
  const [chosen] = useChoice(theme);
  const systemIsDark = useMedia('(prefers-color-scheme: dark)');
  const isDark = chosen === 'system' ? systemIsDark : chosen === 'dark';
  useLayoutEffect(() => {
    place.current?.replaceChildren(element);
  }, [element]);
  useLayoutEffect(() => {
    element.classList.toggle('dark-mode', isDark);
  }, [element, isDark]);
  return <div ref={place} />;
}
