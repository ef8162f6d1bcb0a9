-- Open top-ups of one shard that nothing happened to for a while, the longest idle first.
--
-- KEYS[1] due  queue of open top-ups by their last change
-- Also, with the same hash tag: purchase:* of those top-ups.
--
-- ARGV[1] milliseconds without a change
-- ARGV[2] at most how many
-- ARGV[3] the last change of the one behind which to begin, or ''
-- ARGV[4] its name in the queue
--
-- RETURNS {purchase…, time} for each
--@include lib/account.lua
--@include lib/purchase.lua

-- Byte by byte, as the queue compares names; Lua's own comparison follows the locale of the server.
local function is_behind(one, other)
  for index = 1, #one do
    local byte, than = string.byte(one, index), string.byte(other, index) or -1
    if byte ~= than then return byte > than end
  end
  return false
end

local now = now_ms()
local most = tonumber(ARGV[2])
local before = now - tonumber(ARGV[1])
local members = {}
local from = '-inf'
if ARGV[3] ~= '' then
  from = '(' .. ARGV[3]
  local same_moment = tonumber(ARGV[3]) < before and redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[3], ARGV[3]) or {}
  for _, member in ipairs(same_moment) do
    if #members < most and is_behind(member, ARGV[4]) then members[#members + 1] = member end
  end
end
local later = redis.call('ZRANGEBYSCORE', KEYS[1], from, '(' .. integer(before), 'LIMIT', 0, most - #members)
for _, member in ipairs(later) do
  members[#members + 1] = member
end

local prefix = prefix_of(KEYS[1], 'due')
local purchases = {}
for index, member in ipairs(members) do
  purchases[index] = purchase_reply(prefix .. 'purchase:' .. member, integer(now))
end
return purchases
