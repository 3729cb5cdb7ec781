-- What load.ts has wrk do: `-- FILE EXPECTED`. The file holds requests, each behind a line with its length.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  calls, taken, wrong = {}, 0, 0
  expected = args[2]
  local file = assert(io.open(args[1], 'rb'))
  while true do
    local length = file:read('*l')
    if not length then break end
    table.insert(calls, file:read(tonumber(length)))
    file:read('*l')
  end
  file:close()
end

function request()
  taken = taken + 1
  return calls[(taken - 1) % #calls + 1]
end

function response(status, headers, body)
  if status ~= 200 or not body:find(expected, 1, true) then wrong = wrong + 1 end
end

function done(summary, latency, requests)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do wrong = wrong + thread:get('wrong') end
  print(string.format('{"p50Ms":%.1f,"p95Ms":%.1f,"perSecond":%.1f,"wrong":%d}', latency:percentile(50) / 1000,
    latency:percentile(95) / 1000, summary.requests / summary.duration * 1e6, wrong))
end
