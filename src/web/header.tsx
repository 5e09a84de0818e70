/** Renders the page header: navigation, time zone, theme and account. */
import { Account } from './account.tsx';
import { phoneMessages } from './messages/phone-calls.ts';
import { theme, useChoice, zone } from './preferences.ts';

const places = [
  { href: '/calls', path: /^\/(calls.*)?$/, name: 'Calls' },
  { href: '/phone-calls', path: /^\/phone-calls/, name: phoneMessages.title },
  { href: '/statistics', path: /^\/statistics/, name: 'Statistics' },
  { href: '/status', path: /^\/status/, name: 'Status' },
  { href: '/reference', path: /^\/reference/, name: 'API' },
];

export function Header({ path }: { readonly path: string }) {
  const [chosenTheme, setTheme] = useChoice(theme);
  const [chosenZone, setZone] = useChoice(zone);
  return (
    <header class="head">
      <a class="brand" href="/calls">
        <Mark /> <span class="brand-name">Rollcall</span>
      </a>
      <nav aria-label="Main">
        {places.map((place) => (
          <a key={place.href} href={place.href} aria-current={place.path.test(path) ? 'page' : undefined}>
            {place.name}
          </a>
        ))}
      </nav>
      <div class="choices">
        <label>
          <span class="sr">Times</span>
          <select
            value={chosenZone}
            onChange={({ currentTarget }) => setZone(currentTarget.value as typeof chosenZone)}
          >
            <option value="local">Local time</option>
            <option value="UTC">UTC</option>
          </select>
        </label>
        <label>
          <span class="sr">Theme</span>
          <select
            value={chosenTheme}
            onChange={({ currentTarget }) => setTheme(currentTarget.value as typeof chosenTheme)}
          >
            <option value="system">Auto</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </label>
        <Account />
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
      <rect width="32" height="32" rx="7" class="mark-back" />
      <g class="mark-lines">
        <path d="M8 10h9M8 16h16M8 22h12" />
      </g>
    </svg>
  );
}
