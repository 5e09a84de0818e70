/**
 * Starts Chromium for tests of the page: Debian's `chromium`, or the one that `ROLLCALL_TEST_CHROMIUM` names. Without
 * either, these tests are skipped with a message; when the variable is set, as on CI, it must exist.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type BrowserContext, type Page } from 'playwright-core';

const named = process.env['ROLLCALL_TEST_CHROMIUM'];
const path = named ?? '/usr/bin/chromium';
if (named !== undefined && !existsSync(named))
  throw new Error(`ROLLCALL_TEST_CHROMIUM: there is no '${named}'. Name a Chromium, or unset it.`);

export const hasChromium = existsSync(path);
if (!hasChromium)
  process.stderr.write(
    'The tests of the page are not run: there is no Chromium at /usr/bin/chromium. ' +
      '`apt-get install chromium` gives one; ROLLCALL_TEST_CHROMIUM names another.\n',
  );

export type { Browser };

export const widths = { narrow: 360, wide: 1440 } as const;
export type Width = keyof typeof widths;
export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export function launchChromium(): Promise<Browser> {
  // In a container, where tests run as root, Chromium cannot use its sandbox.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

export interface Visit {
  readonly width?: Width;
  readonly theme?: Theme;
  readonly timezone?: string;
  readonly headers?: Record<string, string>;
}

/** Longer than any step takes on a busy machine. */
const patienceMs = 45_000;

export async function newContext(
  browser: Browser,
  url: string,
  { width = 'wide', theme = 'light', timezone = 'UTC', headers = {} }: Visit = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: widths[width], height: width === 'wide' ? 900 : 740 },
    colorScheme: theme,
    timezoneId: timezone,
    locale: 'en-GB',
    extraHTTPHeaders: headers,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(patienceMs);
  return context;
}

/** Records what must not occur on a page: requests to other hosts, violations of its policy, script errors. */
export function watch(page: Page, url: string): readonly string[] {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      seen.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => seen.push(`error ${error.message}`));
  // Chromium reports a violation, and a script that failed to load, as a console error.
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message.text())) seen.push(`console ${message.text()}`);
  });
  return seen;
}

/** Returns true for a response other than 2xx, which is a console error too; how the page handles it is tested. */
function isAnswer(text: string): boolean {
  return text.startsWith('Failed to load resource: the server responded with a status of');
}
