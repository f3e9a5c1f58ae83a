-- Makes the caller the shard's writer. Sequence number and payload stay what the last checkpoint wrote.
--
-- KEYS     1  the shard's checkpoint hash
-- ARGV     1  the new writer's token
--          2  time to live, ms
-- RETURNS  {sequence number, payload}; {"0", nil} where nothing was ever checkpointed

redis.call('HSET', KEYS[1], 'token', ARGV[1])
redis.call('HSETNX', KEYS[1], 'sequence', '0')
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2]) -- never less: the checkpoint must outlive every row
end
return redis.call('HMGET', KEYS[1], 'sequence', 'payload')
