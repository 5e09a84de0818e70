/** Lists words and phrases that are unclear to readers, with replacements. */
import { basename } from 'node:path';
import ts from 'typescript';

interface Rule {
  readonly pattern: RegExp;
  /** A text that the rule matches. */
  readonly example: string;
  readonly instead: string;
}

/**
 * Phrases that must not occur in texts for users: messages, help, the page, API descriptions, headings of documents.
 */
export const phrases: readonly Rule[] = [
  {
    pattern: /\b(?:is|are|was|were|be|been|being) told\b|\btold (?:of|when|how|about|on)\b/i,
    example: 'The reason is told on standard error.',
    instead: 'is notified, is logged, is printed',
  },
  {
    pattern: /\btells? (?:of|what|why|how)\b|\bsay(?:s|ing)? of\b/i,
    example: 'The segments tell of no media.',
    instead: 'reports, has',
  },
  {
    pattern: /\bwho(?:so)?ever\b/i,
    example: 'Whoever runs the server names one.',
    instead: 'the user, the operator',
  },
  {
    pattern: /\b(?:some|every|no)body\b/i,
    example: 'Nobody is notified.',
    instead: 'a user, all participants, no application',
  },
  {
    pattern: /\b(?:to|can|could) be had\b/i,
    example: 'A lock was not to be had.',
    instead: 'is available, could not acquire',
  },
  {
    pattern: /\bwhat (?:there is|is there|comes)\b|\bWhat \w+ has was\b/,
    example: 'Export what there is.',
    instead: 'the calls, the stored data',
  },
  { pattern: /\bin words\b/i, example: 'In words: why not.', instead: 'an error message, a description' },
  { pattern: /\bin vain\b/i, example: 'Each was tried in vain.', instead: 'without success' },
  { pattern: /\banew\b/i, example: 'Fetch it anew.', instead: 'again' },
  { pattern: /\blately\b/i, example: 'It failed lately.', instead: 'recently' },
  { pattern: /\bby and by\b/i, example: 'It fills by and by.', instead: 'over time' },
  { pattern: /\bbeside\b/i, example: 'The manifest beside the file.', instead: 'next to, also' },
  {
    pattern: /\bof (?:its|their|your) own(?=[.,;:)]|$| (?:for|to|with|when|that)\b)/i,
    example: 'Give it a secret of its own.',
    instead: 'separate, its own …',
  },
  { pattern: /\bany more\b/i, example: 'It is not served any more.', instead: 'no longer' },
  { pattern: /\bfor good\b/i, example: 'It is lost for good.', instead: 'permanently' },
  { pattern: /\bupon\b/i, example: 'Upon a signal it ends.', instead: 'on, when' },
  {
    pattern: /(?<!\b[Tt]here )\b(?:is|are) no (?!longer\b|more\b)[a-z]/,
    example: 'The response is no list.',
    instead: 'is not a …',
  },
  {
    pattern: /\b(?:is|are) (?:not one|none|(?:not )?(?:good|well|whole|sound))(?=[.,;:]|$)/,
    example: 'The key is not one.',
    instead: 'is (not) valid, is complete, is undamaged',
  },
  {
    pattern: /\b(?:stands? (?:in|still|there)|stood)\b/i,
    example: 'It stands in the file.',
    instead: 'is in, does not change',
  },
  { pattern: /\bno way to\b/i, example: 'There is no way to the host.', instead: 'no route to, cannot' },
  { pattern: /\bSee (?:that|whether)\b/, example: 'See that sync runs.', instead: 'Check that' },
  { pattern: /\b(?:goes|go) on\b/i, example: 'The list goes on.', instead: 'continues' },
  { pattern: /\bcut short\b/i, example: 'The line is cut short.', instead: 'truncated' },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, example: 'Mend the line.', instead: 'correct, repair' },
  { pattern: /\btransactions met\b/i, example: 'Two transactions met.', instead: 'conflicted' },
  {
    pattern: /\bthat should not\b/i,
    example: 'Something failed that should not.',
    instead: 'an unexpected error',
  },
];

