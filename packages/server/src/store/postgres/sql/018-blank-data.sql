-- A name for data that nobody declared complete. It is lost with them, so that nobody declares others complete.

CREATE TABLE stripe402.blank (
  -- Of one row at most.
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  data_id uuid NOT NULL DEFAULT gen_random_uuid()
);

-- The name of the data; null once they were declared complete.
CREATE FUNCTION stripe402.start_ledger_v1() RETURNS uuid
LANGUAGE plpgsql
AS $$
BEGIN
  IF EXISTS (SELECT FROM stripe402.ledger) THEN RETURN NULL; END IF;
  INSERT INTO stripe402.blank DEFAULT VALUES ON CONFLICT DO NOTHING;
  RETURN (SELECT data_id FROM stripe402.blank);
END
$$;

-- Declares the data of this name complete. False when there are others.
CREATE FUNCTION stripe402.open_ledger_v1(meant uuid) RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO stripe402.ledger (opened_at)
    SELECT stripe402.now_ms() FROM stripe402.blank WHERE data_id = meant
    ON CONFLICT DO NOTHING;
  RETURN EXISTS (SELECT FROM stripe402.ledger);
END
$$;
