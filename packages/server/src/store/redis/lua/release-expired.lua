-- Releases holds of one shard that ran out.
--
-- KEYS[1] holds      queue of holds by the time they end
-- Also, with the same hash tag: account:* and operation:* of those holds.
--
-- ARGV[1] at most how many
--
-- RETURNS how many
--@include lib/account.lua
--@include lib/operation.lua

return release_expired(KEYS[1], now_ms(), ARGV[1])
