import { contextUrl, navigationPath } from '../query/odata/context-url.ts';

/** Returns the `@odata.context` annotation of a call's expanded navigation property. */
export function navigationContext(serviceRoot: string, callId: string, name: string, suffix: string): string {
  return `"${name}@odata.context":${JSON.stringify(contextUrl(serviceRoot, navigationPath(callId, name, suffix)))}`;
}
