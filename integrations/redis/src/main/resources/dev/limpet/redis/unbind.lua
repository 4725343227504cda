-- ARGV[4..5]: the expected version, the version to announce.
local now = stored()
if now and now.version > tonumber(ARGV[4]) then
  return answer(2, now.value, redis.call('PTTL', KEYS[1]))
end
redis.call('DEL', KEYS[1])
changed(ARGV[5])
return answer(3, '', 0)
