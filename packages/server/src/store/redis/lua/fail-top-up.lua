-- Closes a top-up that certainly took no money.
--
-- KEYS[1] purchase  hash
-- KEYS[2] due       queue of open top-ups by their last change
-- KEYS[3] open      id of the account's open top-up
--
-- ARGV[1] attempt
-- ARGV[2] client:currency:purchase id
-- ARGV[3] purchase id
-- ARGV[4] error
-- ARGV[5] decline code, or ''
-- ARGV[6] PaymentIntent that it was judged by, or ''
--
-- RETURNS {'purchase', purchase…, time} or {'elsewhere'}
--@include lib/account.lua
--@include lib/purchase.lua

local now = now_ms()
local purchase = read_purchase(KEYS[1])
if is_current(purchase, tonumber(ARGV[1])) and purchase.intent == ARGV[6] then
  redis.call('HSET', KEYS[1], 'status', 'failed', 'error', ARGV[4], 'decline', ARGV[5], 'updated', integer(now))
  free_account(KEYS[3], KEYS[2], ARGV[3], ARGV[2])
end
return verb_reply(KEYS[1], integer(now))
