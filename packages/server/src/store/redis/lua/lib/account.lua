local MOST = 9007199254740991

-- Milliseconds since 1970 by this server's clock.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A number as all its digits; tostring() rounds to 14. Adding 0 makes 0 of -0, which Redis does not take.
local function integer(number)
  return string.format('%.0f', number + 0)
end

-- What all keys of a shard start with, from the name of one that has no further parts.
local function prefix_of(key, name)
  return string.sub(key, 1, -1 - #name)
end

-- {credited, available, held, spent, debited, freezes} as text, false where there is none yet.
local function account_reply(key)
  return redis.call('HMGET', key, 'credited', 'available', 'held', 'spent', 'debited', 'freezes')
end

-- The sums as numbers, and as `account_reply` has them; and the era of the account's keys.
local function read_account(key)
  local sums = redis.call('HMGET', key, 'credited', 'available', 'held', 'spent', 'debited', 'freezes', 'era')
  return {
    sums = sums,
    credited = tonumber(sums[1] or 0),
    available = tonumber(sums[2] or 0),
    held = tonumber(sums[3] or 0),
    debited = tonumber(sums[5] or 0),
    freezes = tonumber(sums[6] or 0),
    era = tonumber(sums[7] or 0),
  }
end

-- An answer of this type with the account as it is now.
local function with_account(answer, key)
  for _, sum in ipairs(account_reply(key)) do
    answer[#answer + 1] = sum
  end
  return answer
end

-- One line of history; the oldest beyond `limit` are dropped, by the whole node: one by one takes twice the time.
local function add_entry(key, limit, kind, units, reference)
  redis.call('XADD', key, 'MAXLEN', '~', limit, '*', 'kind', kind, 'units', integer(units), 'reference', reference)
end
