/** Says what limits the data that a view shows. */
import type { ComponentChildren } from 'preact';

export function Notice({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="notice" role="note">
      {children}
    </p>
  );
}
