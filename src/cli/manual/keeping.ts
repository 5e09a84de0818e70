/** The manual of what keeps a tenant's calls, and looks after them. */
import { type Manual, sqliteFiles, traces, wrongUsage } from './manual.ts';

export const keepingManual = {
  sync: {
    does: 'keep the call records of Microsoft Graph, or of another Rollcall',
    description: [
      'Fetches what upstream has: every call that it lists, every page of its sessions and participants, the logs. Then it follows, by listing again and again (--reconcile-minutes), by change notifications (--notification-url), or both. Every version of a call is kept. With --once it ends when all of it is stored.',
      'It stays within the limits of Microsoft Graph. It can be killed at any moment and goes on where it was. Several processes on one store share the work.',
      'An application with the permission CallRecords.Read.All, and a secret or a certificate of it, is all it needs. Where upstream is a dev server neither need be named. docs/keeping.md goes from the registration to the first year.',
    ],
    exits: {
      0: 'With --once: everything that upstream offers is stored. Else: ended by SIGTERM or SIGINT.',
      1: 'Upstream refuses, or the store cannot be opened.',
      2: wrongUsage,
      3: 'With --once: done, but something is missing; what it is, is told.',
    },
    files: [sqliteFiles],
    environment: [traces],
    examples: [
      {
        does: 'Fetch what a tenant has and end.',
        run: 'rollcall sync --once --tenant $TENANT_ID --client-id $CLIENT_ID --client-secret-file secret.txt',
      },
      {
        does: 'Archive a dev server on this machine, into a store of its own.',
        run: 'rollcall sync --once --upstream http://127.0.0.1:7655 --store sqlite:kept.db --json',
      },
      {
        does: 'Keep a tenant, a year of it, and answer to whoever watches.',
        run: 'rollcall sync --tenant $TENANT_ID --client-id $CLIENT_ID --client-secret-file secret.txt --keep-days 365 --health-port 9090',
      },
    ],
    seeAlso: ['serve', 'verify', 'retention', 'doctor', 'docs/keeping.md', 'docs/completeness.md'],
  },
  verify: {
    does: 'prove what is stored whole and undamaged, or name what is not',
    description: [
      'Computes every checksum again and holds every index against what is stored. Names every gap that is known: hours never listed, calls seen and not fetched, pages missing; and of each, whether sync can still heal it. It reads while others write, and keeps its report for doctor and /metrics.',
    ],
    exits: {
      0: 'Nothing is damaged, and nothing is known to be missing.',
      1: 'Something stored is not what it was, or the store cannot be opened.',
      2: wrongUsage,
      3: 'Something is missing, or no calls are stored and nothing was checked.',
    },
    examples: [
      { does: 'Look at all tenants.', run: 'rollcall verify' },
      { does: 'For a program, without progress.', run: 'rollcall verify --json --quiet' },
    ],
    seeAlso: ['sync', 'doctor', 'docs/completeness.md'],
  },
  retention: {
    does: 'drop what is older than it is to be kept',
    description: [
      'Drops calls, with all their versions, and rows of logs that began before a day. A few at a time, while others read and write. sync --keep-days does the same every day.',
    ],
    exits: {
      0: 'What was to be dropped is gone, or was counted by --dry-run.',
      1: 'Stopped before its end, where the same command goes on; damaged calls were not dropped; or the store cannot be opened.',
      2: wrongUsage,
    },
    examples: [
      { does: 'Say what a year would leave.', run: 'rollcall retention --keep-days 365 --dry-run' },
      { does: 'Keep a year.', run: 'rollcall retention --keep-days 365' },
      {
        does: 'Drop what a tenant had before a day.',
        run: 'rollcall retention --before 2026-01-01 --tenant $TENANT_ID --json',
      },
    ],
    seeAlso: ['sync', 'verify', 'docs/retention.md'],
  },
  doctor: {
    does: 'say what is wrong with a deployment, and what to do',
    description: [
      'Looks at the configuration, the store, the disk, the certificate, upstream where it is configured, and at how recent and how whole each tenant is. Says of each what it found, and of what is wrong the remedy. It changes nothing. It takes the options and variables of serve and sync, so that it sees what they see.',
    ],
    exits: {
      0: 'All is well.',
      1: 'Something is wrong.',
      2: wrongUsage,
      3: 'Something wants attention.',
    },
    examples: [
      { does: 'Look at the store.', run: 'rollcall doctor' },
      {
        does: 'Look at upstream too, for a program.',
        run: 'rollcall doctor --upstream https://graph.microsoft.com --tenant $TENANT_ID --client-id $CLIENT_ID --client-secret-file secret.txt --json',
      },
    ],
    seeAlso: ['config', 'verify', 'docs/operating.md'],
  },
} as const satisfies Record<string, Manual>;
