-- Top-ups, credits and debits. The account's row is locked before a purchase's row, everywhere.

-- Locks an account, which exists from here on.
CREATE FUNCTION stripe402.lock_account_v1(client text, cur text) RETURNS stripe402.accounts
LANGUAGE plpgsql
AS $$
DECLARE
  account stripe402.accounts;
BEGIN
  SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO stripe402.accounts (client_id, currency) VALUES (client, cur) ON CONFLICT DO NOTHING;
    SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur FOR UPDATE;
  END IF;
  RETURN account;
END
$$;

-- Opens a top-up, or finds that it is not needed or not possible. `operation` is null without a hold.
CREATE FUNCTION stripe402.prepare_top_up_v1(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint,
  id text, charge bigint, buys bigint, method text
) RETURNS TABLE (
  outcome text, hold_outcome text, reason text, account stripe402.accounts, purchase stripe402.purchases, now bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
  wish record;
BEGIN
  -- Between the look at the balance and the opening nobody may credit this account.
  PERFORM stripe402.lock_account_v1(client, cur);
  now := stripe402.now_ms();
  IF operation IS NOT NULL THEN
    SELECT * INTO wish
      FROM stripe402.hold_v1(client, cur, operation, run, mark, price, what, hold_ms, keep_ms, opens, opens_ms);
    IF wish.outcome IN ('held', 'admitted', 'conflict') THEN
      hold_outcome := wish.outcome;
      reason := wish.reason;
      account := wish.account;
      outcome := CASE hold_outcome WHEN 'conflict' THEN 'conflict' ELSE 'sufficient' END;
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  LOOP
    SELECT * INTO purchase FROM stripe402.purchases p WHERE p.purchase_id = id FOR UPDATE;
    IF FOUND AND (purchase.status <> 'failed' OR purchase.payment_method_id = method) THEN
      outcome := 'existing';
      EXIT;
    END IF;
    SELECT * INTO purchase FROM stripe402.purchases p
      WHERE p.client_id = client AND p.currency = cur AND p.status IN ('prepared', 'intent_saved', 'requires_action');
    IF FOUND THEN
      outcome := 'busy';
      EXIT;
    END IF;
    INSERT INTO stripe402.purchases AS p (purchase_id, client_id, currency, minor, units, payment_method_id, status,
        attempt, created_at, updated_at)
      VALUES (id, client, cur, charge, buys, method, 'prepared', 1, now, now)
      ON CONFLICT (purchase_id) DO UPDATE
        SET client_id = excluded.client_id, currency = excluded.currency, minor = excluded.minor,
          units = excluded.units, payment_method_id = excluded.payment_method_id, status = 'prepared',
          attempt = p.attempt + 1, payment_intent_id = NULL, error = NULL, decline_code = NULL,
          updated_at = excluded.updated_at
        -- Somebody else may have opened it since the look above.
        WHERE p.status = 'failed' AND p.payment_method_id <> excluded.payment_method_id
      RETURNING p.* INTO purchase;
    IF FOUND THEN
      outcome := 'prepared';
      EXIT;
    END IF;
  END LOOP;
  RETURN NEXT;
END
$$;

-- Remembers the PaymentIntent of an open top-up; the first one stays. No row: never prepared.
CREATE FUNCTION stripe402.save_intent_v1(id text, of_attempt integer, intent text) RETURNS SETOF stripe402.purchases
LANGUAGE sql
AS $$
  UPDATE stripe402.purchases
    SET payment_intent_id = intent, updated_at = stripe402.now_ms(),
      status = CASE status WHEN 'prepared' THEN 'intent_saved' ELSE status END
    WHERE purchase_id = id AND attempt = of_attempt AND status IN ('prepared', 'intent_saved', 'requires_action')
      AND payment_intent_id IS NULL;
  SELECT * FROM stripe402.purchases WHERE purchase_id = id;
$$;

-- Notes that an open top-up waits for the person. No row: never prepared.
CREATE FUNCTION stripe402.await_action_v1(id text, of_attempt integer) RETURNS SETOF stripe402.purchases
LANGUAGE sql
AS $$
  UPDATE stripe402.purchases
    SET status = 'requires_action', updated_at = stripe402.now_ms()
    WHERE purchase_id = id AND attempt = of_attempt AND status IN ('prepared', 'intent_saved');
  SELECT * FROM stripe402.purchases WHERE purchase_id = id;
$$;

-- Closes a top-up that certainly took no money. No row: never prepared.
CREATE FUNCTION stripe402.fail_top_up_v1(id text, of_attempt integer, why text, decline text)
RETURNS SETOF stripe402.purchases
LANGUAGE sql
AS $$
  UPDATE stripe402.purchases
    SET status = 'failed', error = why, decline_code = decline, updated_at = stripe402.now_ms()
    WHERE purchase_id = id AND attempt = of_attempt AND status IN ('prepared', 'intent_saved', 'requires_action');
  SELECT * FROM stripe402.purchases WHERE purchase_id = id;
$$;

-- Credits a payment once, and closes the purchase that it was for.
CREATE FUNCTION stripe402.credit_v1(client text, cur text, intent text, buys bigint, id text, keep bigint)
RETURNS TABLE (outcome text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
DECLARE
  now bigint;
BEGIN
  account := stripe402.lock_account_v1(client, cur);
  now := stripe402.now_ms();
  INSERT INTO stripe402.credits (payment_intent_id, client_id, currency, units, credited_at)
    VALUES (intent, client, cur, buys, now)
    ON CONFLICT (payment_intent_id) DO NOTHING;
  IF NOT FOUND THEN
    outcome := 'already_credited';
  ELSE
    outcome := 'credited';
    IF account.credited + buys > 9007199254740991 OR account.available + buys > 9007199254740991 THEN
      RAISE numeric_value_out_of_range USING MESSAGE = 'credited';
    END IF;
    UPDATE stripe402.accounts
      SET credited = credited + buys, available = available + buys, entries = entries + 1
      WHERE client_id = client AND currency = cur
      RETURNING * INTO account;
    PERFORM stripe402.add_entry_v1(client, cur, account.entries, now, 'top_up', buys, intent, keep);
  END IF;
  -- Also for a known payment: an earlier call may not have known which purchase it was for.
  UPDATE stripe402.purchases
    SET status = 'credited', payment_intent_id = intent, error = NULL, decline_code = NULL, updated_at = now
    WHERE purchase_id = id AND client_id = client AND currency = cur AND status <> 'credited'
      AND (payment_intent_id IS NULL OR payment_intent_id = intent);
  RETURN NEXT;
END
$$;

-- Merges the state of one refund or dispute into its account. The highest rank wins, in any order of arrival.
CREATE FUNCTION stripe402.debit_v1(
  client text, cur text, id text, new_rank bigint, takes bigint, is_freezing boolean, why text, keep bigint
) RETURNS TABLE (outcome text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
DECLARE
  now bigint;
  known stripe402.debits;
  change bigint;
BEGIN
  account := stripe402.lock_account_v1(client, cur);
  now := stripe402.now_ms();
  SELECT * INTO known FROM stripe402.debits WHERE client_id = client AND currency = cur AND debit_id = id;
  IF known.rank >= new_rank THEN
    outcome := 'unchanged';
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := 'debited';
  change := takes - coalesce(known.units, 0);
  IF account.debited + change > 9007199254740991 OR abs(account.available - change) > 9007199254740991 THEN
    RAISE numeric_value_out_of_range USING MESSAGE = 'debited';
  END IF;
  INSERT INTO stripe402.debits (client_id, currency, debit_id, rank, units, freezes, reason)
    VALUES (client, cur, id, new_rank, takes, is_freezing, why)
    ON CONFLICT (client_id, currency, debit_id) DO UPDATE
      SET rank = excluded.rank, units = excluded.units, freezes = excluded.freezes, reason = excluded.reason;
  UPDATE stripe402.accounts
    SET debited = debited + change, available = available - change,
      freezes = freezes + is_freezing::integer - coalesce(known.freezes, false)::integer,
      entries = entries + CASE WHEN change <> 0 THEN 1 ELSE 0 END
    WHERE client_id = client AND currency = cur
    RETURNING * INTO account;
  IF change <> 0 THEN
    PERFORM stripe402.add_entry_v1(client, cur, account.entries, now, why, -change, id, keep);
  END IF;
  RETURN NEXT;
END
$$;
