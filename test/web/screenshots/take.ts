/**
 * Takes the pictures in `docs/screenshots`, of a real `dev` in a real Chromium. What they show is generated and their
 * clock stands, so that a picture changes with the page alone, and with the fonts of the machine: names are of many scripts,
 * for which Debian has fonts-noto-cjk and fonts-noto-color-emoji.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { development } from '../../../src/auth/issuer/issuer.ts';
import { defaultGenerateOptions, generateLines } from '../../../src/generate/generate.ts';
import { launchChromium } from '../../support/chromium.ts';
import { visitor } from '../../support/page-server.ts';
import { startReceiver } from '../../support/receiver.ts';
import { type DevProcess, startDevProcess } from '../../support/stage.ts';
import { palettePng } from './palette-png.ts';
import { cutCallId, type Picture, pictures } from './scenarios.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const now = '2026-11-02T12:00:00Z';
/** Is to be seen in a picture: the same each time. */
const receiverPort = 7659;
/** Lists go on for ever; a picture of the page does not. */
const tallestPx = 1300;

const dev = await startDevProcess(
  ...['--store', 'memory:', '--calls', '240', '--participants', 'reconciled'],
  ...['--clock-standing', '--clock-start', now],
);
try {
  await using receiver = await startReceiver({ port: receiverPort });
  await addIncompleteCall(dev);
  await subscribe(dev, receiver.url);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const browser = await launchChromium();
  try {
    for (const picture of pictures) await take(browser, picture);
  } finally {
    await browser.close();
  }
} finally {
  await dev.stop();
}

async function addIncompleteCall({ ask }: DevProcess): Promise<void> {
  const options = { ...defaultGenerateOptions, seed: 5, calls: 1, largest: 9, until: new Date(now) };
  const record = JSON.parse([...generateLines(options)].at(-1)!) as Record<string, unknown>; // there is one call
  const cut = {
    ...record,
    id: cutCallId,
    'sessions@odata.nextLink': 'https://graph.microsoft.com/v1.0/next',
  };
  await succeeds(ask('POST', 'callRecords?omitParticipants=2', cut));
}

async function subscribe({ url }: DevProcess, notificationUrl: string): Promise<void> {
  const { tenantId, clientId, clientSecret } = development;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  };
  const issued = await succeeds(
    fetch(`${url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) }),
  );
  const { access_token: token } = (await issued.json()) as { access_token: string };
  const subscription = {
    changeType: 'created,updated',
    notificationUrl: `${notificationUrl}/calls`,
    resource: 'communications/callRecords',
    expirationDateTime: '2026-11-04T12:00:00Z',
  };
  await succeeds(
    fetch(`${url}/v1.0/subscriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(subscription),
    }),
  );
}

async function succeeds(asked: Promise<Response>): Promise<Response> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

async function take(browser: Browser, { path, shows, width, theme, file }: Picture): Promise<void> {
  await using visit = await visitor(browser, dev, { width, theme });
  const { page, troubles } = visit;
  await page.clock.setFixedTime(now);
  await page.goto(path);
  await page.locator(shows).first().waitFor();
  await page.waitForLoadState('networkidle');
  await writeFile(`${folder}${file}`, palettePng(await pictureOf(page)));
  if (troubles.length > 0) throw new Error(`${file}: ${troubles.join('; ')}`);
}

async function pictureOf(page: Page): Promise<Buffer> {
  const { width, height } = page.viewportSize()!; // every visit has one
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
  const clip = { x: 0, y: 0, width, height: Math.min(Math.max(whole, height), tallestPx) };
  return page.screenshot({ fullPage: true, clip, animations: 'disabled', caret: 'hide' });
}
