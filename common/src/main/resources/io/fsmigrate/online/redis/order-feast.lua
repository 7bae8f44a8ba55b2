-- A varint of protobuf. The ten bytes of a negative number are added up as what is missing to -1,
-- which is small and exact where the number itself, as a double, would not be.
local function varint(bytes, at)
  local value, missing, scale = 0, 0, 1
  for i = 1, 10 do
    local byte = string.byte(bytes, at)
    if not byte then
      return nil
    end
    at = at + 1
    local low = byte % 128
    if i == 10 then
      return -missing - 1, at
    end
    value = value + low * scale
    missing = missing + (127 - low) * scale
    scale = scale * 128
    if byte < 128 then
      return value, at
    end
  end
end

-- Seconds (field 1) and nanoseconds (field 2) of a google.protobuf.Timestamp; nil for anything else.
local function time(bytes)
  local parts, at = { [8] = 0, [16] = 0 }, 1
  while at <= #bytes do
    local tag = string.byte(bytes, at)
    if not parts[tag] then
      return nil
    end
    parts[tag], at = varint(bytes, at + 1)
    if not at then
      return nil
    end
  end
  return parts[8], parts[16]
end

-- Which of two event times is later: 1 the first, -1 the second, 0 neither, nil if one is no time.
local function order(one, other)
  if one == other then
    return 0
  end
  local seconds, nanos = time(one)
  local otherSeconds, otherNanos = time(other)
  if not seconds or not otherSeconds then
    return nil
  end
  if seconds ~= otherSeconds then
    return seconds > otherSeconds and 1 or -1
  end
  if nanos ~= otherNanos then
    return nanos > otherNanos and 1 or -1
  end
  return 0
end
