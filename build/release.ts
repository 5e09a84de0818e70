/** Checks a release before anything is published, and returns its notes. */

interface Release {
  /** The changelog's section of the version, without its heading. */
  readonly notes: string;
  /** Sentences for the person who releases; a release with any of them publishes nothing. */
  readonly problems: readonly string[];
}

/**
 * Checks a release.
 *
 * @param tag The pushed tag: `v1.2.3`.
 * @param read Returns the text of a file, by its path in the repository.
 */
export function releaseNotes(tag: string, read: (path: string) => string): Release {
  const versions = versionsIn(read);
  const { 'package.json': version } = versions;
  const others = Object.entries(versions).filter(([, other]) => other !== version);
  const notes = sectionOf(read('CHANGELOG.md'), version);
  return {
    notes,
    problems: [
      ...(tag === `v${version}`
        ? []
        : [
            `The tag '${tag}' is not v${version}, the version in package.json. Delete the tag, or change the version.`,
          ]),
      ...others.map(
        ([place, other]) =>
          `${place} has ${other ?? 'no version'}, and package.json ${version}. Set both to one version.`,
      ),
      ...(notes === ''
        ? [`CHANGELOG.md has no text below '## ${version}'. Write what changed, for those who run Rollcall.`]
        : []),
    ],
  };
}

/** Returns each place with the version; all must be equal. */
function versionsIn(read: (path: string) => string) {
  const json = (path: string) => JSON.parse(read(path)) as { version: string; packages?: Packages };
  const lock = json('package-lock.json');
  const chart = read('deploy/helm/rollcall/Chart.yaml');
  const ofChart = (key: string) => new RegExp(`^${key}: *(\\S+)$`, 'm').exec(chart)?.[1];
  return {
    'package.json': json('package.json').version,
    'package-lock.json': lock.version,
    'the root of package-lock.json': lock.packages?.['']?.version,
    'version in deploy/helm/rollcall/Chart.yaml': ofChart('version'),
    'appVersion in deploy/helm/rollcall/Chart.yaml': ofChart('appVersion'),
  };
}

type Packages = Readonly<Record<string, { readonly version?: string }>>;

/** Returns the text below `## VERSION`, with or without a date, up to the next version; empty when there is none */
function sectionOf(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((one) => one.split(/[\s(]/, 1)[0]?.replace(/^\[|\]$/g, '') === version);
  const text = section?.slice(section.indexOf('\n')).trim() ?? '';
  return text === '' ? '' : `${text}\n`;
}
