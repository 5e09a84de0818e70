import { contextUrl } from '../odata/context-url.ts';
import { formatKeyPredicate } from '../odata/path.ts';

/** The member that says where what a call's navigation property holds is described. */
export function navigationContext(serviceRoot: string, callId: string, name: string, suffix: string): string {
  const path = `communications/callRecords${formatKeyPredicate(callId)}/${name}${suffix}`;
  return `"${name}@odata.context":${JSON.stringify(contextUrl(serviceRoot, path))}`;
}
