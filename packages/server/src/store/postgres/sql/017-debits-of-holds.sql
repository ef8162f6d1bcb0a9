-- Debits of what was held.

-- `debit_v1` that first ends one run of a hold: whoever looks sees the units held or debited, never both. `operation` is
-- null without a hold.
CREATE FUNCTION stripe402.debit_v2(
  client text, cur text, id text, new_rank bigint, takes bigint, is_freezing boolean, why text, keep bigint,
  operation text, run text
) RETURNS TABLE (outcome text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
BEGIN
  IF operation IS NOT NULL THEN
    PERFORM stripe402.release_v1(client, cur, operation, run);
  END IF;
  RETURN QUERY
    SELECT d.outcome, d.account
      FROM stripe402.debit_v1(client, cur, id, new_rank, takes, is_freezing, why, keep) d;
END
$$;
