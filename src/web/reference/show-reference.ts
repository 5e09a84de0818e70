/** Renders the OpenAPI document with Swagger UI. */
import SwaggerUI, { type Component, type Props, type System } from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import { referenceMessages } from '../messages/en.ts';
import viewerStyles from 'swagger-ui-dist/swagger-ui.css' with { type: 'text' };
import ownStyles from './reference.css' with { type: 'text' };

/**
 * The element of Swagger UI, which cannot be unmounted: it is created once and shown again at each visit, as the reader
 * left it.
 */
let viewer: HTMLElement | undefined;

/**
 * Creates the reference.
 *
 * @param document The content of `/rollcall/openapi.json`.
 * @returns An element whose styles are isolated from those of the page
 */
export function referenceElement(document: object): HTMLElement {
  return (viewer ??= createViewer(document));
}

function createViewer(spec: object): HTMLElement {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  // The content security policy of the page permits style sheets that a script makes, and no style elements.
  root.adoptedStyleSheets = [viewerStyles.replaceAll('html.dark-mode', ':host(.dark-mode)'), ownStyles].map(
    (text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    },
  );
  const domNode = document.createElement('div');
  root.append(domNode);
  SwaggerUI({
    domNode,
    spec,
    layout: 'ReferenceLayout',
    plugins: [referenceLayout, accessibleParts],
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    validatorUrl: null, // It would send the document to a public service.
  });
  return host;
}

/** The page has a title, an introduction and a main landmark; this server is the only one to choose. */
function referenceLayout({ React: { createElement }, getComponent }: System) {
  return {
    components: {
      ReferenceLayout: () =>
        createElement(
          'div',
          { className: 'swagger-ui' },
          createElement(getComponent('SvgAssets')),
          createElement(getComponent('errors', true)),
          createElement(
            'div',
            { className: 'authorize wrapper' },
            createElement(getComponent('AuthorizeBtnContainer', true)),
          ),
          createElement('h2', { className: 'wrapper' }, referenceMessages.operations),
          createElement(getComponent('operations', true)),
          createElement(getComponent('Models', true)),
        ),
    },
  };
}

function accessibleParts({ React: { createElement } }: System) {
  return {
    wrapComponents: {
      // The path of an operation stands in the button that opens it, and a link must not stand in a button.
      DeepLink:
        () =>
        ({ text }: { readonly text: unknown }) =>
          createElement('span', null, text),
      // Readers without a mouse scroll long code.
      SyntaxHighlighter: (original: Component) => (props: Props) =>
        createElement(
          'div',
          { className: 'scrolled', tabIndex: 0, role: 'group', 'aria-label': referenceMessages.code },
          createElement(original, props),
        ),
    },
  };
}
