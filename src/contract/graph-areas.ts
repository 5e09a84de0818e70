/**
 * The areas of Microsoft Graph other than call records: the entity sets and singletons of its container, and the
 * navigation properties of `communications`. Source for v1.0 and for `communications`: microsoftgraph/msgraph-metadata,
 * clean_v10_metadata/cleanMetadata.xml and schemas/v1.0-Prod.csdl of 2026-08. Source for the additional ones of beta:
 * the root client of microsoftgraph/msgraph-beta-sdk-dotnet (BaseGraphServiceClient), which is generated from beta's
 * metadata.
 */
import type { Edm } from './edm.ts';

const roots = `admin agreementAcceptances agreements appCatalogs applications applicationTemplates auditLogs
  authenticationMethodConfigurations authenticationMethodsPolicy certificateBasedAuthConfiguration chats compliance
  connections contacts contracts copilot dataPolicyOperations deviceAppManagement deviceManagement devices directory
  directoryObjects directoryRoles directoryRoleTemplates domainDnsRecords domains drive drives education
  employeeExperience external filterOperators functions groupLifecyclePolicies groups groupSettings
  groupSettingTemplates identity identityGovernance identityProtection identityProviders informationProtection
  invitations me oauth2PermissionGrants organization permissionGrants places planner policies print privacy reports
  roleManagement schemaExtensions scopedRoleMemberships search security servicePrincipals shares sites solutions
  storage subscribedSkus teams teamsTemplates teamwork tenantRelationships users`;

const betaRoots = `accessReviewDecisions accessReviews activitystatistics administrativeUnits allowedDataLocations app
  approvalWorkflowProviders appRoleAssignments bookingBusinesses bookingCurrencies branding businessFlowTemplates
  commands dataClassification directorySettingTemplates financials governanceResources
  governanceRoleAssignmentRequests governanceRoleAssignments governanceRoleDefinitions governanceRoleSettings
  governanceSubjects messageEvents messageRecipients messageTraces mobilityManagementPolicies officeConfiguration
  onPremisesPublishingProfiles payloadResponse privilegedAccess privilegedApproval privilegedOperationEvents
  privilegedRoleAssignmentRequests privilegedRoleAssignments privilegedRoles privilegedSignupStatus
  programControls programControlTypes programs riskDetections riskyUsers settings teamTemplateDefinition termStore
  threatSubmission trustFramework workbooks`;

/** Without callRecords; the last two are an action and a function. */
const communications = `adhocCalls calls onlineMeetingConversations onlineMeetings presences getPresencesByUserId
  getAllOnlineMeetingMessages`;

const namesOf = (words: string): ReadonlyMap<string, string> =>
  new Map(words.split(/\s+/).map((name) => [name.toLowerCase(), name]));

const areas: Readonly<Record<Edm['version'], ReadonlyMap<string, string>>> = {
  'v1.0': namesOf(roots),
  beta: namesOf(`${roots} ${betaRoots}`),
};
const communicationsAreas = namesOf(communications);

/**
 * Returns the area of Graph that a path leads to if Rollcall does not emulate it: `users`,
 * `communications/onlineMeetings`. Like Graph, it ignores letter case.
 *
 * @param path Below the version, percent-encoded.
 */
export function unemulatedArea(version: Edm['version'], path: string): string | undefined {
  const [first = '', second = ''] = path.split('/', 2).map(nameOf);
  if (first !== 'communications') return areas[version].get(first);
  if (second === '') return first;
  const found = communicationsAreas.get(second);
  return found && `communications/${found}`;
}

/** Returns the name in a segment, without a key, arguments and the namespace. */
function nameOf(segment: string): string {
  const open = segment.search(/\(|%28/);
  const name = open < 0 ? segment : segment.slice(0, open);
  return name.toLowerCase().replace(/^microsoft\.graph\./, '');
}
