import { contextUrl, navigationPath } from '../query/odata/context-url.ts';

/** The member that says where what a call's navigation property holds is described. */
export function navigationContext(serviceRoot: string, callId: string, name: string, suffix: string): string {
  return `"${name}@odata.context":${JSON.stringify(contextUrl(serviceRoot, navigationPath(callId, name, suffix)))}`;
}
