-- Says which account a purchase belongs to; the first to ask decides.
--
-- KEYS[1] purchase  `client:currency:from`: the account, and its first attempt of this purchase
--
-- ARGV[1] what it is unless it is known, or '' to only look
--
-- RETURNS what it is, or '' when it is not known
if ARGV[1] ~= '' then redis.call('SET', KEYS[1], ARGV[1], 'NX') end
return redis.call('GET', KEYS[1]) or ''
