/** All texts of the page are in src/web/messages/en.ts, so that a translation is one file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pageTexts } from '../support/page-texts.ts';

const web = fileURLToPath(new URL('../../src/web', import.meta.url));
const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const isMessages = (name: string) => /^messages[/\\]en\.ts$/.test(name);

/** Texts that no user reads, or that are the same in every language, and why. */
const kept: Readonly<Record<string, string>> = {
  'reference/show-reference.ts Models': 'the name of a part of Swagger UI',
  'api.ts Refused': 'the name of an error',
  "zones.ts new Intl.DateTimeFormat('en', { timeZone: text })": 'formats nothing: whether the zone is known',
  "zones.ts new Intl.DateTimeFormat('en-US-u-ca-iso8601', { ...digits, ...time, ...zoneOption(zone) })":
    'numbers to calculate with',
};

/** Files whose texts are commands, which are the same in every language. */
const commandFiles: readonly string[] = ['parts/commands.ts'];

const withoutLine = (text: string) => text.replace(/:\d+ /, ' ');

it('no file of the page but that of the messages has a text that a user sees or hears', () => {
  const found = files
    .filter((name) => !isMessages(name) && !commandFiles.includes(name))
    .flatMap((name) => pageTexts(name, readFileSync(join(web, name), 'utf8')));
  expect(found.filter((text) => !Object.hasOwn(kept, withoutLine(text)))).toEqual([]);
  expect(Object.keys(kept).filter((text) => !found.map(withoutLine).includes(text))).toEqual([]);
});

describe('the check', () => {
  it.each([
    ['text of an element', '<p>Loading</p>', 'Loading'],
    ['text next to an element', '<p>{name} of <b>{all}</b></p>', 'of'],
    ['a literal in braces', "<p>{isOpen ? 'fewer' : more}</p>", 'fewer'],
    ['a literal after a condition', "<p>{count > 0 && 'some'}</p>", 'some'],
    ['a template', '<p>{`${count} calls`}</p>', '… calls'],
    ['an accessible name', '<div aria-label="roll" />', 'roll'],
    ['a chosen accessible name', "<div aria-label={isOpen ? 'fewer' : more} />", 'fewer'],
    ['a placeholder', '<input placeholder="name" />', 'name'],
    ['a title', '<b title={`of ${tenant}`} />', 'of …'],
    ['a property of a part', '<Choices label="span" />', 'span'],
    ['a member that is shown', "const views = [{ name: 'roll', title: 'roll' }];", 'roll'],
    ['an accessible name of another kind of element', "create({ 'aria-label': 'code' });", 'code'],
    ['the title of a document', "useTitle('calls');", 'calls'],
    ['the title of a document, assigned', 'document.title = `${view} · page`;', '… · page'],
    ['a child of an element', "createElement('h2', null, 'operations');", 'operations'],
    ['a capitalized word anywhere', "const unknown = 'Unknown';", 'Unknown'],
    ['a sentence anywhere', "const why = ['no call matches this'];", 'no call matches this'],
    ['a number in one language', "<b>{count.toLocaleString('en')}</b>", 'count.toLocaleString'],
    ['an order in one language', "const names = new Intl.Collator('en');", "new Intl.Collator('en')"],
  ])('finds %s', (_, source, text) => {
    expect(pageTexts('sample.tsx', source).map((line) => line.replace(/^sample\.tsx:1 /, ''))).toEqual([
      text,
    ]);
  });

  it('finds nothing in code without texts', () => {
    const source = `
      import { Rows } from '../parts/rows.tsx';
      type Order = 'As received' | 'name';
      const narrow = '(max-width: 719px)';
      const collator = new Intl.Collator(locale.sorting);
      if (event.key === 'Escape') close();
      switch (event.key) { case 'Home': go('/calls?q=anna weber'); }
      const part = <Rows class="badge warn" label={messages.roll} title={person.id}>{' '}· {count}</Rows>;
      const command = <code>rollcall quarantine show {id}</code>;`;
    expect(pageTexts('sample.tsx', source)).toEqual([]);
  });
});
