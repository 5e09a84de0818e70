/** Statements about subscriptions and the outbox: the question of each, and the index it rides on. */

const subscriptionColumns = `t.tenant_id, s.subscription_id, s.application_id, s.resource, s.change_type, e.url, l.url,
  s.client_state, s.latest_supported_tls_version, s.expiration_ticks, s.challenge_ms`;
const withEndpoints = `JOIN tenant t USING (tenant_no)
  JOIN endpoint e ON e.endpoint_no = s.endpoint_no
  LEFT JOIN endpoint l ON l.endpoint_no = s.lifecycle_endpoint_no`;
/** A tenant has a hundred at most: its part of the unique index is read whole. */
const live = 's.tenant_no = ? AND s.expiration_ticks > ?';
const named = `${live} AND s.application_id = ? AND s.subscription_id = ?`;

export const subscriptionStatements = {
  addEndpoint: 'INSERT INTO endpoint (url) VALUES (?) ON CONFLICT DO NOTHING',
  /** Number of an endpoint; unique index on url. */
  endpointNo: 'SELECT endpoint_no FROM endpoint WHERE url = ?',

  addSubscription: `INSERT INTO subscription (tenant_no, subscription_id, application_id, resource, change_type,
      client_state, latest_supported_tls_version, expiration_ticks, challenge_ms, since_edition, endpoint_no,
      lifecycle_endpoint_no)
    VALUES (${Array(12).fill('?').join(', ')})`,
  countLiveSubscriptions: `SELECT count(*) FROM subscription s WHERE ${live}`,
  subscription: `SELECT ${subscriptionColumns} FROM subscription s ${withEndpoints} WHERE ${named}`,
  subscriptions: `SELECT ${subscriptionColumns} FROM subscription s ${withEndpoints}
    WHERE ${live} AND s.application_id = ? ORDER BY s.subscription_no`,
  tenantSubscriptions: `SELECT ${subscriptionColumns} FROM subscription s ${withEndpoints}
    WHERE ${live} ORDER BY s.subscription_no`,
  updateSubscription: `UPDATE subscription AS s SET challenge_ms = ?, expiration_ticks = coalesce(?, expiration_ticks)
    WHERE ${named}`,
  deleteSubscription: `DELETE FROM subscription AS s WHERE ${named} RETURNING 1`,
  /** Who is to hear of a change. */
  listeners: `SELECT s.subscription_no, s.change_type, s.since_edition, s.endpoint_no
    FROM subscription s WHERE ${live} ORDER BY s.subscription_no`,

  /** Challenges that are due; partial index on challenge_ms. */
  challenged: `SELECT s.subscription_no, s.lifecycle_endpoint_no, ${subscriptionColumns}
    FROM subscription s ${withEndpoints} WHERE s.challenge_ms <= ? ORDER BY s.challenge_ms`,
  setChallenge: 'UPDATE subscription SET challenge_ms = ? WHERE subscription_no = ?',
  nextChallenge: 'SELECT min(challenge_ms) FROM subscription WHERE challenge_ms IS NOT NULL',
  /** Read whole: there are as many rows as subscriptions. */
  forgettable: 'SELECT 1 FROM subscription WHERE expiration_ticks <= ? LIMIT 1',
  forgetSubscriptions: 'DELETE FROM subscription WHERE expiration_ticks <= ?',
  forgetEndpoints: `DELETE FROM endpoint WHERE endpoint_no NOT IN (SELECT endpoint_no FROM subscription)
    AND endpoint_no NOT IN (SELECT lifecycle_endpoint_no FROM subscription WHERE lifecycle_endpoint_no IS NOT NULL)`,

  addOutbox: `INSERT INTO outbox (endpoint_no, subscription_no, event, call_id, end_ticks, caused_ms, due_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  /** When each endpoint has something due; one step into outbox_due for each. */
  endpoints: `SELECT url, due_ms FROM (SELECT url, (SELECT min(due_ms) FROM outbox o WHERE o.endpoint_no = e.endpoint_no)
      AS due_ms FROM endpoint e) WHERE due_ms IS NOT NULL ORDER BY due_ms`,
  /** What is due at an endpoint; outbox_due, whose end is the number. */
  dueEntries: `SELECT o.outbox_no, o.event, o.call_id, o.end_ticks, o.caused_ms, o.attempts, ${subscriptionColumns}
    FROM outbox o CROSS JOIN subscription s USING (subscription_no) ${withEndpoints}
    WHERE o.endpoint_no = ? AND o.due_ms <= ? ORDER BY o.due_ms, o.outbox_no LIMIT ?`,
  settleDone: 'DELETE FROM outbox WHERE outbox_no = ?',
  settleRetry: 'UPDATE outbox SET due_ms = ?, attempts = attempts + 1 WHERE outbox_no = ?',
  settlePostpone: 'UPDATE outbox SET due_ms = ? WHERE outbox_no = ?',
  outboxSize: 'SELECT count(*) FROM outbox',

  claim: 'SELECT owner, until_ms FROM claim WHERE name = ?',
  setClaim: `INSERT INTO claim (name, owner, until_ms) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET owner = excluded.owner, until_ms = excluded.until_ms`,
  releaseClaim: 'DELETE FROM claim WHERE name = ? AND owner = ?',
} as const;

/** Those whose 64-bit columns may exceed 2^53. */
export const wideSubscriptionStatements = [
  'subscription',
  'subscriptions',
  'tenantSubscriptions',
  'challenged',
  'dueEntries',
] as const;
