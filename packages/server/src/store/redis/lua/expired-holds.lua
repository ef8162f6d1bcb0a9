-- Counts holds of one shard that ran out and were not released yet.
--
-- KEYS[1] holds  queue of holds by the time they end
--
-- RETURNS how many
--@include lib/account.lua

return redis.call('ZCOUNT', KEYS[1], '-inf', now_ms())
