-- Spends what runs hold; what they do not spend is available again.
--
-- KEYS  one for each capture:
--         operation  packed text
-- Also, with the same hash tag: the account's hash of sums and its stream of history, the queue of holds by the time they
-- end, access:* of resources that are opened.
--
-- ARGV[1] lines of history to keep
-- ARGV[2] the captures as JSON: [[run id or '=' for the operation's id, units], …]
--
-- RETURNS 'captured' | 'already_captured' | 'expired' | 'fault message' for each
--@include lib/account.lua
--@include lib/operation.lua

local now = now_ms()

local function capture(key, run, wanted)
  local keys = keys_of(key)
  local account = keys.account
  local operation = current_operation(keys, now)
  if operation and operation.state == 'captured' then return 'already_captured' end
  if not operation or operation.state ~= 'held' or not has_run(operation, run) then return 'expired' end
  local units = math.min(wanted, operation.units)
  redis.call('HINCRBY', account, 'held', integer(-operation.units))
  redis.call('HINCRBY', account, 'spent', integer(units))
  if units < operation.units then
    redis.call('HINCRBY', account, 'available', integer(operation.units - units))
  end
  redis.call('ZREM', keys.holds, keys.member)
  write_ended(key, operation, 'captured', operation.remember_ms)
  open_access(keys, operation, now)
  if units > 0 then add_entry(keys.prefix .. 'history:' .. keys.name, ARGV[1], 'spend', -units, operation.resource) end
  return 'captured'
end

local results = {}
for index, list in ipairs(cjson.decode(ARGV[2])) do
  local is_sound, result = pcall(capture, KEYS[index], list[1], list[2])
  -- What is wrong with one account is no matter of the others. Redis 7 throws a table, Redis 6 a text.
  results[index] = is_sound and result or 'fault ' .. tostring(result.err or result)
end
return results
