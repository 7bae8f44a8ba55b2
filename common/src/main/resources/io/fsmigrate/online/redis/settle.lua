-- Writes a record if its key still holds what the writer has seen and found to be less.
-- ARGV: 1 where a record is all that its key holds, or 0; seconds to live, 0 for ever; SHA-1 of what
-- was seen; number of fields looked at, and those; then the arguments of HSET.
-- Returns 1 if it was written, -1 if the key holds something else by now.
local fields = tonumber(ARGV[4])
local parts = {}
for from = 5, fields + 4, 4000 do
  local values =
    redis.pcall('HMGET', KEYS[1], unpack(ARGV, from, math.min(from + 3999, fields + 4)))
  if values.err then
    return values
  end
  for i = 1, #values do
    parts[#parts + 1] = values[i] and #values[i] .. ':' .. values[i] or '-'
  end
end
if redis.sha1hex(table.concat(parts)) ~= ARGV[3] then
  return -1
end
return put(KEYS[1], fields + 5, #ARGV, ARGV[1] == '1', tonumber(ARGV[2]))
