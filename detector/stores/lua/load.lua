-- Reads rows and ledgers, if the caller is still the shard's writer.
--
-- KEYS     1   the shard's checkpoint hash
--          2…  the keys to read
-- ARGV     1   the caller's token
-- RETURNS  {sequence number, value or nil for each key}; nil where somebody else is the writer

local owner = redis.call('HMGET', KEYS[1], 'token', 'sequence')
if owner[1] ~= ARGV[1] then
  return false
end

-- Key by key: unpack() of thousands of keys for one MGET would overflow Lua's stack.
local found = {owner[2]}
for i = 2, #KEYS do
  found[i] = redis.call('GET', KEYS[i])
end
return found
