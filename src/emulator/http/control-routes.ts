/** Lists the routes of the control API by topic. */
import { clientRoutes } from './routes/clients.ts';
import { clockRoutes } from './routes/clock.ts';
import { faultRoutes } from './routes/faults.ts';
import { recordRoutes } from './routes/callRecords.ts';
import { requestRoutes } from './routes/requests.ts';
import { scenarioRoutes } from './routes/scenarios.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import type { ControlRoute } from './control-route.ts';

/** The route of the OpenAPI document, which describes the others. */
const documentRoute: ControlRoute = {
  method: 'GET',
  template: 'openapi.json',
  summary: 'The OpenAPI document of the stage',
  status: 200,
  async answer() {
    // Imported on the first request, together with the schemas.
    const { formatControlOpenApi } = await import('./control-openapi.ts');
    return { status: 200, body: formatControlOpenApi(controlRoutes) };
  },
};

export const controlRoutes: readonly ControlRoute[] = [
  ...clockRoutes,
  ...recordRoutes,
  ...faultRoutes,
  ...requestRoutes,
  ...clientRoutes,
  ...snapshotRoutes,
  ...scenarioRoutes,
  documentRoute,
];
