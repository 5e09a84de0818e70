/** Renders a page with a message and buttons, without scripts or requests to other hosts. */
import { createHash } from 'node:crypto';
import { type Answer, bodyOf } from '../../graph/exchange.ts';

interface MessagePage {
  readonly title: string;
  readonly text: string;
  /** Buttons that submit a form, each with the name and value it submits, if any. */
  readonly buttons?: readonly { readonly text: string; readonly name?: string; readonly value?: string }[];
  /** The path of this server that the form is submitted to. */
  readonly action?: string;
  readonly links?: readonly { readonly text: string; readonly href: string }[];
}

const style = [
  ':root{color-scheme:light dark}',
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem}',
  'h1{font-size:1.5rem;line-height:1.25}',
  'button{font:inherit;padding:.5rem 1rem;margin:0 .5rem .5rem 0;cursor:pointer}',
  'a{margin-right:1rem}',
].join('');
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of a redirect whose address may contain a code: it is neither cached nor passed on as a referrer. */
export const onwardHeaders = ['Cache-Control', 'no-store', 'Referrer-Policy', 'no-referrer'] as const;

/** Headers of the page; with `same-origin` its form sends this server's origin. */
const pageHeaders = [
  ...['Cache-Control', 'no-store', 'Referrer-Policy', 'same-origin', 'X-Content-Type-Options', 'nosniff'],
] as const;

/** Returns the page as a response. @param headers Additional headers, names and values alternating. */
export function messagePage(status: number, page: MessagePage, headers: readonly string[] = []): Answer {
  return {
    status,
    headers: [
      ...['Content-Type', 'text/html;charset=utf-8', 'Content-Security-Policy', policy],
      ...pageHeaders,
      ...headers,
    ],
    body: bodyOf(Buffer.from(formatPage(page))),
  };
}

function formatPage({ title, text, buttons = [], action = '', links = [] }: MessagePage): string {
  const shownButtons = buttons.map(({ text: label, name, value }) => {
    const sends = name === undefined ? '' : ` name="${escape(name)}" value="${escape(value ?? '')}"`;
    return `<button${sends}>${escape(label)}</button>`;
  });
  const form =
    shownButtons.length === 0
      ? ''
      : `<form method="post" action="${escape(action)}">${shownButtons.join('')}</form>`;
  const shownLinks = links.map((link) => `<a href="${escape(link.href)}">${escape(link.text)}</a>`);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escape(title)} – Rollcall</title><style>${style}</style></head><body><main>`,
    `<h1>${escape(title)}</h1><p>${escape(text)}</p>${form}<p>${shownLinks.join('')}</p>`,
    '</main></body></html>',
  ].join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
