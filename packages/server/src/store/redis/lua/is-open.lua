-- Whether a shard was declared complete; one that lost its data lost that, too.
--
-- KEYS[1] opened  exists once the shard was declared complete
--
-- RETURNS 1 if it was, else 0
return redis.call('EXISTS', KEYS[1])
