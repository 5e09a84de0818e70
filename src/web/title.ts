import { useEffect } from 'preact/hooks';
import { frameMessages } from './messages/en.ts';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = frameMessages.documentTitle(title);
  }, [title]);
}
