-- The keys of a hold, from its account's and its operation's: the others are of the same shard.
local function hold_keys(account, operation, wish)
  local prefix = string.match(account, '^.*{%x%x}:')
  return {
    account = account,
    operation = operation,
    holds = prefix .. 'holds',
    opened = prefix .. 'opened',
    -- A member is client (64 characters), currency (3) and operation id, joined by colons.
    access = prefix .. 'access:' .. string.sub(wish.member, 1, 68) .. ':' .. wish.access,
  }
end

-- A wish from its list: {member, fingerprint, run, units, hold ms, remember ms, resource, access, access ms,
-- era or -1}.
local function wish_from(list)
  return {
    member = list[1],
    fingerprint = list[2],
    run = list[3],
    units = list[4],
    hold_ms = list[5],
    remember_ms = list[6],
    resource = list[7],
    access = list[8],
    access_ms = list[9],
    era = list[10],
  }
end

-- Decides a wish to spend, and sets the units aside. Upper steps of the ladder only look; lower ones write.
-- Returns type, reason and, where it was read, the account as it is now. 'blank' where credit may be missing.
local function hold(keys, wish, now)
  local operation = current_operation(keys.operation, keys.account, keys.holds, wish.member, now)
  local state = operation and operation.state
  if operation and operation.fingerprint ~= wish.fingerprint then return 'conflict', '' end
  if state == 'held' and has_run(operation, wish.run) then return 'held', '' end
  if state == 'captured' and has_run(operation, wish.run) then return 'admitted', 'replay' end

  local account = read_account(keys.account)
  if wish.era >= 0 and wish.era ~= account.era then
    -- Where credit may be missing, so may keys.
    return redis.call('EXISTS', keys.opened) == 0 and 'blank' or 'unproven', '', account
  end
  if account.freezes > 0 or account.available < 0 then return 'frozen', '', account end
  if wish.access ~= '' and redis.call('EXISTS', keys.access) == 1 then return 'admitted', 'access', account end

  if state == 'held' or state == 'captured' then
    if operation.first ~= '' and operation.second ~= '' then return 'conflict', '', account end
    if operation.first == '' then operation.first = wish.run else operation.second = wish.run end
    if state == 'captured' then
      write_ended(keys.operation, operation, 'captured', wish.remember_ms)
      return 'admitted', 'replay', account
    end
    operation.expires_at = math.max(operation.expires_at, now + wish.hold_ms)
    write_held(keys.operation, keys.holds, wish.member, operation)
    return 'held', '', account
  end

  -- Holds that ran out but were not swept yet belong to their payer already.
  while account.available < wish.units and account.available + account.held >= wish.units
    and release_expired(keys.holds, now, 100) > 0 do
    account = read_account(keys.account)
  end
  if account.available < wish.units then
    if redis.call('EXISTS', keys.opened) == 0 then return 'blank', '', account end
    return 'insufficient', '', account
  end

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
  account.sums[2] = integer(account.available - wish.units)
  account.sums[3] = integer(account.held + wish.units)
  redis.call('HSET', keys.account, 'available', account.sums[2], 'held', account.sums[3])
  return 'held', '', account
end
