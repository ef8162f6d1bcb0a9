-- Holds of one moment in one transaction, so that they wait for the disk once.

-- `hold_v2` for many, given as [[client, currency, operation, run, fingerprint, price, resource, milliseconds to hold,
-- milliseconds to remember, resource to open, milliseconds to open it for, era], …]; answers by place.
CREATE FUNCTION stripe402.hold_many_v1(wishes jsonb)
RETURNS TABLE (place bigint, outcome text, reason text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
DECLARE
  wish record;
BEGIN
  -- All locks first and in one order: two lists that cross would wait for each other.
  PERFORM FROM stripe402.accounts a
    WHERE (a.client_id, a.currency) IN (SELECT value ->> 0, value ->> 1 FROM jsonb_array_elements(wishes))
    ORDER BY a.client_id, a.currency
    FOR UPDATE;
  FOR wish IN SELECT ordinality AS at, value AS list FROM jsonb_array_elements(wishes) WITH ORDINALITY LOOP
    RETURN QUERY SELECT wish.at, h.outcome, h.reason, h.account
      FROM stripe402.hold_v2(wish.list ->> 0, wish.list ->> 1, wish.list ->> 2, wish.list ->> 3, wish.list ->> 4,
        (wish.list ->> 5)::bigint, wish.list ->> 6, (wish.list ->> 7)::bigint, (wish.list ->> 8)::bigint,
        wish.list ->> 9, (wish.list ->> 10)::bigint, (wish.list ->> 11)::integer) h;
  END LOOP;
END
$$;
