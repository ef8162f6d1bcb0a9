-- Forgets the card of a client, if it is this one. Its PaymentMethod stays known as forgotten for longer than Stripe
-- repeats its events.
--
-- KEYS[1] card  hash
--
-- ARGV[1] PaymentMethod
-- ARGV[2] for how many milliseconds
--
-- RETURNS 1, or 0 when another card is kept, or none

if redis.call('HGET', KEYS[1], 'method') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'method', ARGV[1], 'forgotten', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
