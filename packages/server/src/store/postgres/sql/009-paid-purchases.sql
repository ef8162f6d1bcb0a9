-- A payment for a purchase that is not known is remembered as that purchase, paid.

-- Credits a payment once, and closes the purchase that it was for; one that is not known is remembered as credited.
CREATE FUNCTION stripe402.credit_v2(
  client text, cur text, intent text, buys bigint, id text, keep bigint, charge bigint
) RETURNS TABLE (outcome text, account stripe402.accounts)
LANGUAGE plpgsql
AS $$
DECLARE
  now bigint := stripe402.now_ms();
  done record;
BEGIN
  SELECT * INTO done FROM stripe402.credit_v1(client, cur, intent, buys, id, keep);
  outcome := done.outcome;
  account := done.account;
  IF id IS NOT NULL THEN
    INSERT INTO stripe402.purchases (purchase_id, client_id, currency, minor, units, payment_method_id, status,
        attempt, payment_intent_id, created_at, updated_at)
      VALUES (id, client, cur, charge, buys, '', 'credited', 1, intent, now, now)
      ON CONFLICT (purchase_id) DO NOTHING;
  END IF;
  RETURN NEXT;
END
$$;
