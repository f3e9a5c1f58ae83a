-- Writes a shard's changed rows and its checkpoint in one step, if the caller is still the shard's writer and
-- finds what it wrote last.
--
-- KEYS     1    the shard's checkpoint hash
--          2…   for each row its key, then its ledger's key
--          then the keys of tallies
-- ARGV     1    the caller's token
--          2, 3 the oldest and the newest sequence number that the caller may find
--          4    the sequence number of this checkpoint
--          5    the payload
--          6    time to live, ms
--          7    that of tallies
--          8    the number of rows
--          9…   for each row its bytes ("" removes it and its ledger), then its ledger's ("" leaves it as it is)
--          then the bytes of tallies ("" removes one)
-- RETURNS  1 where it is written, 0 where it is refused and nothing was changed
--
-- Numbers are compared here but never written by Lua, which would turn large ones into floats.

local owner = redis.call('HMGET', KEYS[1], 'token', 'sequence')
if owner[1] ~= ARGV[1] then
  return 0
end
if owner[2] == ARGV[4] then
  return 1 -- the client sent this very call twice, because it did not see the first answer
end
local sequence = tonumber(owner[2])
if sequence < tonumber(ARGV[2]) or sequence > tonumber(ARGV[3]) then
  return 0
end

local ttl, last = ARGV[6], 2 * tonumber(ARGV[8]) + 1
for i = 2, last, 2 do
  if ARGV[i + 7] == '' then
    redis.call('DEL', KEYS[i], KEYS[i + 1])
  else
    redis.call('SET', KEYS[i], ARGV[i + 7], 'PX', ttl)
    if ARGV[i + 8] == '' then
      redis.call('PEXPIRE', KEYS[i + 1], ttl) -- a row must not outlive its ledger
    else
      redis.call('SET', KEYS[i + 1], ARGV[i + 8], 'PX', ttl)
    end
  end
end
for i = last + 1, #KEYS do
  if ARGV[i + 7] == '' then
    redis.call('DEL', KEYS[i])
  else
    redis.call('SET', KEYS[i], ARGV[i + 7], 'PX', ARGV[7])
  end
end
redis.call('HSET', KEYS[1], 'sequence', ARGV[4], 'payload', ARGV[5])
if redis.call('PTTL', KEYS[1]) < tonumber(ttl) then
  redis.call('PEXPIRE', KEYS[1], ttl) -- never less: rows may have been written to be kept for longer
end
return 1
