-- ARGV, from 4: the expected version, and the one to announce.
local now = stored()
if now and now.version > tonumber(ARGV[4]) then
  return answer(2, now.value, redis.call('PTTL', KEYS[1]))
end
redis.call('DEL', KEYS[1])
changed(ARGV[5])
return answer(3, '', 0)
