/** Finds texts that a user of the page can see or hear and that are not in src/web/messages/en.ts. */
import ts from 'typescript';

/** Attributes, properties of parts and members of objects whose text is shown or read out. */
const shownNames: ReadonlySet<string> = new Set([
  ...['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'ariaLabel'],
  ...[
    'title',
    'placeholder',
    'alt',
    'label',
    'what',
    'text',
    'head',
    'hint',
    'summary',
    'caption',
    'message',
  ],
]);
/** Functions whose arguments are shown. */
const showing: ReadonlySet<string> = new Set(['useTitle', 'alert', 'confirm', 'createTextNode']);
/** Members whose assigned text is shown. */
const shownMembers: ReadonlySet<string> = new Set(['title', 'textContent', 'innerText', 'ariaLabel']);

/**
 * Returns the line and the text of each literal that is shown, that reads like prose, or that formats for one language.
 *
 * @param path Its ending tells TSX from TypeScript.
 */
export function pageTexts(path: string, source: string): readonly string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, text: string) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push(`${path}:${line + 1} ${text.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && hasLetters(node.text) && !isCode(node)) report(node, node.text);
    if (isLiteral(node)) {
      const text = textOf(node);
      if (hasLetters(text) && !isStructural(node) && (isShown(node) || isProse(text))) report(node, text);
    }
    if (formatsForOneLanguage(node)) report(node, node.getText(file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

type Literal = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression;

function isLiteral(node: ts.Node): node is Literal {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** Returns the text; a value in a template is an ellipsis. */
function textOf(node: Literal): string {
  if (!ts.isTemplateExpression(node)) return node.text;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

const hasLetters = (text: string) => /\p{L}/u.test(text);

/** Returns true for a text that begins with a capitalized word, and for one of three words. */
function isProse(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => /^\p{L}+[.:;…]?$/u.test(word));
  return words.length > 2 || /^\p{Lu}\p{Ll}+(?:[ .,:;…]|$)/u.test(text);
}

/** True for a command or a name in a `code` element, which is the same in every language. */
function isCode({ parent }: ts.JsxText): boolean {
  return ts.isJsxElement(parent) && parent.openingElement.tagName.getText() === 'code';
}

/** True where a literal names something: a module, a type, a key that is pressed, a class. */
function isStructural(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isLiteralTypeNode(parent))
    return true;
  if (ts.isCaseClause(parent) || ts.isElementAccessExpression(parent)) return true;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true;
  if (ts.isBinaryExpression(parent) && isComparison(parent.operatorToken.kind)) return true;
  return false;
}

function isComparison(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === ts.SyntaxKind.InKeyword
  );
}

/** True where the value of an expression becomes text on the page. */
function isShown(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isJsxAttribute(parent)) return shownNames.has(parent.name.getText());
  if (ts.isPropertyAssignment(parent)) return shownNames.has(nameOf(parent.name));
  if (ts.isCallExpression(parent)) return isShowingCall(parent, node);
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return ts.isPropertyAccessExpression(parent.left) && shownMembers.has(parent.left.name.text);
  if (ts.isJsxExpression(parent)) return ts.isJsxAttribute(parent.parent) ? isShown(parent) : true;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isShown(parent);
  if (ts.isBinaryExpression(parent) || ts.isParenthesizedExpression(parent)) return isShown(parent);
  return false;
}

const nameOf = (name: ts.PropertyName) => (ts.isStringLiteralLike(name) ? name.text : name.getText());

/** A call such as `useTitle('…')`, and the children of `createElement`. */
function isShowingCall({ expression, arguments: given }: ts.CallExpression, node: ts.Node): boolean {
  const called = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
  if (called === 'createElement') return given.indexOf(node as ts.Expression) > 1;
  return showing.has(called);
}

/** True for `toLocaleString()`, and for a formatter of `Intl` whose locale is not that of the texts. */
function formatsForOneLanguage(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return /^toLocale\w*String$/.test(node.name.text);
  if (!ts.isNewExpression(node) || !node.expression.getText().startsWith('Intl.')) return false;
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name.text === 'resolvedOptions') return false;
  return node.arguments?.[0]?.getText().startsWith('locale.') !== true;
}
