-- The keys that are bound to an account.
--
-- KEYS[1] account  hash of sums
-- KEYS[2] keys     thumbprints by the time they were bound
--
-- RETURNS {era, thumbprints…}

return { redis.call('HGET', KEYS[1], 'era') or '0', unpack(redis.call('ZRANGE', KEYS[2], 0, -1)) }
