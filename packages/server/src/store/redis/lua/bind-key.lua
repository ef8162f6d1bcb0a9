-- Binds a device's key to an account.
--
-- KEYS[1] account  hash of sums
-- KEYS[2] keys     thumbprints by the time they were bound
--
-- ARGV[1] thumbprint
-- ARGV[2] how many are remembered
--
-- RETURNS the era
--@include lib/account.lua

-- Two of one millisecond stay in their order.
local newest = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]
redis.call('ZADD', KEYS[2], math.max(now_ms(), tonumber(newest or 0) + 1), ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[2]))
redis.call('HSETNX', KEYS[1], 'era', 1)
return tonumber(redis.call('HGET', KEYS[1], 'era'))
