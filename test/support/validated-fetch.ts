/** Validates every API response that a test fetches against the OpenAPI document, whatever the test is about. */
import { problemsOf } from './openapi-validator.ts';

const plainFetch = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const response = await plainFetch(input, init);
  const request = new Request(input, init);
  const { pathname, hostname } = new URL(request.url);
  if (
    !/^\/(v1\.0|beta|rollcall\/(completeness|callRecords|calls|people|numbers|logs|statistics|status|me|sign-in|sign-out))(\/|$)/.test(
      pathname,
    ) ||
    !['127.0.0.1', 'localhost'].includes(hostname)
  )
    return response;
  const { method } = request;
  if (method === 'HEAD' || method === 'OPTIONS') return response;
  // A scripted fault may violate the document.
  if (response.headers.has('rollcall-fault')) return response;
  const problems = problemsOf({
    method,
    path: pathname,
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: await response.clone().text(),
  });
  if (problems.length > 0)
    throw new Error(`${method} ${pathname} is not as the OpenAPI document says: ${problems.join('; ')}`);
  return response;
};
