/** Our bodies are what Microsoft's typings say: held by the compiler, and at run time by the model. */
import type { CallRecords } from '@microsoft/microsoft-graph-types';
import { expect, it } from 'vitest';
import { edms, structuredType } from '../../src/contract/edm.ts';
import type { CallRecord, Page, Participant } from '../../src/contract/wire.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { startTestServer } from '../support/server.ts';

/** Compiles only while every Participant and CallRecord of ours is one of Microsoft's. */
const asMicrosofts = (participant: Participant): CallRecords.Participant => participant;
const callAsMicrosofts = (call: CallRecord): CallRecords.CallRecord => call;

it('serves nothing that the model does not know, and Microsoft types it', async () => {
  await using server = await startTestServer();
  const lines = [...generateLines({ ...defaultGenerateOptions, calls: 12, largest: 20 })];
  await server.import(lines);
  const { properties } = structuredType(edms['v1.0'], 'microsoft.graph.callRecords.participant');
  const identitySet = structuredType(edms['v1.0'], 'microsoft.graph.communicationsIdentitySet').properties;
  for (const { id } of lines.map((line) => JSON.parse(line) as { id: string })) {
    const call = callAsMicrosofts(
      (await (await server.get(`/v1.0/communications/callRecords/${id}`)).json()) as CallRecord,
    );
    expect(call.id).toBe(id);
    const page = (await (
      await server.get(`/v1.0/communications/callRecords/${id}/participants_v2`)
    ).json()) as Page<Participant>;
    for (const participant of page.value.map(asMicrosofts)) {
      expect(Object.keys(participant).filter((name) => !properties.has(name))).toEqual([]);
      expect(Object.keys(participant.identity ?? {}).filter((name) => !identitySet.has(name))).toEqual([]);
    }
  }
});
