-- Says which account a purchase belongs to; the first to ask decides.
--
-- KEYS[1] purchase  `client:currency:from`: the account, and its first attempt of this purchase
--
-- ARGV[1] what it is unless it is known
--
-- RETURNS what it is
local known = redis.call('GET', KEYS[1]) or ARGV[1]
-- Written even when it is known, so that WAIT on this connection vouches for what another one wrote.
redis.call('SET', KEYS[1], known)
return known
