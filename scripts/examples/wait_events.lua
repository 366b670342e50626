-- Three ways to wait for what happens: for a state, for a list of events, and
-- with a function that is called while the script waits for something else.
--
--   nlsh run --sandbox scripts/examples/wait_events.lua

local br = link.add{ "br0", type="bridge", up=true }

-- A function puts each new end of a cable on the bridge. It is called while the
-- script waits.
local plug = monitor.open "link"
plug:on(function(ev)
  if ev.op == "new" and ev.object.name:match "^port" and not ev.object.master then
    ev.object:set{ master=br, up=true }
  end
end)

-- What happens from here on is kept until it is asked for.
local m = monitor.open{ "link", "addr" }
for i = 1, 2 do
  link.add{ "port" .. i, type="veth", peer={ "host" .. i, up=true, addrs={ ("10.0.%d.1/24"):format(i) } } }
end

-- A state is waited for; one that is there already is found at once.
for i = 1, 2 do
  local l = monitor.wait{ "link", name="port" .. i, master="br0", operstate="up", timeout="10s" }
  print(l.name, "is on", l.master)
end

local seen = {}
for ev in m:each{ timeout="10s" } do
  if ev.kind == "addr" and ev.op == "new" then
    seen[#seen+1] = tostring(ev.object)
  end
  if #seen >= 2 then break end
end
expect.eq(#seen, 2)
print("addresses that came:", table.concat(seen, ", "))

link.del "port1"
monitor.wait{ "link", name="port1", absent=true, timeout="10s" }
print "port1 went"
plug:close()
m:close()
