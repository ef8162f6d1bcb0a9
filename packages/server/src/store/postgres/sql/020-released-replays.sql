-- A second run of what was paid for leaves its place to another one when it is released.

-- Ends one run of an operation. The last one of a held operation releases it; the last one of a captured operation stays.
CREATE OR REPLACE FUNCTION stripe402.release_v1(client text, cur text, operation text, run text) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  op stripe402.operations;
BEGIN
  PERFORM FROM stripe402.accounts WHERE client_id = client AND currency = cur FOR UPDATE;
  op := stripe402.current_operation_v1(client, cur, operation, stripe402.now_ms());
  IF run IN (op.first_run, op.second_run) IS NOT TRUE THEN
    RETURN;
  END IF;
  IF op.first_run IS NOT NULL AND op.second_run IS NOT NULL THEN
    UPDATE stripe402.operations
      SET first_run = CASE first_run WHEN run THEN second_run ELSE first_run END, second_run = NULL
      WHERE client_id = client AND currency = cur AND operation_id = operation;
  ELSIF op.state = 'held' THEN
    PERFORM stripe402.give_back_v1(op, stripe402.now_ms());
  END IF;
END
$$;
