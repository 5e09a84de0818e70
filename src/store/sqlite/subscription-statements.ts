/** Statements about subscriptions and the outbox, each with its purpose and the index that it uses. */
import {
  challengedFields,
  entryFields,
  listenerFields,
  subscriptionFields,
} from '../subscription-decisions.ts';
import { selectionOf } from '../table-sql.ts';
import { sqliteDialect } from './dialect.ts';

export const shown = selectionOf(sqliteDialect, subscriptionFields);
export const challengedRow = selectionOf(sqliteDialect, challengedFields);
export const dueEntry = selectionOf(sqliteDialect, entryFields);
export const listener = selectionOf(sqliteDialect, listenerFields);
const withEndpoints = `JOIN tenant t USING (tenant_no)
  JOIN endpoint e ON e.endpoint_no = s.endpoint_no
  LEFT JOIN endpoint l ON l.endpoint_no = s.lifecycle_endpoint_no`;
/** A tenant has at most a hundred, so its part of the unique index is read completely. */
const live = 's.tenant_no = ? AND s.expiration_ticks > ?';
const named = `${live} AND s.application_id = ? AND s.subscription_id = ?`;

export const subscriptionStatements = {
  addEndpoint: 'INSERT INTO endpoint (url) VALUES (?) ON CONFLICT DO NOTHING',
  /** Returns the number of an endpoint; unique index on url. */
  endpointNo: 'SELECT endpoint_no FROM endpoint WHERE url = ?',

  countLiveSubscriptions: `SELECT count(*) FROM subscription s WHERE ${live}`,
  subscription: `SELECT ${shown.list} FROM subscription s ${withEndpoints} WHERE ${named}`,
  subscriptions: `SELECT ${shown.list} FROM subscription s ${withEndpoints}
    WHERE ${live} AND s.application_id = ? ORDER BY s.subscription_no`,
  tenantSubscriptions: `SELECT ${shown.list} FROM subscription s ${withEndpoints}
    WHERE ${live} ORDER BY s.subscription_no`,
  subscriptionNo: `SELECT s.subscription_no FROM subscription s WHERE ${named}`,
  deleteSubscription: `DELETE FROM subscription AS s WHERE ${named} RETURNING 1`,
  /** Returns the subscriptions that a change may concern. */
  listeners: `SELECT ${listener.list}
    FROM subscription s WHERE ${live} ORDER BY s.subscription_no`,
  /**
   * Returns lists of a call that have one of some participants; the participant's primary key, once per id and start.
   */
  listsWithParticipants: `SELECT p.participant_id, p.list_no
    FROM json_each(?) i CROSS JOIN json_each(?) s CROSS JOIN participant p ON p.participant_id = i.value
      AND p.start_ticks = s.value
    WHERE p.tenant_no = ? AND p.call_no = ?`,

  /** Returns due challenges; partial index on challenge_ms. */
  challenged: `SELECT ${challengedRow.list}
    FROM subscription s ${withEndpoints} WHERE s.challenge_ms <= ? AND s.lifecycle_endpoint_no IS NOT NULL
    ORDER BY s.challenge_ms`,
  nextChallenge: 'SELECT min(challenge_ms) FROM subscription WHERE challenge_ms IS NOT NULL',
  /** Scans the table, which has one row per subscription. */
  forgettable: 'SELECT 1 FROM subscription WHERE expiration_ticks <= ? LIMIT 1',
  forgetSubscriptions: 'DELETE FROM subscription WHERE expiration_ticks <= ?',
  forgetEndpoints: `DELETE FROM endpoint WHERE endpoint_no NOT IN (SELECT endpoint_no FROM subscription)
    AND endpoint_no NOT IN (SELECT lifecycle_endpoint_no FROM subscription WHERE lifecycle_endpoint_no IS NOT NULL)`,

  /** Returns when each endpoint has its first due entry; one lookup in outbox_due per endpoint. */
  endpoints: `SELECT url, due_ms FROM (SELECT url, (SELECT min(due_ms) FROM outbox o WHERE o.endpoint_no = e.endpoint_no)
      AS due_ms FROM endpoint e) WHERE due_ms IS NOT NULL ORDER BY due_ms`,
  /** Returns the due entries of an endpoint; outbox_due, which ends with the number. */
  dueEntries: `SELECT ${dueEntry.list}
    FROM outbox o CROSS JOIN subscription s USING (subscription_no) ${withEndpoints}
    WHERE o.endpoint_no = ? AND o.due_ms <= ? ORDER BY o.due_ms, o.outbox_no LIMIT ?`,
  outboxSize: 'SELECT count(*) FROM outbox',
} as const;

/** Statements with 64-bit columns that may exceed 2^53. */
export const wideSubscriptionStatements = [
  'subscription',
  'subscriptions',
  'tenantSubscriptions',
  'challenged',
  'dueEntries',
] as const;
