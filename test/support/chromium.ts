/**
 * Opens tabs of Chromium for tests of the page: Debian's `chromium`, or the one that `ROLLCALL_TEST_CHROMIUM` names. Without
 * either, these tests are skipped with a message; when the variable is set, as on CI, it must exist.
 */
import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type ConsoleMessage,
  type Page,
  type Request,
} from 'playwright-core';

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

export const widths = { narrow: 360, wide: 1440 } as const;
type Width = keyof typeof widths;
export type Theme = 'light' | 'dark';

/**
 * Saves a fifth of the processor time of a test: its scripts end before it is worth it to optimize them. A benchmark runs
 * without.
 */
const savingOptions = ['--js-flags=--no-opt --no-maglev', '--force-prefers-reduced-motion'];

let running: Promise<Browser> | undefined;

/** Starts one Chromium for all test files of a worker, which ends with the worker. */
function theChromium(): Promise<Browser> {
  return (running ??= chromium.launch({
    executablePath: path,
    // In a container, where tests run as root, Chromium cannot use its sandbox.
    args: ['--no-sandbox', ...(process.env['VITEST'] === undefined ? [] : savingOptions)],
  }));
}

/** Ends the Chromium of this process, for a program that is no test. */
export async function closeChromium(): Promise<void> {
  const browser = await running;
  running = undefined;
  await browser?.close();
}

export interface TabOptions {
  readonly width?: Width;
  readonly theme?: Theme;
  readonly timezone?: string;
  /** Leaves nothing behind for the next visit, as a test needs that sets the clock of the browser. */
  readonly isOwn?: boolean;
}

interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Gives the tab back. */
  close(): Promise<void>;
}

interface OpenTab extends Omit<Tab, 'close'> {
  /** Takes absolute URLs. */
  readonly goto: Page['goto'];
}

/** Longer than any step takes on a busy machine. */
const patienceMs = 45_000;

/** Tabs that are not in use, by time zone: a new one costs five times the processor time of what most tests do in it. */
const unused = new Map<string, OpenTab>();

/** Returns a tab as it is in a new browser context, whose relative URLs are those of a server. */
export async function openTab(
  serverUrl: string,
  { width = 'wide', theme = 'light', timezone = 'UTC', isOwn = false }: TabOptions = {},
): Promise<Tab> {
  const found = isOwn ? undefined : unused.get(timezone);
  if (found !== undefined) unused.delete(timezone);
  const tab = found ?? (await newTab(timezone));
  const { context, page, goto } = tab;
  page.setDefaultTimeout(patienceMs);
  await page.setViewportSize({ width: widths[width], height: width === 'wide' ? 900 : 740 });
  await page.emulateMedia({ media: null, colorScheme: theme, reducedMotion: 'reduce', forcedColors: null });
  page.goto = (url, options) => goto(new URL(url, serverUrl).href, options);
  const close = async () => {
    if (isOwn || unused.has(timezone)) return context.close();
    try {
      await clear(tab);
      unused.set(timezone, tab);
    } catch {
      await context.close(); // as after a crash
    }
  };
  return { context, page, close };
}

async function newTab(timezoneId: string): Promise<OpenTab> {
  const context = await (await theChromium()).newContext({ timezoneId, locale: 'en-GB' });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  return { context, page, goto: page.goto.bind(page) };
}

/** Removes what a visit has left behind; what it shows is left when the next visit goes to its page. */
async function clear({ context, page }: OpenTab): Promise<void> {
  for (const other of context.pages()) if (other !== page) await other.close();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.clearCookies();
  await context.clearPermissions();
  if (page.url() === 'about:blank') return;
  // Until the next visit leaves this document, it stores nothing, as its places on leaving, and asks for nothing.
  await page.evaluate(`{
    Storage.prototype.setItem = () => undefined;
    window.fetch = () => new Promise(() => undefined);
    localStorage.clear();
    sessionStorage.clear();
  }`);
}

/** Records what must not occur on a page: requests to other hosts, violations of its policy, script errors. */
export function watch(page: Page, url: string) {
  const seen: string[] = [];
  const request = (one: Request) => {
    if (!one.url().startsWith(`${url}/`) && !one.url().startsWith('data:'))
      seen.push(`request to ${one.url()}`);
  };
  const pageError = (error: Error) => seen.push(`error ${error.message}`);
  // Chromium reports a violation, and a script that failed to load, as a console error.
  const console = (message: ConsoleMessage) => {
    if (message.type() === 'error' && !isAnswer(message.text())) seen.push(`console ${message.text()}`);
  };
  page.on('request', request).on('pageerror', pageError).on('console', console);
  const stop = () => void page.off('request', request).off('pageerror', pageError).off('console', console);
  return { seen: seen as readonly string[], stop };
}

/** Returns true for a response other than 2xx, which is a console error too; how the page handles it is tested. */
function isAnswer(text: string): boolean {
  return text.startsWith('Failed to load resource: the server responded with a status of');
}
