-- An operation is one packed text: state, fingerprint, first run, second run, units, expires at, remember for,
-- resource, access, access for. '' stands for no run and no access. Once it is no longer held, the last six are left out.
local function read_operation(key)
  local packed = redis.call('GET', key)
  if not packed then return nil end
  local operation = {}
  operation.state, operation.fingerprint, operation.first, operation.second, operation.units,
    operation.expires_at, operation.remember_ms, operation.resource, operation.access, operation.access_ms =
    cmsgpack.unpack(packed)
  return operation
end

-- Keeps a held operation until its hold ends. `member` is its place in the queue of holds.
local function write_held(key, holds, member, operation)
  redis.call('ZADD', holds, operation.expires_at, member)
  redis.call('SET', key, cmsgpack.pack('held', operation.fingerprint, operation.first, operation.second,
    operation.units, operation.expires_at, operation.remember_ms, operation.resource, operation.access,
    operation.access_ms))
end

-- Keeps an operation that holds nothing any more for as long as its id is remembered.
local function write_ended(key, operation, state, remember_ms)
  operation.state = state
  redis.call('SET', key, cmsgpack.pack(state, operation.fingerprint, operation.first, operation.second),
    'PX', remember_ms)
end

local function has_run(operation, run)
  return operation.first == run or operation.second == run
end

-- Releases a held operation: its units are available again, and its id may be held again.
local function give_back(key, account, holds, member, operation)
  redis.call('HINCRBY', account, 'held', integer(-operation.units))
  redis.call('HINCRBY', account, 'available', integer(operation.units))
  redis.call('ZREM', holds, member)
  operation.first = ''
  operation.second = ''
  write_ended(key, operation, 'released', operation.remember_ms)
end

-- The operation as it stands now: a hold that ran out is released.
local function current_operation(key, account, holds, member, now)
  local operation = read_operation(key)
  if operation and operation.state == 'held' and operation.expires_at <= now then
    give_back(key, account, holds, member, operation)
  end
  return operation
end

-- Releases holds of the shard that ran out, at most `limit`. Returns how many.
local function release_expired(holds, now, limit)
  local prefix = prefix_of(holds, 'holds')
  local members = redis.call('ZRANGEBYSCORE', holds, '-inf', now, 'LIMIT', 0, limit)
  for _, member in ipairs(members) do
    local key = prefix .. 'operation:' .. member
    local operation = read_operation(key)
    if operation and operation.state == 'held' then
      -- A member is client (64 characters), currency (3) and operation id, joined by colons.
      give_back(key, prefix .. 'account:' .. string.sub(member, 1, 68), holds, member, operation)
    else
      redis.call('ZREM', holds, member)
    end
  end
  return #members
end
