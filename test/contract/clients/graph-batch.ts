/** graph-batch.ts ORIGIN TOKEN REQUESTS: one batch by Microsoft's JavaScript client, whose steps are JSON. */
import {
  BatchRequestContent,
  BatchResponseContent,
  type BatchResponseBody,
  Client,
} from '@microsoft/microsoft-graph-client';

export interface Step {
  readonly id: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly dependsOn?: readonly string[];
}

const [, , origin = '', token = '', steps = ''] = process.argv;
const client = Client.initWithMiddleware({
  authProvider: { getAccessToken: () => Promise.resolve(token) },
  baseUrl: `${origin}/`,
  customHosts: new Set(['localhost']),
});

const content = new BatchRequestContent(
  (JSON.parse(steps) as Step[]).map(({ id, path, headers = {}, dependsOn }) => ({
    id,
    // What stands after the host is what the client sends, and is relative to the version.
    request: new Request(`${origin}${path}`, { headers }),
    ...(dependsOn && { dependsOn: [...dependsOn] }),
  })),
);
const posted = (await client.api('/$batch').post(await content.getContent())) as BatchResponseBody;
const answers: unknown[] = [];
for (const [id, response] of new BatchResponseContent(posted).getResponses())
  answers.push({ id, status: response.status, body: await response.json() });
console.log(JSON.stringify(answers));
