-- Credits a payment once, and closes the purchase that it was for; one that is not known is remembered as credited.
--
-- KEYS[1] account   hash of sums
-- KEYS[2] payments  set of PaymentIntents that were credited
-- KEYS[3] accounts  every account of the shard
-- KEYS[4] history   stream
-- KEYS[5] purchase  hash (any key of the shard without a purchase)
-- KEYS[6] open      id of the account's open top-up
-- KEYS[7] due       queue of open top-ups by their last change
--
-- ARGV[1] PaymentIntent
-- ARGV[2] units
-- ARGV[3] client:currency
-- ARGV[4] purchase id, or ''
-- ARGV[5] lines of history to keep
-- ARGV[6] the account's first attempt of this purchase; 0 while it belongs to another account
-- ARGV[7] client
-- ARGV[8] currency
-- ARGV[9] minor
--
-- RETURNS {'credited' | 'already_credited', credited, available, held, spent, debited, freezes}, or
--         {'unsafe'} when a sum would pass 2^53 - 1
--@include lib/account.lua
--@include lib/purchase.lua

local units = tonumber(ARGV[2])
local is_known = redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1
if not is_known then
  local account = read_account(KEYS[1])
  if account.credited + units > MOST or account.available + units > MOST then return { 'unsafe' } end
  redis.call('SADD', KEYS[2], ARGV[1])
  redis.call('ZADD', KEYS[3], 0, ARGV[3])
  redis.call('HINCRBY', KEYS[1], 'credited', ARGV[2])
  redis.call('HINCRBY', KEYS[1], 'available', ARGV[2])
  add_entry(KEYS[4], ARGV[5], 'top_up', units, ARGV[1])
end

-- Also for a known payment: an earlier call may not have known which purchase it was for.
local purchase = ARGV[4] ~= '' and read_purchase(KEYS[5]) or nil
local from = tonumber(ARGV[6])
local is_lost = ARGV[4] ~= '' and (not purchase or (purchase.status == 'moved' and from > purchase.attempt))
if is_lost and from > 0 then
  local now = integer(now_ms())
  redis.call('HSET', KEYS[5], 'id', ARGV[4], 'client', ARGV[7], 'currency', ARGV[8], 'minor', ARGV[9], 'units', ARGV[2],
    'method', '', 'status', 'credited', 'attempt', ARGV[6], 'intent', ARGV[1], 'error', '', 'decline', '',
    'created', now, 'updated', now)
end
local is_here = purchase and (OPEN[purchase.status] or purchase.status == 'failed')
if is_here and (purchase.intent == '' or purchase.intent == ARGV[1]) then
  redis.call('HSET', KEYS[5], 'status', 'credited', 'intent', ARGV[1], 'error', '', 'decline', '', 'updated',
    integer(now_ms()))
  free_account(KEYS[6], KEYS[7], ARGV[4], ARGV[3] .. ':' .. ARGV[4])
end
return with_account({ is_known and 'already_credited' or 'credited' }, KEYS[1])
