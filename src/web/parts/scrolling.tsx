/** A box that scrolls a wide table, so that the page is as wide as its window. Its keys and its name are accessible. */
import type { ComponentChildren } from 'preact';

export interface ScrollingProps {
  /** The accessible name. */
  readonly label: string;
  readonly class?: 'scrolls' | 'sideways' | 'wide-table';
  readonly children: ComponentChildren;
}

export function Scrolling({ label, class: name = 'scrolls', children }: ScrollingProps) {
  return (
    <div class={name} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
