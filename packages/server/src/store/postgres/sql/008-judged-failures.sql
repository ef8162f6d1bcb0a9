-- A top-up fails only for the PaymentIntent that it was judged by.

-- Closes a top-up that certainly took no money, unless it has another PaymentIntent by now. No row: never prepared.
CREATE FUNCTION stripe402.fail_top_up_v2(id text, of_attempt integer, why text, decline text, judged text)
RETURNS SETOF stripe402.purchases
LANGUAGE sql
AS $$
  UPDATE stripe402.purchases
    SET status = 'failed', error = why, decline_code = decline, updated_at = stripe402.now_ms()
    WHERE purchase_id = id AND attempt = of_attempt AND status IN ('prepared', 'intent_saved', 'requires_action')
      AND payment_intent_id IS NOT DISTINCT FROM judged;
  SELECT * FROM stripe402.purchases WHERE purchase_id = id;
$$;
