-- Whose key opened a purchase.

ALTER TABLE stripe402.purchases ADD COLUMN key_thumbprint text;

-- `prepare_top_up_v2` for a request that a key signed.
CREATE FUNCTION stripe402.prepare_top_up_v3(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint,
  id text, charge bigint, buys bigint, method text, customer text, keeps boolean, thumbprint text
) RETURNS TABLE (
  outcome text, hold_outcome text, reason text, account stripe402.accounts, purchase stripe402.purchases, now bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
  step record;
BEGIN
  SELECT * INTO step
    FROM stripe402.prepare_top_up_v2(client, cur, operation, run, mark, price, what, hold_ms, keep_ms, opens, opens_ms,
      id, charge, buys, method, customer, keeps);
  outcome := step.outcome;
  hold_outcome := step.hold_outcome;
  reason := step.reason;
  account := step.account;
  purchase := step.purchase;
  now := step.now;
  IF outcome = 'prepared' THEN
    UPDATE stripe402.purchases p SET key_thumbprint = thumbprint WHERE p.purchase_id = id RETURNING p.* INTO purchase;
  END IF;
  RETURN NEXT;
END
$$;
