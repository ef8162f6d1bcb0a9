-- The era counts before what an operation's id stands for, and also where a top-up is asked for.

-- Whether this very run was let through before, and is not over: its answer may have been lost on the way.
CREATE FUNCTION stripe402.is_known_run_v1(client text, cur text, operation text, run text, mark text) RETURNS boolean
LANGUAGE sql
AS $$
  SELECT EXISTS (SELECT FROM stripe402.operations o
    WHERE o.client_id = client AND o.currency = cur AND o.operation_id = operation AND o.fingerprint = mark
      AND run IN (o.first_run, o.second_run) AND coalesce(o.expires_at, o.forget_at) > stripe402.now_ms());
$$;

-- `hold_v1` for a wish that is only good in one era, except for a run that has its answer; null is good in any.
CREATE OR REPLACE FUNCTION stripe402.hold_v2(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint, needs_era integer
) RETURNS TABLE (outcome text, reason text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
BEGIN
  IF needs_era IS NOT NULL THEN
    SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur;
    IF coalesce(account.era, 0) <> needs_era AND NOT stripe402.is_known_run_v1(client, cur, operation, run, mark) THEN
      outcome := 'unproven';
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  RETURN QUERY SELECT * FROM stripe402.hold_v1(client, cur, operation, run, mark, price, what, hold_ms, keep_ms,
    opens, opens_ms);
END
$$;

-- `prepare_top_up_v5` for a wish that is only good in one era: in another one it is as if nothing were wished.
CREATE FUNCTION stripe402.prepare_top_up_v6(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint,
  id text, charge bigint, buys bigint, method text, customer text, keeps boolean, thumbprint text, wants_check boolean,
  made_by text, says text, needs_era integer
) RETURNS TABLE (
  outcome text, hold_outcome text, reason text, account stripe402.accounts, purchase stripe402.purchases, now bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
  known stripe402.accounts;
BEGIN
  -- Nobody may sign out between this look and the hold.
  known := stripe402.lock_account_v1(client, cur);
  IF known.era <> needs_era AND NOT stripe402.is_known_run_v1(client, cur, operation, run, mark) THEN
    operation := NULL;
  END IF;
  RETURN QUERY SELECT * FROM stripe402.prepare_top_up_v5(client, cur, operation, run, mark, price, what, hold_ms, keep_ms,
    opens, opens_ms, id, charge, buys, method, customer, keeps, thumbprint, wants_check, made_by, says);
END
$$;
