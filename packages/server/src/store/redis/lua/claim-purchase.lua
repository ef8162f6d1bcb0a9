-- Says which account a purchase belongs to; the first to ask decides.
--
-- KEYS[1] purchase  `client:currency:from`: the account, and its first attempt of this purchase
--
-- ARGV[1] what it is unless it is known
--
-- RETURNS what it is
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
