-- The keys of an account that an operation's key leads to, and its place in the queue of holds.
local function keys_of(operation)
  local at = string.find(operation, '}:operation:', 1, true)
  local prefix = string.sub(operation, 1, at + 1)
  -- client (64 characters), currency (3) and operation id, joined by colons.
  local member = string.sub(operation, at + 12)
  local name = string.sub(member, 1, 68)
  return {
    operation = operation,
    account = prefix .. 'account:' .. name,
    holds = prefix .. 'holds',
    prefix = prefix,
    member = member,
    name = name,
  }
end

-- While a resource is open to the account: 'units@end units@end …' for the prices that it was bought at.
local function access_key(keys, resource)
  return keys.prefix .. 'access:' .. keys.name .. ':' .. resource
end

-- Whether a resource was bought for at least so much.
local function is_accessible(keys, resource, units, now)
  local bought = resource ~= '' and redis.call('GET', access_key(keys, resource))
  if not bought then return false end
  -- What an older version has opened, at whatever price.
  if bought == '1' then return true end
  for paid, ends_at in string.gmatch(bought, '(%d+)@(%d+)') do
    if tonumber(paid) >= units and tonumber(ends_at) > now then return true end
  end
  return false
end

-- Opens the resource of an operation, if it has one, to what costs no more.
local function open_access(keys, operation, now)
  if operation.access == '' then return end
  local key = access_key(keys, operation.access)
  local ends_at = now + operation.access_ms
  local last = ends_at
  local bought = { integer(operation.units) .. '@' .. integer(ends_at) }
  for paid, other_end in string.gmatch(redis.call('GET', key) or '', '(%d+)@(%d+)') do
    -- The others are covered by this one.
    if tonumber(paid) > operation.units or tonumber(other_end) > ends_at then
      bought[#bought + 1] = paid .. '@' .. other_end
      last = math.max(last, tonumber(other_end))
    end
  end
  redis.call('SET', key, table.concat(bought, ' '), 'PX', last - now)
end

-- An operation is one packed text: state, fingerprint, first run, second run, units, expires at, remember for,
-- resource, access, access for. '' stands for no run and no access, '=' for the operation's own id. Once it is no longer held, the last
-- five are left out.
local function read_operation(key)
  local packed = redis.call('GET', key)
  if not packed then return nil end
  local operation = {}
  operation.state, operation.fingerprint, operation.first, operation.second, operation.units,
    operation.expires_at, operation.remember_ms, operation.resource, operation.access, operation.access_ms =
    cmsgpack.unpack(packed)
  return operation
end

-- Keeps a held operation until its hold ends.
local function write_held(keys, operation)
  redis.call('ZADD', keys.holds, operation.expires_at, keys.member)
  redis.call('SET', keys.operation, cmsgpack.pack('held', operation.fingerprint, operation.first, operation.second,
    operation.units, operation.expires_at, operation.remember_ms, operation.resource, operation.access,
    operation.access_ms))
end

-- Keeps an operation that holds nothing any more for as long as its id is remembered.
local function write_ended(key, operation, state, remember_ms)
  operation.state = state
  redis.call('SET', key, cmsgpack.pack(state, operation.fingerprint, operation.first, operation.second, operation.units),
    'PX', remember_ms)
end

local function has_run(operation, run)
  return operation.first == run or operation.second == run
end

-- Releases a held operation: its units are available again, and its id may be held again.
local function give_back(keys, operation)
  redis.call('HINCRBY', keys.account, 'held', integer(-operation.units))
  redis.call('HINCRBY', keys.account, 'available', integer(operation.units))
  redis.call('ZREM', keys.holds, keys.member)
  operation.first = ''
  operation.second = ''
  write_ended(keys.operation, operation, 'released', operation.remember_ms)
end

-- The operation as it stands now: a hold that ran out is released.
local function current_operation(keys, now)
  local operation = read_operation(keys.operation)
  if operation and operation.state == 'held' and operation.expires_at <= now then
    give_back(keys, operation)
  end
  return operation
end

-- Ends one run of an operation. The last one of a held operation releases it; the last one of a captured operation stays.
local function end_run(keys, run, now)
  local operation = current_operation(keys, now)
  if not operation or not has_run(operation, run) then return end
  local is_held = operation.state == 'held'
  if operation.first == '' or operation.second == '' then
    if is_held then give_back(keys, operation) end
    return
  end
  if operation.first == run then operation.first = operation.second end
  operation.second = ''
  if is_held then
    write_held(keys, operation)
  else
    write_ended(keys.operation, operation, operation.state, math.max(1, redis.call('PTTL', keys.operation)))
  end
end

-- Releases holds of the shard that ran out, at most `limit`. Returns how many.
local function release_expired(holds, now, limit)
  local prefix = prefix_of(holds, 'holds')
  local members = redis.call('ZRANGEBYSCORE', holds, '-inf', now, 'LIMIT', 0, limit)
  for _, member in ipairs(members) do
    local keys = keys_of(prefix .. 'operation:' .. member)
    local operation = read_operation(keys.operation)
    if operation and operation.state == 'held' then
      give_back(keys, operation)
    else
      redis.call('ZREM', holds, member)
    end
  end
  return #members
end
