-- Tables. The schema is called stripe402 here; another name replaces it when the migration is applied.
-- Amounts are units; times are milliseconds since 1970 by this server's clock.

CREATE FUNCTION stripe402.now_ms() RETURNS bigint
LANGUAGE sql VOLATILE
AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

CREATE TABLE stripe402.accounts (
  client_id text NOT NULL,
  currency text NOT NULL,
  credited bigint NOT NULL DEFAULT 0,
  available bigint NOT NULL DEFAULT 0,
  held bigint NOT NULL DEFAULT 0,
  spent bigint NOT NULL DEFAULT 0,
  debited bigint NOT NULL DEFAULT 0,
  -- Refunds and disputes that freeze the account now.
  freezes integer NOT NULL DEFAULT 0,
  -- The number of the newest line of history.
  entries bigint NOT NULL DEFAULT 0,
  -- A row also comes into being for a top-up that never succeeds.
  has_moved boolean GENERATED ALWAYS AS (credited <> 0 OR entries <> 0 OR freezes <> 0) STORED,
  PRIMARY KEY (client_id, currency),
  CONSTRAINT conservation CHECK (credited - debited = available + held + spent),
  CONSTRAINT held_is_not_negative CHECK (held >= 0),
  CONSTRAINT exact_in_javascript CHECK (
    credited <= 9007199254740991 AND debited BETWEEN 0 AND 9007199254740991
    AND available BETWEEN -9007199254740991 AND 9007199254740991
  )
  -- Room beside each row lets an update stay on its page and leave the index alone.
) WITH (fillfactor = 70);

CREATE TABLE stripe402.operations (
  client_id text NOT NULL,
  currency text NOT NULL,
  operation_id text NOT NULL,
  fingerprint text NOT NULL,
  state text NOT NULL CHECK (state IN ('held', 'captured', 'released')),
  units bigint NOT NULL,
  first_run text,
  second_run text,
  -- Null once nothing is held.
  expires_at bigint,
  remember_ms bigint NOT NULL,
  -- Null while units are held: a hold is never forgotten.
  forget_at bigint,
  resource text NOT NULL,
  access_resource text,
  access_ms bigint,
  PRIMARY KEY (client_id, currency, operation_id)
) WITH (fillfactor = 70);
CREATE INDEX operations_to_release ON stripe402.operations (expires_at) WHERE state = 'held';
CREATE INDEX operations_to_release_of_account ON stripe402.operations (client_id, currency, expires_at)
  WHERE state = 'held';
CREATE INDEX operations_to_forget ON stripe402.operations (forget_at) WHERE forget_at IS NOT NULL;

CREATE TABLE stripe402.access (
  client_id text NOT NULL,
  currency text NOT NULL,
  resource text NOT NULL,
  ends_at bigint NOT NULL,
  PRIMARY KEY (client_id, currency, resource)
);
CREATE INDEX access_to_end ON stripe402.access (ends_at);

CREATE TABLE stripe402.purchases (
  purchase_id text PRIMARY KEY,
  client_id text NOT NULL,
  currency text NOT NULL,
  minor bigint NOT NULL,
  units bigint NOT NULL,
  payment_method_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('prepared', 'intent_saved', 'requires_action', 'credited', 'failed')),
  attempt integer NOT NULL,
  payment_intent_id text,
  error text,
  decline_code text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX one_open_top_up ON stripe402.purchases (client_id, currency)
  WHERE status IN ('prepared', 'intent_saved', 'requires_action');
CREATE INDEX purchases_due ON stripe402.purchases (updated_at)
  WHERE status IN ('prepared', 'intent_saved', 'requires_action');

CREATE TABLE stripe402.credits (
  payment_intent_id text PRIMARY KEY,
  client_id text NOT NULL,
  currency text NOT NULL,
  units bigint NOT NULL,
  credited_at bigint NOT NULL
);

CREATE TABLE stripe402.debits (
  client_id text NOT NULL,
  currency text NOT NULL,
  debit_id text NOT NULL,
  rank bigint NOT NULL,
  units bigint NOT NULL,
  freezes boolean NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (client_id, currency, debit_id)
);

CREATE TABLE stripe402.history (
  client_id text NOT NULL,
  currency text NOT NULL,
  entry bigint NOT NULL,
  at_ms bigint NOT NULL,
  kind text NOT NULL,
  units bigint NOT NULL,
  reference text NOT NULL,
  PRIMARY KEY (client_id, currency, entry)
);
