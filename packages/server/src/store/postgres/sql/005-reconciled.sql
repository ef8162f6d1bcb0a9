-- When the ledger was last compared with Stripe, and the payments of an account.

ALTER TABLE stripe402.ledger ADD COLUMN reconciled_at bigint;
CREATE INDEX credits_of_account ON stripe402.credits (client_id, currency);
