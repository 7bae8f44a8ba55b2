-- Writes records, each only where it is newer than what its key holds.
-- ARGV: 1 where a record is all that its key holds, or 0; seconds to live, 0 for ever; then for each
-- key the number of arguments of HSET, and those. The first field of them is the event time.
-- Returns for each key 1 if it has the record now, 0 if it has a newer one, or, where only the
-- order of features can tell, all that it has.

local function isThere(key, first, last, owns)
  local count = (last - first + 1) / 2
  if owns and redis.call('HLEN', key) ~= count then
    return false
  end
  for from = 0, count - 1, 4000 do
    local names = {}
    for i = from, math.min(from + 3999, count - 1) do
      names[#names + 1] = ARGV[first + 2 * i]
    end
    local values = redis.call('HMGET', key, unpack(names))
    for i = 1, #names do
      if values[i] ~= ARGV[first + 2 * (from + i) - 1] then
        return false
      end
    end
  end
  return true
end

local function write(key, first, last, owns, seconds)
  local stored = redis.pcall('HGET', key, ARGV[first])
  if type(stored) == 'table' then
    return stored
  end
  if stored then
    local later = order(ARGV[first + 1], stored)
    if not later then
      return redis.error_reply('NOTIME the event time in the store is not readable')
    end
    if later < 0 then
      return 0
    end
    if later == 0 then
      if not isThere(key, first, last, owns) then
        return redis.call('HGETALL', key)
      end
      if seconds > 0 then
        redis.call('EXPIRE', key, seconds)
      end
      return 1
    end
  end
  return put(key, first, last, owns and stored, seconds)
end

local owns, seconds = ARGV[1] == '1', tonumber(ARGV[2])
local results, at = {}, 3
for i, key in ipairs(KEYS) do
  local count = tonumber(ARGV[at])
  results[i] = write(key, at + 1, at + count, owns, seconds)
  at = at + count + 1
end
return results
