-- Events: wait for a state, react to what appears, and list what changed.

-- Every port whose name begins with "p" goes into the bridge as it appears.
-- Callbacks run while the script waits.
local br = link.add{ "br0", type="bridge", up=true }
local ports = monitor.open "link"
ports:on(function(ev)
  local l = ev.object
  if ev.op == "new" and l.name:match "^p%d" and l.master ~= "br0" then
    l:set{ master="br0", up=true }
  end
end)

for i = 1, 2 do
  local host = netns.add("h" .. i)
  link.add{ "p" .. i, type="veth", peer={ "eth0", netns=host, up=true, addrs={ "10.0.0." .. i .. "/24" } } }
end

-- monitor.wait looks at what there is first, so nothing can be missed.
for i = 1, 2 do
  print(monitor.wait{ "link", name="p" .. i, master="br0", operstate="up", timeout="5s" })
end
ports:close()
expect.ping{ "10.0.0.2", netns="h1" }

-- What happens from here on, in its order, until the link is gone.
local m = monitor.open{ "link", name="p1" }
link.set{ "p1", mtu=1400 }
link.del "p1"
for ev in m:each{ timeout="5s" } do
  print(ev.op, ev.object, ev.object.mtu)
  if ev.op == "del" then break end
end

-- In vain: the error says what there is instead.
print(select(2, try(monitor.wait, { "link", name="p2", mtu=9000, timeout="10ms" })))
