/** Statements about subscriptions and the outbox, each with its purpose and the index that it uses. */
import {
  challengedFields,
  entryFields,
  listenerFields,
  subscriptionFields,
} from './subscription-decisions.ts';
import { selecting } from './table-sql.ts';

const withEndpoints = `JOIN rollcall.tenant t USING (tenant_no)
  JOIN rollcall.endpoint e ON e.endpoint_no = s.endpoint_no
  LEFT JOIN rollcall.endpoint l ON l.endpoint_no = s.lifecycle_endpoint_no`;
/** A tenant has at most a hundred, so its part of the unique index is read completely. */
const live = 's.tenant_no = $1 AND s.expiration_ticks > $2';
const named = `${live} AND s.application_id = $3 AND s.subscription_id = $4`;
const shownWhere = (condition: string) =>
  selecting(
    subscriptionFields,
    (columns) => `SELECT ${columns} FROM rollcall.subscription s ${withEndpoints} WHERE ${condition}`,
  );

export const subscriptionStatements = {
  addEndpoint: 'INSERT INTO rollcall.endpoint (url) VALUES ($1) ON CONFLICT DO NOTHING',
  /** Return the number of an endpoint; unique index on url. The lock prevents its deletion meanwhile. */
  endpointNo: 'SELECT endpoint_no FROM rollcall.endpoint WHERE url = $1',
  lockEndpoint: 'SELECT endpoint_no FROM rollcall.endpoint WHERE url = $1 FOR KEY SHARE',

  countLiveSubscriptions: `SELECT count(*) FROM rollcall.subscription s WHERE ${live}`,
  subscription: shownWhere(named),
  subscriptions: shownWhere(`${live} AND s.application_id = $3 ORDER BY s.subscription_no`),
  tenantSubscriptions: shownWhere(`${live} ORDER BY s.subscription_no`),
  lockSubscription: `SELECT s.subscription_no FROM rollcall.subscription s WHERE ${named} FOR UPDATE`,
  deleteSubscription: `DELETE FROM rollcall.subscription AS s WHERE ${named} RETURNING 1`,
  /** Returns the subscriptions that a change may concern. */
  listeners: selecting(
    listenerFields,
    (columns) => `SELECT ${columns} FROM rollcall.subscription s WHERE ${live} ORDER BY s.subscription_no`,
  ),

  /** Returns due challenges; partial index on challenge_ms. It skips rows that another process is writing. */
  challenged: selecting(
    challengedFields,
    (columns) => `SELECT ${columns} FROM rollcall.subscription s ${withEndpoints}
    WHERE s.challenge_ms <= $1 AND s.lifecycle_endpoint_no IS NOT NULL
    ORDER BY s.challenge_ms FOR UPDATE OF s SKIP LOCKED`,
  ),
  nextChallenge: 'SELECT min(challenge_ms) FROM rollcall.subscription WHERE challenge_ms IS NOT NULL',
  /** Scans the table, which has one row per subscription. */
  forgettable: 'SELECT 1 FROM rollcall.subscription WHERE expiration_ticks <= $1 LIMIT 1',
  forgetSubscriptions: 'DELETE FROM rollcall.subscription WHERE expiration_ticks <= $1',
  forgetEndpoints: `DELETE FROM rollcall.endpoint WHERE endpoint_no IN (SELECT e.endpoint_no FROM rollcall.endpoint e
      WHERE NOT EXISTS (SELECT 1 FROM rollcall.subscription s
        WHERE e.endpoint_no IN (s.endpoint_no, s.lifecycle_endpoint_no)) FOR UPDATE SKIP LOCKED)`,

  /** Returns when each endpoint has its first due entry; one lookup in outbox_due per endpoint. */
  endpoints: `SELECT url, due_ms FROM (SELECT e.url, (SELECT min(o.due_ms) FROM rollcall.outbox o
      WHERE o.endpoint_no = e.endpoint_no) AS due_ms FROM rollcall.endpoint e) d
    WHERE due_ms IS NOT NULL ORDER BY due_ms`,
  /** Returns the due entries of an endpoint; outbox_due, which ends with the number. */
  dueEntries: selecting(
    entryFields,
    (columns) => `SELECT ${columns}
    FROM rollcall.outbox o JOIN rollcall.subscription s USING (subscription_no) ${withEndpoints}
    WHERE o.endpoint_no = $1 AND o.due_ms <= $2 ORDER BY o.due_ms, o.outbox_no LIMIT $3`,
  ),
  outboxSize: 'SELECT count(*) FROM rollcall.outbox',
} as const;
