-- A wish from its list: {fingerprint, run, units, hold ms, remember ms, resource, access, access ms, era or -1}.
local function wish_from(list)
  return {
    fingerprint = list[1],
    run = list[2],
    units = list[3],
    hold_ms = list[4],
    remember_ms = list[5],
    resource = list[6],
    access = list[7],
    access_ms = list[8],
    era = list[9],
  }
end

-- Whether the shard was declared complete.
local function is_opened(keys)
  return redis.call('EXISTS', keys.prefix .. 'opened') == 1
end

-- Two runs that are going on share one hold, and so one price; what was paid for before may cost less by now.
local function covers_price(operation, units)
  if operation.state == 'held' then return units == operation.units end
  -- An older version has not kept it.
  return operation.units == nil or units <= operation.units
end

-- Decides a wish to spend, and sets the units aside. Upper steps of the ladder only look; lower ones write.
-- Returns type, reason and, where it was read, the account as it is now. 'blank' where credit may be missing.
local function hold(keys, wish, now)
  local operation = current_operation(keys, now)
  local state = operation and operation.state
  local is_other = operation and operation.fingerprint ~= wish.fingerprint
  -- Also after a sign-out: it is the same run, whose answer was lost on the way.
  if operation and not is_other and has_run(operation, wish.run) then
    if state == 'held' then return 'held', '' end
    if state == 'captured' then return 'admitted', 'replay' end
  end

  local account = read_account(keys.account)
  if wish.era >= 0 and wish.era ~= account.era then
    -- Where credit may be missing, so may keys.
    return is_opened(keys) and 'unproven' or 'blank', '', account
  end
  if is_other then return 'conflict', '', account end
  if account.freezes > 0 or account.available < 0 then return 'frozen', '', account end
  if is_accessible(keys, wish.access, wish.units, now) then return 'admitted', 'access', account end

  if state == 'held' or state == 'captured' then
    if operation.first ~= '' and operation.second ~= '' then return 'conflict', '', account end
    if not covers_price(operation, wish.units) then return 'conflict', '', account end
    if operation.first == '' then operation.first = wish.run else operation.second = wish.run end
    if state == 'captured' then
      write_ended(keys.operation, operation, 'captured', wish.remember_ms)
      return 'admitted', 'replay', account
    end
    operation.expires_at = math.max(operation.expires_at, now + wish.hold_ms)
    write_held(keys, operation)
    return 'held', '', account
  end

  -- Holds that ran out but were not swept yet belong to their payer already.
  while account.available < wish.units and account.available + account.held >= wish.units
    and release_expired(keys.holds, now, 100) > 0 do
    account = read_account(keys.account)
  end
  if account.available < wish.units then
    return is_opened(keys) and 'insufficient' or 'blank', '', account
  end

  write_held(keys, {
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
  account.sums[2] = integer(account.available - wish.units)
  account.sums[3] = integer(account.held + wish.units)
  redis.call('HSET', keys.account, 'available', account.sums[2], 'held', account.sums[3])
  return 'held', '', account
end
