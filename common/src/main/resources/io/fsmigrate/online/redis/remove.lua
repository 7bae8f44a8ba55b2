-- Removes records. ARGV: 1 where a record is all that its key holds, or 0; the fields of a record,
-- the event time's first. Returns how many keys had one.
local removed = 0
for _, key in ipairs(KEYS) do
  if redis.pcall('HEXISTS', key, ARGV[2]) == 1 then
    removed = removed + 1
    local others = false
    if ARGV[1] == '0' then
      for from = 2, #ARGV, 4000 do
        redis.call('HDEL', key, unpack(ARGV, from, math.min(from + 3999, #ARGV)))
      end
      -- A view of features is there as long as its event time is.
      for _, field in ipairs(redis.call('HKEYS', key)) do
        others = others or string.sub(field, 1, 4) == '_ts:'
      end
    end
    if not others then
      redis.call('UNLINK', key)
    end
  end
end
return removed
