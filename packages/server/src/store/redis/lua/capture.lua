-- Spends what runs of one shard hold; what they do not spend is available again.
--
-- KEYS[1] holds      queue of holds by the time they end
-- For the i-th capture:
-- KEYS[3i - 1] account    hash of sums
-- KEYS[3i]     operation  packed text
-- KEYS[3i + 1] history    stream
-- Also, with the same hash tag: access:* of resources that are opened.
--
-- ARGV[1] lines of history to keep
-- For the i-th capture:
-- ARGV[3i - 1] client:currency:operation id
-- ARGV[3i]     run id
-- ARGV[3i + 1] units
--
-- RETURNS 'captured' | 'already_captured' | 'expired' for each
--@include lib/account.lua
--@include lib/operation.lua

local holds = KEYS[1]
local prefix = prefix_of(holds, 'holds')
local now = now_ms()

local function capture(account, key, history, member, run, wanted)
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
for index = 1, (#KEYS - 1) / 3 do
  local at = 3 * index - 1
  results[index] = capture(KEYS[at], KEYS[at + 1], KEYS[at + 2], ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]))
end
return results
