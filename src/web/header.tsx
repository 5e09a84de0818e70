/** Renders the page header: navigation, time zone, theme and account. */
import { Account } from './account.tsx';
import { frameMessages as messages } from './messages/en.ts';
import { ZoneChoice } from './parts/zone-select.tsx';
import { theme, useChoice } from './preferences.ts';

const places = [
  { href: '/calls', path: /^\/(calls.*)?$/, name: messages.places.calls },
  { href: '/phone-calls', path: /^\/phone-calls/, name: messages.places.phoneCalls },
  { href: '/statistics', path: /^\/statistics/, name: messages.places.statistics },
  { href: '/status', path: /^\/status/, name: messages.places.status },
  { href: '/reference', path: /^\/reference/, name: messages.places.reference },
];

interface HeaderProps {
  readonly path: string;
  /** False when it is known that no person is. */
  readonly isSignedIn: boolean;
}

export function Header({ path, isSignedIn }: HeaderProps) {
  const [chosenTheme, setTheme] = useChoice(theme);
  return (
    <header class="head">
      <a class="brand" href="/calls">
        <Mark /> <span class="brand-name">{messages.product}</span>
      </a>
      <nav aria-label={messages.navigation}>
        {places.map((place) => (
          <a key={place.href} href={place.href} aria-current={place.path.test(path) ? 'page' : undefined}>
            {place.name}
          </a>
        ))}
      </nav>
      <div class="choices">
        <ZoneChoice />
        <label>
          <span class="sr">{messages.theme}</span>
          <select
            value={chosenTheme}
            onChange={({ currentTarget }) => setTheme(currentTarget.value as typeof chosenTheme)}
          >
            <option value="system">{messages.themes.system}</option>
            <option value="light">{messages.themes.light}</option>
            <option value="dark">{messages.themes.dark}</option>
          </select>
        </label>
        {isSignedIn && <Account />}
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
