-- Declares a shard complete: from here on an account that is not there has no credit. No effect on other data than those meant.
--
-- KEYS[1] opened  exists once the shard was declared complete
-- KEYS[2] blank   the name of data that nobody declared complete
-- ARGV[1]         the name of the data that are meant; empty for a shard that was complete
--
-- RETURNS 1 when the shard is complete, else 0: its data were lost
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
if ARGV[1] == '' or redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 1)
redis.call('DEL', KEYS[2])
return 1
