/** Lists the routes of the control API by topic. */
import { hash } from 'node:crypto';
import { Fault } from '../../contract/faults.ts';
import { isGuid } from '../../contract/ids.ts';
import { badBody } from '../check-body.ts';
import { durationMs } from '../duration.ts';
import type { EmulatorClock } from '../emulator-clock.ts';
import type { Client } from '../issuer/clients.ts';
import { type ControlRoute, get, post, remove } from './control-route.ts';

const clockRoutes: readonly ControlRoute[] = [
  get('clock', 'Returns the time of the clock, and the timers that wait for it', ({ emulator }) =>
    shownClock(emulator.clock),
  ),
  post(
    'clock',
    'Advances the clock; answers when all due work is done',
    'clock',
    async ({ emulator: { clock } }, { body: { advance, to } }) => {
      const ms = advance === undefined ? Date.parse(to ?? '') - clock.now().getTime() : durationMs(advance);
      if (ms < 0) {
        const now = clock.now().toISOString();
        throw new Fault('badEmulatorRequest', `to: the clock is at ${now} and cannot go back.`);
      }
      await clock.advance(ms);
      return shownClock(clock);
    },
    200,
  ),
];

function shownClock(clock: EmulatorClock) {
  const { count, nextMs = null } = clock.waiting();
  return { now: clock.now().toISOString(), running: clock.isRunning, waiting: { count, nextMs } };
}

const recordRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    template: 'callRecords',
    summary: 'Adds callRecords and rows of logs: one, an array, or JSON Lines; all of them or none',
    body: 'text',
    options: {
      tenant: "The tenant of the calls; the server's --tenant when absent.",
      omitParticipants:
        'The number of participants to omit at the end of participants_v2; the sessions keep them.',
    },
    status: 201,
    answer: ({ emulator }, { body, query }) => emulator.add(body as Buffer, addOptions(query)), // `text` is bytes
  },
  post(
    'callRecords/{id}/versions',
    'Adds the next version of a call, as Graph regenerates a record',
    'version',
    ({ emulator }, { key, body }) => emulator.addVersion(key, body),
  ),
  post('generate', 'Adds generated calls and rows of logs', 'generate', ({ emulator }, { body }) =>
    emulator.generate(body),
  ),
];

function addOptions(query: URLSearchParams) {
  const tenant = query.get('tenant') ?? undefined;
  const omitted = query.get('omitParticipants') ?? '0';
  const unknown = [...query.keys()].filter((name) => name !== 'tenant' && name !== 'omitParticipants');
  const problems = unknown.map((target) => ({ target, message: 'there is no such option.' }));
  if (tenant !== undefined && !isGuid(tenant))
    problems.push({ target: 'tenant', message: 'a GUID is expected.' });
  if (!/^\d{1,7}$/.test(omitted))
    problems.push({ target: 'omitParticipants', message: 'a whole number is expected.' });
  if (problems.length > 0) throw badBody(problems);
  return { ...(tenant !== undefined && { tenantId: tenant }), omitParticipants: Number(omitted) };
}

const faultRoutes: readonly ControlRoute[] = [
  get('faults', 'Returns the scripted faults, and how often each was injected', ({ emulator }) => ({
    value: emulator.faults.list(),
  })),
  post('faults', 'Adds a fault, or several', 'faults', ({ emulator }, { body }) => ({
    value: [body].flat().map((rule) => emulator.faults.add(rule)),
  })),
  remove('faults', 'Removes all faults', ({ emulator }) => emulator.faults.clear()),
  remove('faults/{id}', 'Removes one fault', ({ emulator }, { key }) => {
    if (!emulator.faults.remove(key))
      throw new Fault('pageMissing', `There is no fault '${key}'. GET faults lists them.`);
  }),
];

const requestRoutes: readonly ControlRoute[] = [
  get(
    'requests',
    "Returns the number of requests to each endpoint, and how near they came to Graph's limits",
    ({ recorder }) => recorder.report(),
  ),
  remove('requests', 'Clears the recorded requests', ({ recorder }) => recorder.clear()),
];

const clientRoutes: readonly ControlRoute[] = [
  get('clients', 'The applications that the token endpoint knows, without their secrets', ({ emulator }) => ({
    value: emulator.clients.list().map(shownClient),
  })),
  post(
    'clients',
    'Registers an application, or replaces the secrets and certificates of a known one',
    'client',
    ({ emulator }, { body }) => shownClient(emulator.setClient(body)),
  ),
  remove('clients/{id}', 'Removes an application', ({ emulator }, { key }) => emulator.removeClient(key)),
];

function shownClient({ id, secrets, certificates, roles, tenants }: Client) {
  return {
    clientId: id,
    secrets: secrets.length,
    certificates: certificates.map(({ raw }) => ({ 'x5t#S256': hash('sha256', raw, 'base64url') })),
    roles,
    tenants: tenants ?? null,
  };
}

const snapshotRoutes: readonly ControlRoute[] = [
  get('snapshots', 'Returns the names of the snapshots', ({ emulator }) => ({
    value: emulator.snapshots().list(),
  })),
  post(
    'snapshots',
    'Saves the content of the store under a name, replacing an earlier snapshot of that name',
    'snapshot',
    ({ emulator }, { body: { name } }) => {
      emulator.snapshots().save(name);
      return { name };
    },
  ),
  post(
    'snapshots/{name}/restore',
    'Restores a snapshot',
    'nothing',
    ({ emulator }, { key }) => emulator.restore(key),
    204,
  ),
  remove('snapshots/{name}', 'Deletes a snapshot', ({ emulator }, { key }) => emulator.deleteSnapshot(key)),
  post(
    'reset',
    'Clears the store, faults, recorded requests and registered clients, and ends scenarios',
    'nothing',
    async ({ emulator, scenarios, recorder }) => {
      emulator.snapshots(); // throws on another store, before anything ends
      scenarios.stopAll();
      await emulator.reset();
      recorder.clear();
    },
    204,
  ),
];

const scenarioRoutes: readonly ControlRoute[] = [
  get('scenarios', 'Returns the scenarios and their progress', ({ scenarios }) => ({
    value: scenarios.list(),
  })),
  post(
    'scenarios',
    'Runs a scenario; answers when its first due steps are done',
    'scenario',
    ({ scenarios }, { body }) => scenarios.start(body),
  ),
  get(
    'scenarios/{id}',
    'Returns the progress of a scenario, and the step that failed',
    ({ scenarios }, { key }) => scenarios.get(key),
  ),
  remove('scenarios/{id}', 'Ends a scenario before its next step', ({ scenarios }, { key }) =>
    scenarios.stop(key),
  ),
];

const documentRoute = get('openapi.json', 'The OpenAPI document of the stage', async () => {
  // Imported on the first request, together with the schemas.
  const { formatControlOpenApi } = await import('./control-openapi.ts');
  return formatControlOpenApi(controlRoutes);
});

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
