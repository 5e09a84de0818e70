/** Lists the internal routes: all paths outside the Graph API, except those that `dev` adds. */
import { formatOpenApi } from '../openapi/document.ts';
import { refusals } from '../openapi/paths.ts';
import { version } from '../../base/version.ts';
import { signInRoutes, type SignInParts } from '../sign-in/sign-in-routes.ts';
import { type RollParts, rollRoutes } from './calls/roll-routes.ts';
import { type EvidenceParts, evidenceRoutes } from './evidence-routes.ts';
import { type HealthParts, healthRoutes } from './health.ts';
import { jsonAnswer } from './json-response.ts';
import { type MetricsParts, metricsRoutes } from './metrics-route.ts';
import { type PageParts, pageRoutes } from './page-files.ts';
import type { PeopleParts } from './people/activity-answer.ts';
import { peopleRoutes } from './people/people-routes.ts';
import { phoneLogRoutes } from './phone-logs/phone-log-routes.ts';
import { qualityRoutes } from './quality/quality-routes.ts';
import type { InternalRoute } from './route.ts';
import { comparisonRoutes } from './versions/comparison-routes.ts';
import { searchRoutes, type SearchParts } from './search/search-routes.ts';

const openApiRoute: InternalRoute<unknown> = {
  method: 'GET',
  path: '/rollcall/openapi.json',
  permission: 'none',
  handler: () => jsonAnswer(openApiText()),
  openapi: {
    operationId: 'openApi',
    summary: 'Get this document',
    description: 'The OpenAPI document of the server. `/reference` shows it in a browser.',
    responses: {
      200: {
        description: 'The document.',
        content: { 'application/json': { schema: { type: 'object' } } },
      },
      400: refusals[400],
    },
  },
};

interface InternalParts
  extends
    HealthParts,
    MetricsParts,
    EvidenceParts,
    SearchParts,
    RollParts,
    PeopleParts,
    SignInParts,
    PageParts {}

export const internalRoutes: readonly InternalRoute<InternalParts>[] = [
  ...healthRoutes,
  ...metricsRoutes,
  openApiRoute,
  ...evidenceRoutes,
  ...comparisonRoutes,
  ...searchRoutes,
  ...rollRoutes,
  ...phoneLogRoutes,
  ...peopleRoutes,
  ...qualityRoutes,
  ...signInRoutes,
  ...pageRoutes,
];

let openApi: string | undefined;
/** Returns the document, which is formatted on the first call. */
function openApiText(): string {
  return (openApi ??= JSON.stringify(formatOpenApi(version, internalRoutes)));
}
