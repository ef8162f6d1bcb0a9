local OPEN = { prepared = true, intent_saved = true, requires_action = true }

local function read_purchase(key)
  local fields = redis.call('HMGET', key, 'status', 'attempt', 'method', 'intent', 'created', 'units')
  if not fields[1] then return nil end
  return {
    status = fields[1],
    attempt = tonumber(fields[2]),
    method = fields[3],
    intent = fields[4],
    created = fields[5],
    has_terms = fields[6] and true,
  }
end

-- The fields of a purchase as text, then the time.
local function purchase_reply(key, now)
  local fields = redis.call('HMGET', key, 'id', 'client', 'currency', 'minor', 'units', 'method', 'status', 'attempt',
    'intent', 'error', 'decline', 'created', 'updated', 'customer', 'keeps', 'key', 'check', 'issuer',
    'description')
  fields[#fields + 1] = now
  return fields
end

-- An answer of this type with a purchase as it is now.
local function with_purchase(answer, key, now)
  for _, field in ipairs(purchase_reply(key, now)) do
    answer[#answer + 1] = field
  end
  return answer
end

-- Whether a purchase is open in this very attempt, so that what is said about that attempt may change it.
local function is_current(purchase, attempt)
  return purchase ~= nil and OPEN[purchase.status] and purchase.attempt == attempt
end

-- The answer of a verb: the purchase, or that it has moved to another account or was never here.
local function verb_reply(key, now)
  local purchase = read_purchase(key)
  if not purchase or purchase.status == 'moved' then return { 'elsewhere' } end
  return with_purchase({ 'purchase' }, key, now)
end

-- Lets another top-up of the account be opened.
local function free_account(open, due, id, member)
  if redis.call('GET', open) == id then redis.call('DEL', open) end
  redis.call('ZREM', due, member)
end
