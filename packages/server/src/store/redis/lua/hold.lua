-- Sets units aside for many runs. Each wish is decided by itself, in order.
--
-- KEYS  two for each wish:
--         account    hash of sums
--         operation  packed text
--       then those that wishes of a shard share, in any order:
--         holds      queue of holds by the time they end
--         opened     exists once the shard was declared complete
--         access     exists while the resource is open to the account
-- Also, with the same hash tags: account:* and operation:* of holds that ran out.
--
-- ARGV[1] the wishes as JSON: [[client:currency:operation id, fingerprint, run id, units, milliseconds to hold,
--         milliseconds to remember, resource for the history, digest of the resource to open or '', milliseconds to
--         open it for, era that the account must be in or -1], …]
--
-- RETURNS 'type reason credited available held spent debited freezes' or 'fault message' for each, with type 'blank'
--         where credit may be missing
--@include lib/account.lua
--@include lib/operation.lua
--@include lib/hold.lua

local now = now_ms()

local function answer(account, operation, wish)
  local is_sound, type, reason, found = pcall(hold, hold_keys(account, operation, wish), wish, now)
  -- What is wrong with one account is no matter of the others. Redis 7 throws a table, Redis 6 a text.
  if not is_sound then return 'fault ' .. tostring(type.err or type) end
  local text = type .. ' ' .. reason
  local sums = found and found.sums or account_reply(account)
  for index = 1, 6 do
    text = text .. ' ' .. (sums[index] or '0')
  end
  return text
end

local answers = {}
for index, list in ipairs(cjson.decode(ARGV[1])) do
  answers[index] = answer(KEYS[2 * index - 1], KEYS[2 * index], wish_from(list))
end
return answers
