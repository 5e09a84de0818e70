/** Shows the signed-in person and the sign-out button. */
import { useLoaded } from './loaded.ts';
import { getJson } from './api.ts';
import { accountMessages } from './messages/en.ts';
import { type Me, recordMe } from './session.ts';

export function Account() {
  const me = useLoaded('me', async (signal) => {
    const person = await getJson<Me>('/rollcall/me', { signal });
    recordMe(person);
    return person;
  });
  if (me.value === undefined) return null;
  return (
    <form method="post" action="/rollcall/sign-out" class="account">
      <span class="account-name">{me.value.name}</span>
      <button type="submit" class="small">
        {accountMessages.signOut}
      </button>
    </form>
  );
}
