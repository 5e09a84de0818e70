/** Checks that upstream issues tokens and lists calls, and that its clock agrees. */
import type { Clock } from '../../base/clock.ts';
import type { HttpAnswer } from '../../base/http-client.ts';
import { UpstreamFailure } from '../../collect/sync/failure.ts';
import type { SyncTenant } from '../../collect/sync/sync.ts';
import { createTokens } from '../../collect/sync/tokens.ts';
import { createUpstreamHttp } from '../../collect/sync/upstream-http.ts';
import { checkClock } from './check-clock.ts';
import { attention, type Finding, well, wrong } from './finding.ts';
import { trimEnd } from '../../base/trim-end.ts';

export async function checkUpstream(tenant: SyncTenant, clock: Clock): Promise<readonly Finding[]> {
  const connection = createUpstreamHttp(clock, 1);
  const signal = new AbortController().signal;
  try {
    const token = await createTokens({ ...tenant, connection, clock }).get(signal);
    // Lists calls that start after now: an empty response that costs upstream little.
    const filter = encodeURIComponent(`startDateTime ge ${clock.now().toISOString()}`);
    const url = new URL(
      `${trimEnd(tenant.upstream.href, '/')}/v1.0/communications/callRecords?$filter=${filter}`,
    );
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'user-agent': 'Rollcall',
    };
    const answer = await connection.send({ method: 'GET', url, headers }, signal);
    return [access(answer), ...checkClock('upstream', answer.headers['date'], clock.now())];
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    return [
      wrong(
        'upstream',
        error.concernsToken ? error.message : `${tenant.upstream.origin}: ${error.message}`,
        'Check --upstream, --authority and the credentials. A running sync retries.',
      ),
    ];
  } finally {
    connection.close();
  }
}

function access({ status }: HttpAnswer): Finding {
  if (status === 200)
    return well('upstream', 'The authority issued a token, and upstream accepted a request for calls.');
  if (status === 401 || status === 403)
    return wrong(
      'upstream',
      `The authority issued a token, but upstream denied access (status ${status}).`,
      'Grant the application permission CallRecords.Read.All, not the delegated one, with the consent of an administrator.',
    );
  if (status === 429)
    return attention(
      'upstream',
      'Upstream throttles requests.',
      'Another program may use the same application: register a separate one for sync.',
    );
  return wrong(
    'upstream',
    `Upstream responded with status ${status}.`,
    'Check that --upstream is Microsoft Graph or another Rollcall.',
  );
}
