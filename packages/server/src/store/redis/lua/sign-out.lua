-- Begins a new era of an account, without keys.
--
-- KEYS[1] account  hash of sums
-- KEYS[2] keys     thumbprints by the time they were bound
--
-- RETURNS the era

redis.call('DEL', KEYS[2])
return redis.call('HINCRBY', KEYS[1], 'era', 1)
