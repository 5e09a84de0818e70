/** The page for people who are not signed in, or whose session has ended. */
import { useLoaded } from '../loaded.ts';
import { accountMessages as messages } from '../messages/en.ts';
import { useTitle } from '../title.ts';

/** The available ways to sign in, as the server returns them without a session. */
interface WaysIn {
  readonly development?: boolean;
}

async function waysIn(signal: AbortSignal): Promise<WaysIn> {
  const response = await fetch('/rollcall/me', { signal });
  return (await response.json()) as WaysIn; // as the server's OpenAPI document declares
}

export function SignedOut({ hasEnded }: { readonly hasEnded: boolean }) {
  useTitle(messages.signIn);
  const ways = useLoaded('me', waysIn);
  const back = encodeURIComponent(location.pathname + location.search);
  return (
    <div class="signed-out">
      <h1>{hasEnded ? messages.ended : messages.question}</h1>
      <p role={hasEnded ? 'alert' : undefined}>{hasEnded ? messages.endedHint : messages.hint}</p>
      <a class="button primary" href={`/rollcall/sign-in?return=${back}`}>
        {messages.signIn}
      </a>
      {ways.value?.development === true && (
        <form method="post" action={`/rollcall/sign-in/development?return=${back}`}>
          <button type="submit">{messages.signInDeveloper}</button>
          <p class="quiet">{messages.developerHint}</p>
        </form>
      )}
    </div>
  );
}
