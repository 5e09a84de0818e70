/** The page for people who are not signed in. */
import { useLoaded } from '../loaded.ts';

/** The available ways to sign in, as the server returns them without a session. */
interface WaysIn {
  readonly development?: boolean;
}

async function waysIn(signal: AbortSignal): Promise<WaysIn> {
  const response = await fetch('/rollcall/me', { signal });
  return (await response.json()) as WaysIn; // as the server's OpenAPI document declares
}

export function SignedOut() {
  const ways = useLoaded('me', waysIn);
  const back = encodeURIComponent(location.pathname + location.search);
  return (
    <div class="signed-out">
      <h1>Who was in that call?</h1>
      <p>Sign in with your organization’s account to find calls and read their rolls.</p>
      <a class="button primary" href={`/rollcall/sign-in?return=${back}`}>
        Sign in
      </a>
      {ways.value?.development === true && (
        <form method="post" action={`/rollcall/sign-in/development?return=${back}`}>
          <button type="submit">Sign in as the developer</button>
          <p class="quiet">This is a development server: one click signs you in.</p>
        </form>
      )}
    </div>
  );
}
