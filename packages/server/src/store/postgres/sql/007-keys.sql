-- Keys of devices: what an account with one wants to see before it spends.

ALTER TABLE stripe402.accounts
  -- 0 while no key was ever bound; one more each time all devices were signed out.
  ADD COLUMN era integer NOT NULL DEFAULT 0,
  ADD COLUMN thumbprints text[] NOT NULL DEFAULT '{}';

-- `hold_v1` for a wish that is only good in one era; null is good in any.
CREATE FUNCTION stripe402.hold_v2(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint, needs_era integer
) RETURNS TABLE (outcome text, reason text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
BEGIN
  IF needs_era IS NOT NULL THEN
    SELECT * INTO account FROM stripe402.accounts WHERE client_id = client AND currency = cur;
    IF coalesce(account.era, 0) <> needs_era THEN
      outcome := 'unproven';
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  RETURN QUERY SELECT * FROM stripe402.hold_v1(client, cur, operation, run, mark, price, what, hold_ms, keep_ms,
    opens, opens_ms);
END
$$;

-- Binds a key, keeps the newest of them, and gives the era.
CREATE FUNCTION stripe402.bind_key_v1(client text, cur text, thumbprint text, most integer) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
  bound stripe402.accounts;
BEGIN
  bound := stripe402.lock_account_v1(client, cur);
  bound.thumbprints := array_append(array_remove(bound.thumbprints, thumbprint), thumbprint);
  UPDATE stripe402.accounts a
    SET era = greatest(a.era, 1),
      thumbprints = bound.thumbprints[greatest(1, cardinality(bound.thumbprints) - most + 1):]
    WHERE a.client_id = client AND a.currency = cur;
  RETURN greatest(bound.era, 1);
END
$$;

-- Begins a new era, without keys.
CREATE FUNCTION stripe402.sign_out_v1(client text, cur text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM stripe402.lock_account_v1(client, cur);
  UPDATE stripe402.accounts a SET era = a.era + 1, thumbprints = '{}' WHERE a.client_id = client AND a.currency = cur;
END
$$;
