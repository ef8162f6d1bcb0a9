-- Gives a purchase to another account, unless somebody else did.
--
-- KEYS[1] purchase  `client:currency:from`: the account, and its first attempt of this purchase
--
-- ARGV[1] what it was when the caller looked
-- ARGV[2] what it shall be
--
-- RETURNS 1 if it was moved, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
