-- Cards that their holders asked to keep.

CREATE TABLE stripe402.saved_cards (
  client_id text PRIMARY KEY,
  payment_method_id text NOT NULL,
  -- The rest is null once the card was forgotten: the row stays, so that a late word of its payment changes nothing.
  customer_id text,
  brand text,
  last4 text,
  exp_month integer,
  exp_year integer
);

ALTER TABLE stripe402.purchases
  ADD COLUMN customer_id text,
  ADD COLUMN keeps_card boolean NOT NULL DEFAULT false;

-- `prepare_top_up_v1` for a card that belongs, or will belong, to a Customer.
CREATE FUNCTION stripe402.prepare_top_up_v2(
  client text, cur text, operation text, run text, mark text, price bigint, what text,
  hold_ms bigint, keep_ms bigint, opens text, opens_ms bigint,
  id text, charge bigint, buys bigint, method text, customer text, keeps boolean
) RETURNS TABLE (
  outcome text, hold_outcome text, reason text, account stripe402.accounts, purchase stripe402.purchases, now bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
  step record;
BEGIN
  SELECT * INTO step
    FROM stripe402.prepare_top_up_v1(client, cur, operation, run, mark, price, what, hold_ms, keep_ms, opens, opens_ms,
      id, charge, buys, method);
  outcome := step.outcome;
  hold_outcome := step.hold_outcome;
  reason := step.reason;
  account := step.account;
  purchase := step.purchase;
  now := step.now;
  IF outcome = 'prepared' THEN
    UPDATE stripe402.purchases p SET customer_id = customer, keeps_card = keeps WHERE p.purchase_id = id
      RETURNING p.* INTO purchase;
  END IF;
  RETURN NEXT;
END
$$;

-- Remembers a card in place of an older one, unless it was forgotten.
CREATE FUNCTION stripe402.keep_card_v1(
  client text, method text, customer text, name text, digits text, month integer, year integer
) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO stripe402.saved_cards AS c
      (client_id, payment_method_id, customer_id, brand, last4, exp_month, exp_year)
    VALUES (client, method, customer, name, digits, month, year)
    ON CONFLICT (client_id) DO UPDATE
      SET payment_method_id = method, customer_id = customer, brand = name, last4 = digits, exp_month = month,
        exp_year = year
      WHERE c.payment_method_id <> method OR c.customer_id IS NOT NULL;
$$;

-- Forgets a card, if it is the one that is kept.
CREATE FUNCTION stripe402.forget_card_v1(client text, method text) RETURNS void
LANGUAGE sql
AS $$
  UPDATE stripe402.saved_cards
    SET customer_id = NULL, brand = NULL, last4 = NULL, exp_month = NULL, exp_year = NULL
    WHERE client_id = client AND payment_method_id = method;
$$;
