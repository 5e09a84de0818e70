/** Determines the accepted audiences of tokens from `--authority` and `--audience`. */
import { isEntra, isGraphAudience } from '../../contract/entra.ts';
import { isGuid } from '../../contract/ids.ts';
import { graphAudiences } from '../../base/development.ts';
import { trimEnd } from '../../base/trim-end.ts';
import { namedAuthorities } from './authorities.ts';
import type { ServerSettings } from './server-settings.ts';

/** Returns the accepted audiences; Graph's own by default, which an authority other than Microsoft's may sign for. */
export function audiencesBy({ audience }: Pick<ServerSettings, 'audience'>): readonly string[] {
  return audience ?? graphAudiences;
}

const nextStep =
  'Register an API for Rollcall (deploy/entra/register.sh does it) and name its application ID URI and its client ID, as --audience api://CLIENT_ID,CLIENT_ID. See docs/clients.md.';

/**
 * Returns the errors of the audiences, each with the next step. Only Graph can validate a token made for Graph: Entra
 * signs it with a nonce in its header that Graph alone can resolve.
 *
 * @see docs/decisions/0045-audience.md
 */
export function audienceProblems({
  authority,
  audience,
}: Pick<ServerSettings, 'authority' | 'audience'>): readonly string[] {
  const entra = namedAuthorities(authority).find(({ url }) => isEntra(url));
  if (entra === undefined) return [];
  if (audience === undefined)
    return [
      `--audience: ${entra.url} is Microsoft Entra, and only Graph can validate a token made for Graph, so this server needs tokens made for itself. ${nextStep}`,
    ];
  return audience.flatMap((one) => {
    const reason = whyNeverValid(one);
    return reason === undefined ? [] : [`--audience: '${one}' ${reason}`];
  });
}

/** Returns why Entra issues no verifiable token for an audience. */
function whyNeverValid(audience: string): string | undefined {
  const text = trimEnd(audience, '/');
  if (isGraphAudience(text))
    return `is Microsoft Graph, and only Graph can validate a token made for Graph. ${nextStep}`;
  if (text.endsWith('/.default'))
    return `is the scope that a client asks for. The audience of its token has no /.default: --audience ${text.slice(0, -9)}.`;
  if (!isGuid(text) && !/^[a-z][a-z\d+.-]*:./i.test(text))
    return 'is neither an application ID URI such as api://CLIENT_ID nor a client ID.';
  return undefined;
}
