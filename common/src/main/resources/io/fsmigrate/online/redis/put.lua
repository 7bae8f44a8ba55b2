-- Writes a record. Arguments of HSET are ARGV[first] to ARGV[last]; Lua takes no more than some
-- thousand at once. Nothing but the first write of a script can be refused for want of memory.
local function put(key, first, last, replaces, seconds)
  if replaces then
    redis.call('DEL', key)
  end
  for from = first, last, 4000 do
    local done = redis.pcall('HSET', key, unpack(ARGV, from, math.min(from + 3999, last)))
    if type(done) == 'table' then
      return done
    end
  end
  if seconds > 0 then
    redis.call('EXPIRE', key, seconds)
  end
  return 1
end
