package lua_test

import "testing"

func TestMonitor(t *testing.T) {
	runAll(t, []script{
		// The view is built from events only, and from what there was before.
		{"a script that does not listen while 100,000 routes are added", `
local view, n = {}, 0
local m = monitor.open "route"
for r in route.each{ table="all" } do view[r:ident()] = true end
local i = 0
route.add(function()
  i = i + 1
  if i <= 100000 then
    return { ("11.%d.%d.%d"):format(i / 65536, i / 256 % 256, i % 256), dev="lo", table=7 }
  end
end)
local resynced = 0
for ev in m:each{ timeout=0 } do
  view[ev.object:ident()] = ev.op == "new" or nil
  resynced = resynced + (ev.resync and 1 or 0)
end
for r in route.each{ table="all" } do
  n = n + 1
  if not view[r:ident()] then error("missing " .. tostring(r)) end
  view[r:ident()] = nil
end
print(n > 100000, next(view), resynced > 0, m.resyncs > 0)`, "true nil true true\n"},
		{"the snippets of the plan", `
local m = monitor.open{ "link", "addr" }
m:on(function(ev) if ev.object.name == "v1" and not ev.object.master then link.set{ ev.object, master="br0" } end end)
link.add{ "br0", type="bridge", up=true }
link.add{ "v1", type="veth", up=true, peer={ "v2", up=true } }
print(monitor.wait{ "link", name="v1", operstate="up", master="br0", timeout="5s" })`, "v1\n"},
		{"in another namespace", `
local h = netns.add "h1"
local m, n = h.monitor.open "link", monitor.open{ "link", netns="h1" }
h.link.add{ "br0", type="bridge" }
local a, b = m:next{ timeout="5s" }.object, n:next{ timeout="5s" }.object
print(a, a == b, a == h.link.get "br0", monitor.open "link":next{ timeout=0 }, h.monitor.wait{ "link", name="br0" })`,
			"br0 true true nil br0\n"},
		{"a namespace that is deleted", `
local h = netns.add "h1"
local m = h.monitor.open "link"
h:del()
m:next()`, "! t.lua:5: monitor: namespace h1 was deleted\n"},
		{"a timeout is caught by try", `print(try(monitor.wait, { "link", name="lo", mtu=5, timeout="1ms" }))`,
			"nil monitor wait link: not after 1ms: lo is there, mtu is 65536\n"},
		{"a monitor that nobody holds", `
for i = 1, 200 do monitor.open "link" end
collectgarbage()
print "done"`, "done\n"},
		{"callbacks alone keep a monitor", `
monitor.open "link":on(function(ev) rule.add{ priority=5, table=7 } end)
collectgarbage() collectgarbage()
link.add{ "br0", type="bridge" }
print(monitor.wait{ "rule", priority=5, timeout="5s" }.priority)`, "5\n"},
	})
}
