-- Sets units aside for many runs. Each wish is decided by itself, in order.
--
-- KEYS  one for each wish:
--         operation  packed text
-- Also, with the same hash tag: the account's hash of sums, the queue of holds by the time they end, what exists once the
-- shard was declared complete, what exists while the resource is open to the account; account:* and operation:* of
-- holds that ran out.
--
-- ARGV[1] the wishes as JSON: [[fingerprint, run id, units, milliseconds to hold, milliseconds to remember, resource
--         for the history, digest of the resource to open or '', milliseconds to open it for, era that the account must
--         be in or -1], …], with '=' for a text that is the operation's id
--
-- RETURNS 'type reason credited available held spent debited freezes' or 'fault message' for each, with type 'blank'
--         where credit may be missing
--@include lib/account.lua
--@include lib/operation.lua
--@include lib/hold.lua

local now = now_ms()

local function answer(operation, wish)
  local keys = keys_of(operation)
  local is_sound, type, reason, found = pcall(hold, keys, wish, now)
  -- What is wrong with one account is no matter of the others. Redis 7 throws a table, Redis 6 a text.
  if not is_sound then return 'fault ' .. tostring(type.err or type) end
  local sums = found and found.sums or account_reply(keys.account)
  return type .. ' ' .. reason .. ' ' .. (sums[1] or '0') .. ' ' .. (sums[2] or '0') .. ' ' .. (sums[3] or '0')
    .. ' ' .. (sums[4] or '0') .. ' ' .. (sums[5] or '0') .. ' ' .. (sums[6] or '0')
end

local answers = {}
for index, list in ipairs(cjson.decode(ARGV[1])) do
  answers[index] = answer(KEYS[index], wish_from(list))
end
return answers
