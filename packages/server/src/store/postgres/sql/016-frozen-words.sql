-- What a PaymentIntent says about itself, as it was when the attempt was prepared. Empty for what an older version prepared.

ALTER TABLE stripe402.purchases
  ADD COLUMN issuer text NOT NULL DEFAULT '',
  ADD COLUMN description text NOT NULL DEFAULT '';

-- `prepare_top_up_v4` that keeps these words.
CREATE FUNCTION stripe402.prepare_top_up_v5(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint,
  id text, charge bigint, buys bigint, method text, customer text, keeps boolean, thumbprint text, wants_check boolean,
  made_by text, says text
) RETURNS TABLE (
  outcome text, hold_outcome text, reason text, account stripe402.accounts, purchase stripe402.purchases, now bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
  step record;
BEGIN
  SELECT * INTO step
    FROM stripe402.prepare_top_up_v4(client, cur, operation, run, mark, price, what, hold_ms, keep_ms, opens, opens_ms,
      id, charge, buys, method, customer, keeps, thumbprint, wants_check);
  outcome := step.outcome;
  hold_outcome := step.hold_outcome;
  reason := step.reason;
  account := step.account;
  purchase := step.purchase;
  now := step.now;
  IF outcome = 'prepared' THEN
    UPDATE stripe402.purchases p SET issuer = made_by, description = says WHERE p.purchase_id = id RETURNING p.* INTO purchase;
  END IF;
  RETURN NEXT;
END
$$;
