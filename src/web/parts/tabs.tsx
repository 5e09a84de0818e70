/** Tabs: each has a URL, and the arrow keys move between them. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { nextIndex } from '../keyboard.ts';
import { go } from '../place.ts';

interface Tab {
  readonly name: string;
  readonly title: string;
  readonly href: string;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly selected: string;
  readonly children: ComponentChildren;
}

export function Tabs({ label, tabs, selected, children }: TabsProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === selected);
    const next = nextIndex(event.key, at, tabs.length);
    if (next === undefined) return;
    event.preventDefault();
    const tab = tabs[next]!; // moves within the tabs
    go(tab.href, { replaces: true });
    document.getElementById(`tab-${tab.name}`)?.focus();
  };
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // When the tabs are wider than the screen, the selected one is scrolled into view without moving the page.
    const tab = list.current?.querySelector('[aria-selected=true]');
    if (list.current && tab) list.current.scrollLeft += middleOf(tab) - middleOf(list.current);
  }, [selected]);
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown} ref={list}>
        {tabs.map(({ name, title, href }) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === selected}
            aria-controls="tab-panel"
            tabIndex={name === selected ? 0 : -1}
            onClick={() => go(href, { replaces: true })}
          >
            {title}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${selected}`} class="panel">
        <h2 class="print-only">{tabs.find(({ name }) => name === selected)?.title}</h2>
        {children}
      </div>
    </>
  );
}

function middleOf(element: Element): number {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
