/**
 * A real Chromium that looks at the page: Debian's `chromium`, or the one that `ROLLCALL_TEST_CHROMIUM` names. Without
 * either, the tests of the page do not run and say so; where the variable is set, as on CI, it must be there.
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
  // In a container, where tests run as root, Chromium has no sandbox to go into.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

export interface Visit {
  readonly width?: Width;
  readonly theme?: Theme;
  readonly timezone?: string;
  readonly headers?: Record<string, string>;
}

/** Longer than anything here takes on a busy machine. */
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

/** What must not occur on a page: requests to other hosts, violations of its policy, errors of its scripts. */
export function watch(page: Page, url: string): readonly string[] {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      seen.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => seen.push(`error ${error.message}`));
  // Chromium tells of a violation, and of a script that failed to load, as of an error.
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message.text())) seen.push(`console ${message.text()}`);
  });
  return seen;
}

/** An answer other than 2xx is told as an error too; what the page makes of it is tested. */
function isAnswer(text: string): boolean {
  return text.startsWith('Failed to load resource: the server responded with a status of');
}
