-- Sets what is served, if the key holds what is expected. ARGV: how many values the expectation has,
-- 0 for no key; those values; then fields and values of what is to be served, by turns. The values
-- expected are of the same fields, in the same order. Returns 1, or 0 where it holds something else.
local expected = tonumber(ARGV[1])
local first = expected + 2
local fields = {}
local values = {}
for i = first, #ARGV, 2 do
  fields[#fields + 1] = ARGV[i]
  values[#values + 1] = ARGV[i + 1]
end
local held = redis.call('HMGET', KEYS[1], unpack(fields))
-- Done before: the answer to it was lost.
local done = true
for i = 1, #values do
  done = done and held[i] == values[i]
end
if done then
  return 1
end
if expected == 0 then
  if redis.call('EXISTS', KEYS[1]) == 1 then
    return 0
  end
else
  for i = 1, expected do
    if held[i] ~= ARGV[i + 1] then
      return 0
    end
  end
end
redis.call('HSET', KEYS[1], unpack(ARGV, first, #ARGV))
return 1