/** Words that must not occur in identifiers and file names. */
export const names: readonly Rule[] = [
  {
    pattern: /^(?:told|tell|tells|teller|said)$/,
    example: 'toldProblems',
    instead: 'reported, report, log, reporter',
  },
  {
    pattern: /^(?:whoever|somebody|everybody|nobody)$/,
    example: 'drawEverybody',
    instead: 'caller, user, participant, all, none',
  },
  { pattern: /^(?:anew|lately|vain|vainly)$/, example: 'seenAnew', instead: 'again, recently, failed' },
  {
    pattern: /^(?:sight|sights|sighted|sighting)$/,
    example: 'onSighted',
    instead: 'observe, observation',
  },
  { pattern: /^(?:carried|carry)$/, example: 'putCarried', instead: 'transferred, transfer' },
  { pattern: /^(?:heed|heeds|judge|judges|judged)$/, example: 'judgeStream', instead: 'check, classify' },
  { pattern: /^(?:lack|lacks)$/, example: 'lackWords', instead: 'missing' },
  { pattern: /^(?:trouble|troubles)$/, example: 'onTrouble', instead: 'failure, error' },
  { pattern: /^(?:patience|patiently|steadily)$/, example: 'patienceMs', instead: 'limit, withRetry' },
  { pattern: /^(?:mend|mends|mended)$/, example: 'mendLine', instead: 'repair, correct' },
  { pattern: /^(?:entrance|claimant)$/, example: 'late-entrance', instead: 'acceptor, lease holder' },
];

const british =
  /\b\w*(?:isation|ised|ising|isable|behaviour|colour|favour|centre|licence|catalogue|cancelled|organisation)s?\b/i;
/** Exceptions: words that American English also spells with `ised` and `ising`. */
const american =
  /\b(?:advis|compris|exercis|rais|revis|supervis|surpris|promis|compromis|ris|prais|nois)(?:ed|ing)\b/gi;

/** Finds phrases that a text for users must not contain. @returns One line per rule: the words and their replacement */
export function unclearIn(text: string): string[] {
  const found = phrases.flatMap(({ pattern, instead }) => {
    const match = pattern.exec(text);
    return match === null ? [] : [`'${match[0]}': ${instead}`];
  });
  const spelled = british.exec(text.replaceAll(american, ''));
  return spelled === null ? found : [...found, `'${spelled[0]}': American spelling`];
}

/** Finds words that an identifier must not contain. */
export function unclearInName(name: string): string[] {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z']+/);
  return names.flatMap(({ pattern, instead }) =>
    words.some((word) => pattern.test(word)) ? [`'${name}': ${instead}`] : [],
  );
}

/** A text or a name in a source file. */
export interface Found {
  readonly path: string;
  readonly line: number;
  /** The declared name, or the text with its expressions as `…`. */
  readonly text: string;
}

interface SourceWords {
  readonly names: readonly Found[];
  readonly texts: readonly Found[];
}

/** Reads the declared names of a source file, and its texts of two words or more. */
export function wordsOf(path: string, content: string): SourceWords {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, content, ts.ScriptTarget.Latest, false, kind);
  const declared: Found[] = [{ path, line: 1, text: basename(path).replace(/\.\w+$/, '') }];
  const texts: Found[] = [];
  const add = (to: Found[], node: ts.Node, text: string) => {
    to.push({ path, line: source.getLineAndCharacterOfPosition(node.pos).line + 1, text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    const text = textOf(node);
    if (text !== undefined && text.split(/\s/).filter((word) => /\p{L}{2}/u.test(word)).length > 1)
      add(texts, node, text);
    const { name } = node as Partial<ts.NamedDeclaration>;
    if (name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) && declares(node))
      add(declared, name, name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { names: declared, texts };
}

/** Returns true when this code declares the name of the node. */
function declares(node: ts.Node): boolean {
  return !ts.isPropertyAccessExpression(node) && !ts.isMetaProperty(node) && !ts.isImportSpecifier(node);
}

/** Returns the text without SQL comments, which users do not read. */
function textOf(node: ts.Node): string | undefined {
  return literalOf(node)
    ?.split('\n')
    .filter((line) => !line.trimStart().startsWith('-- '))
    .join('\n');
}

function literalOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  return ts.isJsxText(node) ? node.text.replaceAll(/\s+/g, ' ').trim() : undefined;
}
