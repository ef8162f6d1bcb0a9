-- Reads one page of a shard's accounts with what must agree with them, at one moment.
--
-- KEYS[1] accounts  every account of the shard
-- KEYS[2] holds     queue of holds by the time they end
-- KEYS[3] due       queue of open top-ups by their last change
-- Also, with the same hash tag: account:*, operation:*.
--
-- ARGV[1] where to start, as ZRANGEBYLEX writes it
-- ARGV[2] how many accounts
--
-- RETURNS {client:currency, credited, available, held, spent, debited, held by operations, open top-ups, milliseconds that a hold is overdue}
--         for each
--@include lib/account.lua
--@include lib/operation.lua

local prefix = prefix_of(KEYS[1], 'accounts')
local now = now_ms()
local held = {}
local overdue = {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local operation = read_operation(prefix .. 'operation:' .. member)
  local account = string.sub(member, 1, 68)
  if operation and operation.state == 'held' then
    held[account] = (held[account] or 0) + operation.units
    overdue[account] = math.max(overdue[account] or 0, now - operation.expires_at)
  end
end
local open = {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  local account = string.sub(member, 1, 68)
  open[account] = (open[account] or 0) + 1
end
local page = {}
for index, name in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], '+', 'LIMIT', 0, ARGV[2])) do
  local sums = account_reply(prefix .. 'account:' .. name)
  page[index] = { name, sums[1], sums[2], sums[3], sums[4], sums[5], integer(held[name] or 0), open[name] or 0,
    integer(overdue[name] or 0) }
end
return page
