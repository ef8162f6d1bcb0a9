-- Open top-ups of one shard that nothing happened to for a while, the longest idle first.
--
-- KEYS[1] due  queue of open top-ups by their last change
-- Also, with the same hash tag: purchase:* of those top-ups.
--
-- ARGV[1] milliseconds without a change
-- ARGV[2] at most how many
--
-- RETURNS {purchase…, time} for each
--@include lib/account.lua
--@include lib/purchase.lua

local now = now_ms()
local prefix = prefix_of(KEYS[1], 'due')
local purchases = {}
local before = '(' .. integer(now - tonumber(ARGV[1]))
for index, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', before, 'LIMIT', 0, ARGV[2])) do
  purchases[index] = purchase_reply(prefix .. 'purchase:' .. member, integer(now))
end
return purchases
