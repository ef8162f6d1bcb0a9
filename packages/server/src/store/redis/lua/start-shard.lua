-- Whether a shard was declared complete. If not, it is given a name that it loses with its data.
--
-- KEYS[1] opened  exists once the shard was declared complete
-- KEYS[2] blank   the name of data that nobody declared complete
-- ARGV[1]         a new name
--
-- RETURNS the name of the data, empty for a shard that is complete
if redis.call('EXISTS', KEYS[1]) == 1 then return '' end
redis.call('SET', KEYS[2], ARGV[1], 'NX')
return redis.call('GET', KEYS[2])
