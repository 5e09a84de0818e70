/** A name with its value in a list of facts. */
import type { ComponentChildren } from 'preact';

interface FactProps {
  readonly name: string;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
}

export function Fact({ name, class: look, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={look}>{children}</dd>
    </div>
  );
}
