-- Merges the state of one refund or dispute into its account. The highest rank wins, in any order of arrival.
-- Ends one run of the hold that kept its units, if it names one: whoever looks sees them held or debited, never both.
--
-- KEYS[1] account   hash of sums
-- KEYS[2] debits    hash: refund or dispute → rank:units:freezes
-- KEYS[3] accounts  every account of the shard
-- KEYS[4] history   stream
-- KEYS[5] operation packed text; left out without a hold
-- Also, with the same hash tag: the queue of holds by the time they end.
--
-- ARGV[1] refund or dispute id
-- ARGV[2] rank
-- ARGV[3] units
-- ARGV[4] 1 if it freezes, else 0
-- ARGV[5] 'refund' | 'dispute'
-- ARGV[6] client:currency
-- ARGV[7] lines of history to keep
-- ARGV[8] run id or '=' for the operation's id; left out without a hold
--
-- RETURNS {'debited' | 'unchanged', credited, available, held, spent, debited, freezes}, or
--         {'unsafe'} when a sum would pass 2^53 - 1
--@include lib/account.lua
--@include lib/operation.lua

local function end_hold()
  if KEYS[5] then end_run(keys_of(KEYS[5]), ARGV[8], now_ms()) end
end

local rank, units, freezes = string.match(redis.call('HGET', KEYS[2], ARGV[1]) or '-1:0:0', '^(-?%d+):(%d+):(%d)$')
if tonumber(rank) >= tonumber(ARGV[2]) then
  end_hold()
  return with_account({ 'unchanged' }, KEYS[1])
end
local change = tonumber(ARGV[3]) - tonumber(units)
local account = read_account(KEYS[1])
if account.debited + change > MOST or account.available - change < -MOST or account.available - change > MOST then
  return { 'unsafe' }
end
end_hold()
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ':' .. ARGV[3] .. ':' .. ARGV[4])
redis.call('ZADD', KEYS[3], 0, ARGV[6])
redis.call('HINCRBY', KEYS[1], 'debited', integer(change))
redis.call('HINCRBY', KEYS[1], 'available', integer(-change))
redis.call('HINCRBY', KEYS[1], 'freezes', integer(tonumber(ARGV[4]) - tonumber(freezes)))
if change ~= 0 then add_entry(KEYS[4], ARGV[7], ARGV[5], -change, ARGV[1]) end
return with_account({ 'debited' }, KEYS[1])
