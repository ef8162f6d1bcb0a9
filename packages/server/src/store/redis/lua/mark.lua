-- Makes a mark that counts for a while, unless enough others of its name count already.
--
-- KEYS[1] marks  members by the time they stop to count
--
-- ARGV[1] member
-- ARGV[2] milliseconds to count
-- ARGV[3] how many may count
--
-- RETURNS {1 when it counts, how many count, milliseconds until the oldest counts no more}
--@include lib/account.lua

local now = now_ms()
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local made = redis.call('ZSCORE', KEYS[1], ARGV[1]) and 1 or 0
local count = redis.call('ZCARD', KEYS[1])
if made == 0 and count < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  made = 1
  count = count + 1
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return { made, count, oldest[2] and tonumber(oldest[2]) - now or 0 }
