import { useEffect, useState } from 'preact/hooks';
import { onSession, sessionState, type SessionState } from './session.ts';

export function useSession(): SessionState {
  const [state, setState] = useState(sessionState);
  useEffect(() => {
    setState(sessionState()); // it may have changed before this effect
    return onSession(() => setState(sessionState()));
  }, []);
  return state;
}
