-- A bridge and three hosts, each in a namespace of its own.
local br = link.add{ "br0", type="bridge", up=true, addrs={ "10.0.0.1/24" } }

for i = 1, 3 do
  local host = netns.add("h" .. i)
  link.add{ "v" .. i, type="veth", master=br, up=true,
            peer = { "eth0", netns="h" .. i, up=true, addrs={ "10.0.0." .. (i + 1) .. "/24" } } }
  host.route.add{ "default", via="10.0.0.1" }
end

local why = ... or "no argument"
defer(function() closed = true print("lab is closed, " .. why) end)
