/** Adds calls, later versions of them, and log rows. */
import { badBody } from '../../check-body.ts';
import { type ControlRoute, withBody } from '../control-route.ts';

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const recordRoutes: readonly ControlRoute[] = [
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
    async answer({ emulator }, { body, query }) {
      return { status: 201, body: await emulator.add(body as Buffer, addOptions(query)) }; // `text` is bytes
    },
  },
  withBody('version', {
    method: 'POST',
    template: 'callRecords/{id}/versions',
    summary: 'Adds the next version of a call, as Graph regenerates a record',
    status: 201,
    async answer({ emulator }, { keys: [id = ''], body }) {
      return { status: 201, body: await emulator.addVersion(id, body) };
    },
  }),
  withBody('generate', {
    method: 'POST',
    template: 'generate',
    summary: 'Adds generated calls and rows of logs',
    status: 201,
    async answer({ emulator }, { body }) {
      return { status: 201, body: await emulator.generate(body) };
    },
  }),
];

function addOptions(query: URLSearchParams) {
  const tenant = query.get('tenant') ?? undefined;
  const omitted = query.get('omitParticipants') ?? '0';
  const unknown = [...query.keys()].filter((name) => name !== 'tenant' && name !== 'omitParticipants');
  const problems = [
    ...unknown.map((target) => ({ target, message: 'there is no such option.' })),
    ...(tenant === undefined || guid.test(tenant)
      ? []
      : [{ target: 'tenant', message: 'a GUID is expected.' }]),
    ...(/^\d{1,7}$/.test(omitted)
      ? []
      : [{ target: 'omitParticipants', message: 'a whole number is expected.' }]),
  ];
  if (problems.length > 0) throw badBody(problems);
  return { ...(tenant !== undefined && { tenantId: tenant }), omitParticipants: Number(omitted) };
}
