-- What was bought at one price is not a right to what costs more.

-- Access that was opened before is for every price.
ALTER TABLE stripe402.access ADD COLUMN units bigint NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE stripe402.access ALTER COLUMN units DROP DEFAULT;
ALTER TABLE stripe402.access DROP CONSTRAINT access_pkey, ADD PRIMARY KEY (client_id, currency, resource, units);

-- Decides a wish to spend, and sets the units aside; access and a replay are for what costs no more than was paid.
-- Upper steps of the ladder only look; lower ones write.
CREATE OR REPLACE FUNCTION stripe402.hold_v1(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint
) RETURNS TABLE (outcome text, reason text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
DECLARE
  now bigint := stripe402.now_ms();
  op stripe402.operations;
  expired stripe402.operations;
BEGIN
  SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur;
  IF account.client_id IS NULL THEN
    outcome := 'insufficient';
    RETURN NEXT;
    RETURN;
  END IF;
  -- Most refusals need no lock: no credit, and nothing that could stand in for it.
  IF account.freezes = 0 AND account.available >= 0 AND account.available < price
    AND NOT EXISTS (SELECT FROM stripe402.operations o
      WHERE o.client_id = client AND o.currency = cur AND o.operation_id = operation)
    AND NOT EXISTS (SELECT FROM stripe402.operations o
      WHERE o.state = 'held' AND o.expires_at <= now AND o.client_id = client AND o.currency = cur)
    AND (opens IS NULL OR NOT EXISTS (SELECT FROM stripe402.access a
      WHERE a.client_id = client AND a.currency = cur AND a.resource = opens AND a.units >= price))
  THEN
    outcome := 'insufficient';
    RETURN NEXT;
    RETURN;
  END IF;

  SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur FOR UPDATE;
  now := stripe402.now_ms();
  SELECT * INTO op FROM stripe402.operations
    WHERE client_id = client AND currency = cur AND operation_id = operation;
  IF op.forget_at <= now OR op.expires_at <= now THEN
    op := stripe402.current_operation_v1(client, cur, operation, now);
    SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur;
  END IF;
  IF op.fingerprint <> mark THEN
    outcome := 'conflict';
  ELSIF op.state = 'held' AND run IN (op.first_run, op.second_run) THEN
    outcome := 'held';
  ELSIF op.state = 'captured' AND run IN (op.first_run, op.second_run) THEN
    outcome := 'admitted';
    reason := 'replay';
  ELSIF account.freezes > 0 OR account.available < 0 THEN
    outcome := 'frozen';
  ELSIF opens IS NOT NULL AND EXISTS (SELECT FROM stripe402.access a
    WHERE a.client_id = client AND a.currency = cur AND a.resource = opens AND a.units >= price
      AND a.ends_at > now)
  THEN
    outcome := 'admitted';
    reason := 'access';
  ELSIF op.state IN ('held', 'captured') THEN
    IF op.first_run IS NOT NULL AND op.second_run IS NOT NULL THEN
      outcome := 'conflict';
    ELSIF price > op.units OR (price < op.units AND op.state = 'held') THEN
      -- Two runs that are going on share one hold, and so one price; what was paid for before may cost less by now.
      outcome := 'conflict';
    ELSIF op.state = 'captured' THEN
      outcome := 'admitted';
      reason := 'replay';
    ELSE
      outcome := 'held';
    END IF;
    IF outcome <> 'conflict' THEN
      UPDATE stripe402.operations o
        SET first_run = coalesce(o.first_run, run),
          second_run = CASE WHEN o.first_run IS NULL THEN o.second_run ELSE run END,
          expires_at = CASE o.state WHEN 'held' THEN greatest(o.expires_at, now + hold_ms) END,
          forget_at = CASE o.state WHEN 'captured' THEN now + keep_ms END
        WHERE o.client_id = client AND o.currency = cur AND o.operation_id = operation;
    END IF;
  ELSE
    IF account.available < price THEN
      -- Holds that ran out but were not swept yet belong to their payer already.
      FOR expired IN SELECT * FROM stripe402.operations o
        WHERE o.state = 'held' AND o.expires_at <= now AND o.client_id = client AND o.currency = cur
      LOOP
        PERFORM stripe402.give_back_v1(expired, now);
      END LOOP;
    END IF;
    UPDATE stripe402.accounts
      SET available = available - price, held = held + price
      WHERE client_id = client AND currency = cur AND available >= price
      RETURNING * INTO account;
    IF NOT FOUND THEN
      outcome := 'insufficient';
      SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur;
    ELSE
      outcome := 'held';
      INSERT INTO stripe402.operations AS o (client_id, currency, operation_id, fingerprint, state, units, first_run,
          expires_at, remember_ms, resource, access_resource, access_ms)
        VALUES (client, cur, operation, mark, 'held', price, run, now + hold_ms, keep_ms, what, opens, opens_ms)
        -- Only a released or a forgotten one can be in the way.
        ON CONFLICT (client_id, currency, operation_id) DO UPDATE
          SET fingerprint = excluded.fingerprint, state = 'held', units = excluded.units,
            first_run = excluded.first_run, second_run = NULL, expires_at = excluded.expires_at,
            remember_ms = excluded.remember_ms, forget_at = NULL, resource = excluded.resource,
            access_resource = excluded.access_resource, access_ms = excluded.access_ms;
    END IF;
  END IF;
  RETURN NEXT;
END
$$;

-- Captures many, given as [[client, currency, operation, run, units], …]; what is not spent is available again.
-- Answers in the same order. Of two captures of one operation the first that may counts.
CREATE OR REPLACE FUNCTION stripe402.capture_v1(captures jsonb, keep bigint) RETURNS TABLE (place bigint, outcome text)
LANGUAGE plpgsql
AS $$
DECLARE
  now bigint;
  expired stripe402.operations;
BEGIN
  -- All locks first and in one order: two lists that cross would wait for each other.
  PERFORM FROM stripe402.accounts a
    WHERE (a.client_id, a.currency) IN (SELECT value ->> 0, value ->> 1 FROM jsonb_array_elements(captures))
    ORDER BY a.client_id, a.currency
    FOR UPDATE;
  now := stripe402.now_ms();
  FOR expired IN
    SELECT o.* FROM stripe402.operations o
      WHERE o.state = 'held' AND o.expires_at <= now AND (o.client_id, o.currency, o.operation_id) IN
        (SELECT value ->> 0, value ->> 1, value ->> 2 FROM jsonb_array_elements(captures))
  LOOP
    PERFORM stripe402.give_back_v1(expired, now);
  END LOOP;

  -- One update per account, however many of its operations are captured: each would leave a dead row to step over.
  RETURN QUERY
  WITH wanted AS (
    SELECT c.ordinality AS at, value ->> 0 AS client_id, value ->> 1 AS currency, value ->> 2 AS operation_id,
        value ->> 3 AS run, (value ->> 4)::bigint AS units
      FROM jsonb_array_elements(captures) WITH ORDINALITY c
  ), known AS (
    SELECT w.at, w.client_id, w.currency, w.operation_id, o.state, o.units AS held_units,
        least(w.units, o.units) AS taken,
        coalesce(o.state = 'held' AND w.run IN (o.first_run, o.second_run), false) AS may_capture
      FROM wanted w LEFT JOIN stripe402.operations o USING (client_id, currency, operation_id)
      WHERE o.forget_at IS NULL OR o.forget_at > now OR o.state <> 'captured'
  ), winners AS (
    SELECT DISTINCT ON (k.client_id, k.currency, k.operation_id) k.* FROM known k
      WHERE k.may_capture ORDER BY k.client_id, k.currency, k.operation_id, k.at
  ), ended AS (
    UPDATE stripe402.operations o
      SET state = 'captured', expires_at = NULL, forget_at = now + o.remember_ms
      FROM winners w
      WHERE o.client_id = w.client_id AND o.currency = w.currency AND o.operation_id = w.operation_id
      RETURNING w.at, w.held_units, w.taken, o.client_id, o.currency, o.resource, o.access_resource, o.access_ms
  ), sums AS (
    SELECT e.client_id, e.currency, sum(e.held_units)::bigint AS held, sum(e.taken)::bigint AS taken,
        count(*) FILTER (WHERE e.taken > 0) AS lines
      FROM ended e GROUP BY e.client_id, e.currency
  ), spent AS (
    UPDATE stripe402.accounts a
      SET held = a.held - s.held, spent = a.spent + s.taken, available = a.available + s.held - s.taken,
        entries = a.entries + s.lines
      FROM sums s WHERE a.client_id = s.client_id AND a.currency = s.currency
      RETURNING a.client_id, a.currency, a.entries - s.lines AS last_entry
  ), told AS (
    INSERT INTO stripe402.history (client_id, currency, entry, at_ms, kind, units, reference)
      SELECT e.client_id, e.currency,
          s.last_entry + row_number() OVER (PARTITION BY e.client_id, e.currency ORDER BY e.at),
          now, 'spend', -e.taken, e.resource
        FROM ended e JOIN spent s USING (client_id, currency) WHERE e.taken > 0
  ), opened AS (
    INSERT INTO stripe402.access AS a (client_id, currency, resource, units, ends_at)
      SELECT e.client_id, e.currency, e.access_resource, e.held_units, now + max(e.access_ms)
        FROM ended e WHERE e.access_resource IS NOT NULL
        GROUP BY e.client_id, e.currency, e.access_resource, e.held_units
      ON CONFLICT (client_id, currency, resource, units) DO UPDATE SET ends_at = greatest(a.ends_at, excluded.ends_at)
  )
  SELECT w.at, CASE
      WHEN first.at = w.at THEN 'captured'
      WHEN first.at < w.at OR k.state = 'captured' THEN 'already_captured'
      ELSE 'expired'
    END
    FROM wanted w
    LEFT JOIN known k USING (at)
    LEFT JOIN winners first ON first.client_id = w.client_id AND first.currency = w.currency
      AND first.operation_id = w.operation_id
    ORDER BY w.at;

  DELETE FROM stripe402.history h USING stripe402.accounts a
    WHERE h.client_id = a.client_id AND h.currency = a.currency AND h.entry <= a.entries - keep
      AND (a.client_id, a.currency) IN (SELECT value ->> 0, value ->> 1 FROM jsonb_array_elements(captures));
END
$$;
