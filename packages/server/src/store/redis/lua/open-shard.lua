-- Declares a shard complete: from here on an account that is not there has no credit.
--
-- KEYS[1] opened  exists once the shard was declared complete
--
-- RETURNS OK
return redis.call('SET', KEYS[1], 1)
