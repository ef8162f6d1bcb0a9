-- Decides a wish to spend, and sets the units aside. Upper steps of the ladder only look; lower ones write.
-- `keys`: account, operation, holds, access, opened. `wish`: member, fingerprint, run, units, hold_ms, remember_ms,
-- resource, access, access_ms. Returns {type, reason}, or {'blank'} where credit may be missing.
local function hold(keys, wish, now)
  local operation = current_operation(keys.operation, keys.account, keys.holds, wish.member, now)
  local state = operation and operation.state
  if operation and operation.fingerprint ~= wish.fingerprint then return { 'conflict', '' } end
  if state == 'held' and has_run(operation, wish.run) then return { 'held', '' } end
  if state == 'captured' and has_run(operation, wish.run) then return { 'admitted', 'replay' } end

  local account = read_account(keys.account)
  if account.freezes > 0 or account.available < 0 then return { 'frozen', '' } end
  if wish.access ~= '' and redis.call('EXISTS', keys.access) == 1 then return { 'admitted', 'access' } end

  if state == 'held' or state == 'captured' then
    if operation.first ~= '' and operation.second ~= '' then return { 'conflict', '' } end
    if operation.first == '' then operation.first = wish.run else operation.second = wish.run end
    if state == 'captured' then
      write_ended(keys.operation, operation, 'captured', wish.remember_ms)
      return { 'admitted', 'replay' }
    end
    operation.expires_at = math.max(operation.expires_at, now + wish.hold_ms)
    write_held(keys.operation, keys.holds, wish.member, operation)
    return { 'held', '' }
  end

  -- Holds that ran out but were not swept yet belong to their payer already.
  while account.available < wish.units and account.available + account.held >= wish.units
    and release_expired(keys.holds, now, 100) > 0 do
    account = read_account(keys.account)
  end
  if account.available < wish.units then
    if redis.call('EXISTS', keys.opened) == 0 then return { 'blank' } end
    return { 'insufficient', '' }
  end

  redis.call('HINCRBY', keys.account, 'available', integer(-wish.units))
  redis.call('HINCRBY', keys.account, 'held', integer(wish.units))
  write_held(keys.operation, keys.holds, wish.member, {
    fingerprint = wish.fingerprint,
    first = wish.run,
    second = '',
    units = wish.units,
    expires_at = now + wish.hold_ms,
    remember_ms = wish.remember_ms,
    resource = wish.resource,
    access = wish.access,
    access_ms = wish.access_ms,
  })
  return { 'held', '' }
end

-- The wish that stands in nine arguments from `first` on.
local function wish_from(arguments, first)
  return {
    member = arguments[first],
    fingerprint = arguments[first + 1],
    run = arguments[first + 2],
    units = tonumber(arguments[first + 3]),
    hold_ms = tonumber(arguments[first + 4]),
    remember_ms = tonumber(arguments[first + 5]),
    resource = arguments[first + 6],
    access = arguments[first + 7],
    access_ms = tonumber(arguments[first + 8]),
  }
end
