-- Reads every account of one client.
--
-- KEYS[1] accounts  every account of the shard
-- Also, with the same hash tag: account:* of that client.
--
-- ARGV[1] client
--
-- RETURNS {currency, credited, available, held, spent, debited, freezes} for each, by currency
--@include lib/account.lua

local prefix = prefix_of(KEYS[1], 'accounts')
local accounts = {}
-- ';' follows ':' in ASCII, so the range holds every currency of this client.
for index, name in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], '[' .. ARGV[1] .. ':', '(' .. ARGV[1] .. ';')) do
  accounts[index] = with_account({ string.sub(name, #ARGV[1] + 2) }, prefix .. 'account:' .. name)
end
return accounts
