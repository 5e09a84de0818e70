/** Handles keys that work on every page, and keys that move through lists. */

/** Handles `/`, which focuses the search field. */
export function focusSearch(event: KeyboardEvent): void {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  if (field === null) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath(); // also of a field in a shadow tree
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

/** Handles the arrow keys, Home and End in a list whose items have `data-item`. */
export function goThroughItems(event: KeyboardEvent): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement)) return;
  const items = [...list.querySelectorAll<HTMLElement>('[data-item]')];
  const at = items.indexOf(document.activeElement as HTMLElement); // -1 when the target is not an item
  const next = nextIndex(event.key, at, items.length);
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

/** Returns the index that a key moves to; `undefined` for other keys. */
export function nextIndex(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
