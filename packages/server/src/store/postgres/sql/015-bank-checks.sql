-- Purchases whose bank is to check the person, whatever it thinks of the card.

ALTER TABLE stripe402.purchases ADD COLUMN wants_bank_check boolean NOT NULL DEFAULT false;

-- `prepare_top_up_v3` for an attempt that was let through for the sake of that check.
CREATE FUNCTION stripe402.prepare_top_up_v4(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint,
  id text, charge bigint, buys bigint, method text, customer text, keeps boolean, thumbprint text, wants_check boolean
) RETURNS TABLE (
  outcome text, hold_outcome text, reason text, account stripe402.accounts, purchase stripe402.purchases, now bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
  step record;
BEGIN
  SELECT * INTO step
    FROM stripe402.prepare_top_up_v3(client, cur, operation, run, mark, price, what, hold_ms, keep_ms, opens, opens_ms,
      id, charge, buys, method, customer, keeps, thumbprint);
  outcome := step.outcome;
  hold_outcome := step.hold_outcome;
  reason := step.reason;
  account := step.account;
  purchase := step.purchase;
  now := step.now;
  IF outcome = 'prepared' THEN
    -- Also where it is false: another attempt of the purchase may have wanted one.
    UPDATE stripe402.purchases p SET wants_bank_check = wants_check WHERE p.purchase_id = id RETURNING p.* INTO purchase;
  END IF;
  RETURN NEXT;
END
$$;
