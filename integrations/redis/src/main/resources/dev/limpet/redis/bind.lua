-- ARGV[4..8]: the candidate or '', the expected name, the expected version or 0,
-- the milliseconds to keep the binding, the milliseconds below which to renew it.
local now = stored()
local candidate = parse(ARGV[4])
local name, version = ARGV[5], tonumber(ARGV[6])
local ttl, below = tonumber(ARGV[7]), tonumber(ARGV[8])

local function capped(millis, ending)
  if ending == 0 then
    return millis
  end
  local time = redis.call('TIME')
  local left = ending * 1000 - (tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
  return math.max(1, math.min(millis, left))
end

local function keep(binding, millis)
  local left = capped(millis, binding.ending)
  redis.call('SET', KEYS[1], binding.value, 'PX', left)
  return answer(1, '', left)
end

if not now then
  if not candidate then
    return answer(3, '', 0)
  end
  if version > 0 and (candidate.version ~= version or candidate.name ~= name) then
    changed(candidate.version)
  end
  return keep(candidate, ttl)
end

local left = redis.call('PTTL', KEYS[1])
local yields = now.version < version or (now.version == version and now.name == name)
local same = candidate and now.version == candidate.version and now.name == candidate.name
if candidate and yields and not same then
  changed(candidate.version)
  return keep(candidate, (below > 0 or left < 0) and ttl or left)
end

if left < below then
  local longer = capped(ttl, now.ending)
  if longer > left then
    redis.call('PEXPIRE', KEYS[1], longer)
    left = longer
  end
end
return answer(2, now.value, left)
