-- Remembers when the store was compared with Stripe; a run that began earlier and ended later changes nothing.
--
-- KEYS[1] reconciled  milliseconds since 1970
--
-- ARGV[1] milliseconds since 1970
--
-- RETURNS nothing
local known = tonumber(redis.call('GET', KEYS[1]) or -1)
if tonumber(ARGV[1]) > known then redis.call('SET', KEYS[1], ARGV[1]) end
return false
