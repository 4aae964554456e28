-- For wrk: posts the photo named first behind `--`, each client pausing for the ms named second.
local only

function setup(thread) only = thread end

function init(given)
  answered, refused, other, pause = 0, 0, 0, tonumber(given[2])
  local file = io.open(given[1], "rb")
  wrk.method, wrk.body = "POST", file:read("*a")
  wrk.headers["content-type"] = "image/jpeg"
  file:close()
end

function delay() return pause end

function response(status)
  if status == 200 then answered = answered + 1
  elseif status == 503 then refused = refused + 1
  else other = other + 1 end
end

function done(summary)
  print("counted", only:get("answered"), only:get("refused"), only:get("other"), summary.duration / 1e6)
end
