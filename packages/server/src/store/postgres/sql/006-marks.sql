-- What counts for a while, such as attempts to pay.

CREATE TABLE stripe402.marks (
  name text NOT NULL,
  member text NOT NULL,
  ends_at bigint NOT NULL,
  PRIMARY KEY (name, member)
);
CREATE INDEX marks_to_forget ON stripe402.marks (ends_at);

-- Makes marks from [name, member, milliseconds, most], unless enough others of the name count already.
CREATE FUNCTION stripe402.mark_v1(wishes jsonb)
RETURNS TABLE (place bigint, is_made boolean, total bigint, free_in bigint)
LANGUAGE plpgsql
AS $$
DECLARE
  wish record;
  now bigint := stripe402.now_ms();
  oldest bigint;
BEGIN
  -- Some of what nobody asks for any more.
  DELETE FROM stripe402.marks m WHERE (m.name, m.member) IN (
    SELECT f.name, f.member FROM stripe402.marks f WHERE f.ends_at <= now ORDER BY f.ends_at LIMIT 50
    FOR UPDATE SKIP LOCKED
  );
  -- In the order of the names, so that two calls cannot wait for each other.
  FOR wish IN
    SELECT w.at, w.value ->> 0 AS name, w.value ->> 1 AS member, (w.value ->> 2)::bigint AS counts_ms,
        (w.value ->> 3)::bigint AS most
      FROM jsonb_array_elements(wishes) WITH ORDINALITY AS w(value, at) ORDER BY 2, 1
  LOOP
    PERFORM pg_advisory_xact_lock(402, hashtext('mark:' || wish.name));
    DELETE FROM stripe402.marks m WHERE m.name = wish.name AND m.ends_at <= now;
    SELECT count(*), min(m.ends_at), bool_or(m.member = wish.member) INTO total, oldest, is_made
      FROM stripe402.marks m WHERE m.name = wish.name;
    is_made := coalesce(is_made, false);
    IF NOT is_made AND total < wish.most THEN
      INSERT INTO stripe402.marks (name, member, ends_at) VALUES (wish.name, wish.member, now + wish.counts_ms);
      is_made := true;
      total := total + 1;
      oldest := coalesce(oldest, now + wish.counts_ms);
    END IF;
    place := wish.at;
    free_in := coalesce(oldest - now, 0);
    RETURN NEXT;
  END LOOP;
END
$$;
