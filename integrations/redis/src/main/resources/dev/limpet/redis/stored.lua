-- KEYS[1]: the session's key.
-- ARGV[1..3]: the number of the call, a value to treat as absent, the channel for changes.
local garbage = 0

local function parse(value)
  local version, ending, name = string.match(value, '^1:([1-9]%d*):(%d+):%x+:(.+)$')
  return version
    and {value = value, version = tonumber(version), ending = tonumber(ending), name = name}
end

local function stored()
  local kind = redis.call('TYPE', KEYS[1]).ok
  if kind == 'none' then
    return nil
  end
  if kind == 'string' and redis.call('STRLEN', KEYS[1]) <= 298 then
    local value = redis.call('GET', KEYS[1])
    local binding = value ~= ARGV[2] and parse(value)
    if binding then
      return binding
    end
  end
  garbage = 1
  return nil
end

local function changed(version)
  redis.call('PUBLISH', ARGV[3], string.sub(KEYS[1], -16) .. ' ' .. version)
end

local function answer(status, value, left)
  return {ARGV[1], status, value, left, garbage}
end
