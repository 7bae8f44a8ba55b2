-- Which of two event times is later, by their unsigned bytes: 1 the first, -1 the second, 0 neither.
-- Not with < and >: those follow the locale of the server.
local function order(one, other)
  if one == other then
    return 0
  end
  for i = 1, math.min(#one, #other) do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then
      return a > b and 1 or -1
    end
  end
  return #one > #other and 1 or -1
end
