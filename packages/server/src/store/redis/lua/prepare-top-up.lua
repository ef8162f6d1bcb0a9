-- Opens a top-up, or finds that it is not needed or not possible. Nothing is charged before this has answered.
--
-- KEYS[1] account    hash of sums
-- KEYS[2] operation  packed text (any key of the shard without a hold)
-- KEYS[3] opened     exists once the shard was declared complete
-- KEYS[4] open       id of the account's open top-up
-- KEYS[5] purchase   hash, within this account
-- KEYS[6] due        queue of open top-ups by their last change
-- Also, with the same hash tag: what hold.lua touches, purchase:* of the open top-up.
--
-- ARGV[1] the hold as JSON, as one of those in hold.lua, or ''
-- ARGV[2] the account's first attempt of this purchase; 0 while it belongs to another account
-- ARGV[3] purchase id
-- ARGV[4] client id
-- ARGV[5] currency
-- ARGV[6] minor
-- ARGV[7] units
-- ARGV[8] PaymentMethod
-- ARGV[9] Customer, or ''
-- ARGV[10] 1 when the card is to be kept
-- ARGV[11] thumbprint of the key that signed, or ''
-- ARGV[12] 1 when its bank is to check the person
-- ARGV[13] issuer
-- ARGV[14] description
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
if ARGV[1] ~= '' then
  local wish = wish_from(cjson.decode(ARGV[1]))
  local type, reason = hold(keys_of(KEYS[2]), wish, now)
  if type == 'held' or type == 'admitted' then
    return with_account({ 'sufficient', type, reason }, KEYS[1])
  end
  if type == 'conflict' then return with_account({ 'conflict' }, KEYS[1]) end
end
if redis.call('EXISTS', KEYS[3]) == 0 then return { 'blank' } end

local from = tonumber(ARGV[2])
local id = ARGV[3]
local purchase = from > 0 and read_purchase(KEYS[5]) or nil
local attempt = from
local created = integer(now)
if purchase and purchase.status == 'moved' then
  if from <= purchase.attempt then return { 'moved', integer(purchase.attempt) } end
elseif purchase then
  if purchase.status ~= 'failed' or purchase.method == ARGV[8] then
    return with_purchase({ 'existing' }, KEYS[5], integer(now))
  end
  attempt = purchase.attempt + 1
  created = purchase.created
end

local open = redis.call('GET', KEYS[4])
if open then
  local key = prefix_of(KEYS[6], 'due') .. 'purchase:' .. ARGV[4] .. ':' .. ARGV[5] .. ':' .. open
  return with_purchase({ 'busy' }, key, integer(now))
end
if from == 0 then return { 'elsewhere' } end

redis.call('HSET', KEYS[5], 'id', id, 'client', ARGV[4], 'currency', ARGV[5], 'minor', ARGV[6], 'units', ARGV[7],
  'method', ARGV[8], 'status', 'prepared', 'attempt', integer(attempt), 'intent', '',
  'error', '', 'decline', '', 'created', created, 'updated', integer(now), 'customer', ARGV[9], 'keeps', ARGV[10],
  'key', ARGV[11], 'check', ARGV[12], 'issuer', ARGV[13], 'description', ARGV[14])
redis.call('SET', KEYS[4], id)
redis.call('ZADD', KEYS[6], now, ARGV[4] .. ':' .. ARGV[5] .. ':' .. id)
return with_purchase({ 'prepared' }, KEYS[5], integer(now))
