-- Forgetting as much as there is, not what one release of holds has time for.

-- Deletes operations and access that need not be known any more, at most `most` of each; says how many of the more numerous.
CREATE FUNCTION stripe402.forget_v1(most bigint) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
  now bigint := stripe402.now_ms();
  operations bigint;
  access bigint;
BEGIN
  -- Without the account's lock, so never waiting: whoever has a row now may be about to use it again.
  DELETE FROM stripe402.operations WHERE ctid IN (
    SELECT ctid FROM stripe402.operations WHERE forget_at <= now LIMIT most FOR UPDATE SKIP LOCKED
  );
  GET DIAGNOSTICS operations = ROW_COUNT;
  DELETE FROM stripe402.access WHERE ctid IN (
    SELECT ctid FROM stripe402.access WHERE ends_at <= now LIMIT most FOR UPDATE SKIP LOCKED
  );
  GET DIAGNOSTICS access = ROW_COUNT;
  RETURN greatest(operations, access);
END
$$;
