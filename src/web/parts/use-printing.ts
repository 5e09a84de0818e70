/** Reports that the page is being printed, so that a view renders all of its rows. */
import { options } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Printing {
  readonly isPrinting: boolean;
  /** When the last change occurred: in print, the time of printing. */
  readonly at: number;
}

type Listener = (printing: Printing) => void;

const listeners = new Set<Listener>();
/** Print styles apply without an event where a tool emulates them. */
const styles = matchMedia('print');
let isBetweenEvents = false;
let current: Printing = { isPrinting: styles.matches, at: Date.now() };

function update(): void {
  current = { isPrinting: isBetweenEvents || styles.matches, at: Date.now() };
  renderNow(() => {
    for (const listener of listeners) listener(current);
  });
}

addEventListener('beforeprint', () => {
  isBetweenEvents = true;
  update();
});
addEventListener('afterprint', () => {
  isBetweenEvents = false;
  update();
});
styles.addEventListener('change', update);

/** Renders the changes of state within a function before it returns: the browser prints right after its event. */
function renderNow(change: () => void): void {
  options.debounceRendering = (render) => render();
  try {
    change();
  } finally {
    delete options.debounceRendering;
  }
}

export function usePrinting(): Printing {
  const [printing, setPrinting] = useState(current);
  useEffect(() => {
    listeners.add(setPrinting);
    setPrinting(current);
    return () => void listeners.delete(setPrinting);
  }, []);
  return printing;
}
