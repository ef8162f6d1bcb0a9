-- Spends what runs hold; what they do not spend is available again.
--
-- KEYS  three for each capture:
--         account    hash of sums
--         operation  packed text
--         history    stream
--       then, of each shard:
--         holds      queue of holds by the time they end
-- Also, with the same hash tags: access:* of resources that are opened.
--
-- ARGV[1] lines of history to keep
-- ARGV[2] the captures as JSON: [[client:currency:operation id, run id, units], …]
--
-- RETURNS 'captured' | 'already_captured' | 'expired' | 'fault message' for each
--@include lib/account.lua
--@include lib/operation.lua

local now = now_ms()

local function capture(account, key, history, list)
  local member, run, wanted = list[1], list[2], list[3]
  local prefix = string.match(account, '^.*{%x%x}:')
  local holds = prefix .. 'holds'
  local operation = current_operation(key, account, holds, member, now)
  if operation and operation.state == 'captured' then return 'already_captured' end
  if not operation or operation.state ~= 'held' or not has_run(operation, run) then return 'expired' end
  local units = math.min(wanted, operation.units)
  redis.call('HINCRBY', account, 'held', integer(-operation.units))
  redis.call('HINCRBY', account, 'spent', integer(units))
  if units < operation.units then
    redis.call('HINCRBY', account, 'available', integer(operation.units - units))
  end
  redis.call('ZREM', holds, member)
  write_ended(key, operation, 'captured', operation.remember_ms)
  if operation.access ~= '' then
    local access = prefix .. 'access:' .. string.sub(member, 1, 68) .. ':' .. operation.access
    if redis.call('PTTL', access) < operation.access_ms then
      redis.call('SET', access, 1, 'PX', operation.access_ms)
    end
  end
  if units > 0 then add_entry(history, ARGV[1], 'spend', -units, operation.resource) end
  return 'captured'
end

local results = {}
for index, list in ipairs(cjson.decode(ARGV[2])) do
  local at = 3 * index - 2
  local is_sound, result = pcall(capture, KEYS[at], KEYS[at + 1], KEYS[at + 2], list)
  -- What is wrong with one account is no matter of the others. Redis 7 throws a table, Redis 6 a text.
  results[index] = is_sound and result or 'fault ' .. tostring(result.err or result)
end
return results
