-- Makes sure that a purchase is never opened again in an account that it is about to leave: from here on, a slow
-- caller who still believes that it belongs here finds a grave.
--
-- KEYS[1] purchase  hash, within the account that it leaves
--
-- ARGV[1] the account's first attempt, as the caller read it
-- ARGV[2] the PaymentMethod that it is tried with now
-- ARGV[3] 1 to only look
--
-- RETURNS {'existing', purchase…, time} when it must stay,
--         {'retired', last attempt} when it may leave
--@include lib/account.lua
--@include lib/purchase.lua

local purchase = read_purchase(KEYS[1])
local is_look = ARGV[3] == '1'
if not purchase then
  if not is_look then
    redis.call('HSET', KEYS[1], 'status', 'moved', 'attempt', ARGV[1])
  end
  return { 'retired', ARGV[1] }
end
if purchase.status == 'moved' then return { 'retired', integer(purchase.attempt) } end
if purchase.status ~= 'failed' or purchase.method == ARGV[2] then
  return with_purchase({ 'existing' }, KEYS[1], integer(now_ms()))
end
if not is_look then redis.call('HSET', KEYS[1], 'status', 'moved') end
return { 'retired', integer(purchase.attempt) }
