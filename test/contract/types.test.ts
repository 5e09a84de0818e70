/** What is served is what the model says, by the names of Microsoft's typings. */
import type { CallRecords } from '@microsoft/microsoft-graph-types';
import { expect, it } from 'vitest';
import { edms, structuredType } from '../../src/contract/edm.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { startTestServer } from '../support/server.ts';

it('serves nothing that the model does not know, and Microsoft types it', async () => {
  await using server = await startTestServer();
  const lines = [...generateLines({ ...defaultGenerateOptions, calls: 12, largest: 20 })];
  await server.import(lines);
  const { properties } = structuredType(edms['v1.0'], 'microsoft.graph.callRecords.participant');
  const identitySet = structuredType(edms['v1.0'], 'microsoft.graph.communicationsIdentitySet').properties;
  for (const { id } of lines.map((line) => JSON.parse(line) as { id: string })) {
    const call = (await (
      await server.get(`/v1.0/communications/callRecords/${id}`)
    ).json()) as CallRecords.CallRecord;
    expect(call.id).toBe(id);
    const page = (await (
      await server.get(`/v1.0/communications/callRecords/${id}/participants_v2`)
    ).json()) as { readonly value: readonly CallRecords.Participant[] };
    for (const participant of page.value) {
      expect(Object.keys(participant).filter((name) => !properties.has(name))).toEqual([]);
      expect(Object.keys(participant.identity ?? {}).filter((name) => !identitySet.has(name))).toEqual([]);
    }
  }
});
