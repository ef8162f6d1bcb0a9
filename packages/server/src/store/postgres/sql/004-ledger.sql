-- Whether this database is complete. One that was restored empty looks like a new one, and its payers would be asked
-- to pay for credit that they have.

CREATE TABLE stripe402.ledger (
  -- Of one row at most.
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  opened_at bigint NOT NULL
);

-- Credit that is there was never lost.
INSERT INTO stripe402.ledger (opened_at)
  SELECT stripe402.now_ms() WHERE EXISTS (SELECT FROM stripe402.accounts);

-- Refuses to open a top-up while credit may be missing.
CREATE FUNCTION stripe402.refuse_while_blank_v1() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM stripe402.ledger) THEN
    RAISE EXCEPTION USING ERRCODE = 'S4020', MESSAGE = 'the ledger is blank';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER refuse_while_blank BEFORE INSERT ON stripe402.purchases
  FOR EACH ROW EXECUTE FUNCTION stripe402.refuse_while_blank_v1();
