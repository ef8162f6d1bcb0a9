-- Remembers the card of a client in place of an older one, unless it was forgotten.
--
-- KEYS[1] card  hash
--
-- ARGV[1] PaymentMethod
-- ARGV[2] Customer
-- ARGV[3] brand
-- ARGV[4] last four digits
-- ARGV[5] month of its expiry
-- ARGV[6] year of its expiry
--
-- RETURNS 1, or 0 when it was forgotten

local known = redis.call('HMGET', KEYS[1], 'method', 'forgotten')
if known[1] == ARGV[1] and known[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'method', ARGV[1], 'customer', ARGV[2], 'brand', ARGV[3], 'last4', ARGV[4],
  'month', ARGV[5], 'year', ARGV[6])
return 1
