-- Clients that keep their cookies, for wrk: each thread is one client with one connection. The last line of the output
-- is RESULT and: requests, seconds, p50 and p99 in microseconds, failures, moves from one backend to another.

local clients = {}

function setup(thread)
  table.insert(clients, thread)
end

function init()
  answers, failures, moves = 0, 0, 0
  cookies, backend = {}, nil
  current = wrk.format("GET", "/")
end

function request()
  return current
end

local function keep(cookie)
  local name, value = cookie:match("^([^=]+)=([^;]*)")
  if cookies[name] == value then
    return
  end
  cookies[name] = value
  local pairs_sent = {}
  for n, v in pairs(cookies) do
    table.insert(pairs_sent, n .. "=" .. v)
  end
  local sent = {["Cookie"] = table.concat(pairs_sent, "; ")}
  for n, v in pairs(wrk.headers) do
    sent[n] = v
  end
  current = wrk.format("GET", "/", sent)
end

-- wrk hands over one of several fields of a name, so a client has all its cookies a few answers later only.
local SETTLED = 4

function response(status, fields, body)
  answers = answers + 1
  if status ~= 200 or not body:match("^web%d") then
    failures = failures + 1
    return
  end
  for name, value in pairs(fields) do
    if name:lower() == "set-cookie" then
      keep(value)
    end
  end
  if answers > SETTLED and body ~= backend then
    moves = moves + 1
  end
  backend = body
end

function done(summary, latency)
  local failed, moved = 0, 0
  for _, count in pairs(summary.errors) do
    failed = failed + count
  end
  for _, client in ipairs(clients) do
    failed = failed + client:get("failures")
    moved = moved + client:get("moves")
  end
  io.write(string.format("RESULT %d %.6f %d %d %d %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99), failed, moved))
end
