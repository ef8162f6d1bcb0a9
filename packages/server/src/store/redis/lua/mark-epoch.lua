-- Marks a shard when it is first used. A shard that has lost its mark has lost its data.
--
-- KEYS[1] epoch  says that this shard was not emptied
--
-- ARGV[1] the mark, unless there is one
--
-- RETURNS the mark
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
