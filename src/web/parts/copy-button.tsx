import { useEffect, useState } from 'preact/hooks';
import { frameMessages as messages } from '../messages/en.ts';

const shownMs = 2000;

export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      class="small"
      aria-label={messages.copyWhat(what)}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {isCopied ? messages.copied : messages.copy}
    </button>
  );
}
