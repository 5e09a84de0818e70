import { legacyIdentitySet } from './identity.ts';
import { between, chance, type Random, weighted, weightedNames } from './random.ts';
import type { GeneratedPerson } from './tenant.ts';
import type { Impairment } from './impairments.ts';

/** The device of a person. Only computers report their name and processor. */
interface Client {
  readonly platform: string;
  readonly computer: 'PC' | 'MAC' | null;
  readonly cpuName: string | null;
  readonly cpuCoresCount: number | null;
  readonly cpuProcessorSpeedInMhz: number | null;
}

function computer(
  platform: string,
  cpuName: string,
  cpuCoresCount: number,
  cpuProcessorSpeedInMhz: number,
): Client {
  return {
    platform,
    computer: platform === 'macOS' ? 'MAC' : 'PC',
    cpuName,
    cpuCoresCount,
    cpuProcessorSpeedInMhz,
  };
}

function other(platform: string): Client {
  return { platform, computer: null, cpuName: null, cpuCoresCount: null, cpuProcessorSpeedInMhz: null };
}

const clientOf = weighted<Client>([
  [computer('windows', '12th Gen Intel(R) Core(TM) i7-1265U', 10, 1800), 24],
  [computer('windows', '13th Gen Intel(R) Core(TM) i5-1345U', 10, 1600), 20],
  [computer('windows', 'AMD Ryzen 7 PRO 7840U w/ Radeon 780M Graphics', 8, 3300), 10],
  [computer('windows', 'Snapdragon(R) X Elite - X1E80100', 12, 3417), 4],
  [computer('macOS', 'Apple M3 Pro', 11, 4050), 14],
  [other('iOS'), 11],
  [other('android'), 8],
  [other('web'), 7],
  [other('ipPhone'), 2],
]);
const notAClient = other('unknown');

const rating = weightedNames({ bad: 4, poor: 8, fair: 14, good: 34, excellent: 40 });
const complaints = ['NoSound', 'Echo', 'Noisy', 'LowVolume', 'Stopped', 'DistortedSound', 'Interruptions'];
const notRated = { text: null, rating: 'notRated', tokens: {} };

/** Returns the person's end of a session; early records have no processor and no feedback. */
export function participantEndpoint(
  random: Random,
  person: GeneratedPerson,
  early: boolean,
  impairment: Impairment | undefined,
) {
  const drawn = clientOf(random);
  const release = between(random, 25, 44);
  const given = chance(random, 0.06) ? feedbackOf(random) : notRated;
  const feedback =
    impairment === undefined || impairment.complaints.length === 0 ? given : complaintOf(impairment);

  const { id, displayName } = person.identity;
  const client = person.kind === 'user' ? drawn : notAClient;
  const rated = person.kind === 'user' || person.kind === 'guest';
  const room = person.kind === 'device' ? displayName : null;
  return {
    '@odata.type': '#microsoft.graph.callRecords.participantEndpoint',
    name: client.computer === null ? room : `${client.computer}-${id.slice(0, 6).toUpperCase()}`,
    cpuName: early ? null : client.cpuName,
    cpuCoresCount: early ? null : client.cpuCoresCount,
    cpuProcessorSpeedInMhz: early ? null : client.cpuProcessorSpeedInMhz,
    userAgent: userAgentOf(person, drawn.platform, `releases/CL2025.R${release}`),
    identity: legacyIdentitySet(person.kind, person.identity),
    associatedIdentity: person.identity,
    feedback: rated && !early ? feedback : notRated,
  };
}

/** The conference that a participant of a group call is connected to. */
export const conferenceEndpoint = {
  '@odata.type': '#microsoft.graph.callRecords.serviceEndpoint',
  userAgent: clientUserAgent(null, null, 'unknown', 'unknown'),
};

/** Returns a service endpoint: the other end of a telephone or an application. */
export function serviceEndpoint(role: string) {
  return { '@odata.type': '#microsoft.graph.callRecords.serviceEndpoint', userAgent: serviceUserAgent(role) };
}

function userAgentOf(person: GeneratedPerson, platform: string, release: string) {
  switch (person.kind) {
    case 'application':
      return serviceUserAgent('customBot');
    case 'applicationInstance':
      return serviceUserAgent(
        person.identity.displayName?.startsWith('Main') === true
          ? 'skypeForBusinessAutoAttendant'
          : 'skypeForBusinessCallQueues',
      );
    case 'device':
      return clientUserAgent(release, '1449/5.3.0.0', 'roomSystem', 'teams');
    case 'onPremises':
      return clientUserAgent(
        'UCCAPI/16.0 OC/16.0 (Skype for Business)',
        '16.0',
        'windows',
        'skypeForBusiness',
      );
    case 'azureCommunicationServicesUser':
      return {
        ...clientUserAgent('SkypeSpaces ACSWeb/1.32.1', '1.32.1', 'web', 'azureCommunicationServices'),
        communicationServiceId: person.identity.azureCommunicationServicesResourceId ?? null,
      };
    case 'phone':
    case 'assertedIdentity':
      return clientUserAgent(null, null, 'unknown', 'unknown');
    case 'user':
    case 'guest':
    case 'encrypted':
      return clientUserAgent(release, null, platform, 'teams');
  }
}

function clientUserAgent(
  headerValue: string | null,
  applicationVersion: string | null,
  platform: string,
  productFamily: string,
) {
  return {
    '@odata.type': '#microsoft.graph.callRecords.clientUserAgent',
    headerValue,
    applicationVersion,
    platform,
    productFamily,
    communicationServiceId: null,
    azureADAppId: null,
  };
}

function serviceUserAgent(role: string) {
  return {
    '@odata.type': '#microsoft.graph.callRecords.serviceUserAgent',
    headerValue: null,
    applicationVersion: null,
    role,
  };
}

function complaintOf(impairment: Impairment) {
  const tokens = Object.fromEntries(
    complaints.map((token) => [token, impairment.complaints.includes(token)]),
  );
  return { text: null, rating: 'poor', tokens };
}

function feedbackOf(random: Random) {
  const given = rating(random);
  const unhappy = given === 'bad' || given === 'poor';
  const tokens = unhappy
    ? Object.fromEntries(complaints.map((complaint) => [complaint, chance(random, 0.3)]))
    : {};
  const text = unhappy && chance(random, 0.3) ? 'Could not hear them – "hello? hello?" 🙉' : null;
  return { text, rating: given, tokens };
}
