-- Remembers the PaymentIntent of an open top-up; the first one stays.
--
-- KEYS[1] purchase  hash
-- KEYS[2] due       queue of open top-ups by their last change
--
-- ARGV[1] attempt
-- ARGV[2] client:currency:purchase id
-- ARGV[3] PaymentIntent
--
-- RETURNS {'purchase', purchase…, time} or {'elsewhere'}
--@include lib/account.lua
--@include lib/purchase.lua

local now = now_ms()
local purchase = read_purchase(KEYS[1])
if is_current(purchase, tonumber(ARGV[1])) and purchase.intent == '' then
  local status = purchase.status == 'prepared' and 'intent_saved' or purchase.status
  redis.call('HSET', KEYS[1], 'intent', ARGV[3], 'status', status, 'updated', integer(now))
  redis.call('ZADD', KEYS[2], now, ARGV[2])
end
return verb_reply(KEYS[1], integer(now))
