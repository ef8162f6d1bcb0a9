-- Opens a top-up, or finds that it is not needed or not possible. Nothing is charged before this has answered.
--
-- KEYS[1] account    hash of sums
-- KEYS[2] operation  packed text (any key of the shard without a hold)
-- KEYS[3] holds      queue of holds by the time they end
-- KEYS[4] access     exists while the resource is open to the account (any key of the shard without one)
-- KEYS[5] opened     exists once the shard was declared complete
-- KEYS[6] open       id of the account's open top-up
-- KEYS[7] purchase   hash, within this account
-- KEYS[8] due        queue of open top-ups by their last change
-- Also, with the same hash tag: account:* and operation:* of holds that ran out, purchase:* of the open top-up.
--
-- ARGV[1..9] the hold, as in hold.lua
-- ARGV[10] 1 with a hold, 0 without
-- ARGV[11] the account's first attempt of this purchase; 0 while it belongs to another account
-- ARGV[12] purchase id
-- ARGV[13] client id
-- ARGV[14] currency
-- ARGV[15] minor
-- ARGV[16] units
-- ARGV[17] PaymentMethod
--
-- RETURNS {'sufficient', type, reason, credited, available, held, spent, debited, freezes},
--         {'conflict', credited, available, held, spent, debited, freezes},
--         {'existing' | 'busy' | 'prepared', purchase…, time},
--         {'elsewhere'} when it belongs to another account, which is not busy,
--         {'moved', last attempt} when it belonged here once,
--         {'blank'} where credit may be missing
--@include lib/account.lua
--@include lib/operation.lua
--@include lib/hold.lua
--@include lib/purchase.lua

local now = now_ms()
local wish = wish_from(ARGV, 1)
if ARGV[10] == '1' then
  local keys = { account = KEYS[1], operation = KEYS[2], holds = KEYS[3], access = KEYS[4], opened = KEYS[5] }
  local result = hold(keys, wish, now)
  if result[1] == 'held' or result[1] == 'admitted' then
    return with_account({ 'sufficient', result[1], result[2] }, KEYS[1])
  end
  if result[1] == 'conflict' then return with_account({ 'conflict' }, KEYS[1]) end
end
if redis.call('EXISTS', KEYS[5]) == 0 then return { 'blank' } end

local from = tonumber(ARGV[11])
local id = ARGV[12]
local purchase = from > 0 and read_purchase(KEYS[7]) or nil
local attempt = from
local created = integer(now)
if purchase and purchase.status == 'moved' then
  if from <= purchase.attempt then return { 'moved', integer(purchase.attempt) } end
elseif purchase then
  if purchase.status ~= 'failed' or purchase.method == ARGV[17] then
    return with_purchase({ 'existing' }, KEYS[7], integer(now))
  end
  attempt = purchase.attempt + 1
  created = purchase.created
end

local open = redis.call('GET', KEYS[6])
if open then
  local key = prefix_of(KEYS[8], 'due') .. 'purchase:' .. ARGV[13] .. ':' .. ARGV[14] .. ':' .. open
  return with_purchase({ 'busy' }, key, integer(now))
end
if from == 0 then return { 'elsewhere' } end

redis.call('HSET', KEYS[7], 'id', id, 'client', ARGV[13], 'currency', ARGV[14], 'minor', ARGV[15], 'units', ARGV[16],
  'method', ARGV[17], 'status', 'prepared', 'attempt', integer(attempt), 'intent', '',
  'error', '', 'decline', '', 'created', created, 'updated', integer(now))
redis.call('SET', KEYS[6], id)
redis.call('ZADD', KEYS[8], now, ARGV[13] .. ':' .. ARGV[14] .. ':' .. id)
return with_purchase({ 'prepared' }, KEYS[7], integer(now))
