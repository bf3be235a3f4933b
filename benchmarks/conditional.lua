-- Every second request brings the ETag the client already has, as calendar programs do.
local number = 0
request = function()
  number = number + 1
  if number % 2 == 0 and tag and tag ~= "" then
    return wrk.format("GET", nil, { ["If-None-Match"] = tag })
  end
  return wrk.format("GET", nil)
end
init = function(args)
  tag = args[1]
end
