package bindings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMonitor(t *testing.T) {
	const br = `link.add{ "br0", type="bridge" } `
	for _, c := range []struct{ name, src, want string }{
		{"events in their order", `local m = monitor.open{ "link", "addr" } ` + br + `
			addr.add("10.0.0.1/24", "lo") link.set{ "br0", mtu=1400 } link.del "br0"
			for ev in m:each{ timeout="5s" } do print(ev.op, ev.kind, ev.object, ev.kind == "link" and ev.object.mtu, ev.resync) if ev.op == "del" then break end end`,
			"new link br0 1500 nil\nnew addr 10.0.0.1/24 dev lo false nil\nnew link br0 1400 nil\ndel link br0 1400 nil\n"},
		{"an event on one line", `local m = monitor.open "route" route.add{ "10.9.0.0/16", dev="lo", metric=7 } print(m:next{ timeout="5s" })`,
			"new route 10.9.0.0/16 dev lo type unicast table main metric 7 proto boot scope link\n"},
		{"the object is a real one", `local m = monitor.open "link" ` + br + `local o = m:next{ timeout="5s" }.object print(o == link.get "br0", o:set{ mtu=1300 }.mtu)`, "true 1300\n"},
		{"conditions", `local m = monitor.open{ "link", type="bridge", mtu=1400 } ` + br + `link.set{ "br0", mtu=1400 } link.set{ "br0", name="brx" } link.del "brx"
			for ev in m:each{ timeout=0 } do print(ev.op, ev.object) end`, "new br0\nnew brx\ndel brx\n"},
		{"all routes, not those of main alone", `local m = monitor.open "route" route.add{ "10.9.0.0/16", dev="lo", table=7 } print(m:next{ timeout="5s" }.object.table)`, "7\n"},
		{"next at the timeout", `print(monitor.open():next{ timeout=0 })`, "nil\n"},
		{"close within each", `local m = monitor.open "link" ` + br + `for ev in m:each() do print(ev.object) m:close() end m:next()`, "br0\n! monitor next: the monitor is closed\n"},
		{"callbacks", `local m = monitor.open "link" m:on(function(ev) print("on", ev.object) rule.add{ priority=5, table=7 } end) ` + br + `monitor.wait{ "rule", priority=5, timeout="5s" } m:off() link.del "br0" print(m:next{ timeout="5s" }.op)`, "on br0\ndel\n"},
		{"what a callback raises", `monitor.open "link":on(function(ev) error("no " .. ev.object.name, 0) end) ` + br + `monitor.open "rule":next()`, "! no br0\n"},
		{"each beside callbacks", `local m = monitor.open "link":on(print) m:each()`, "! monitor each: the monitor has callbacks, which get the events; m:off() ends them\n"},
		{"closed by a callback meanwhile", `local m = monitor.open "rule" monitor.open "link":on(function() m:close() end) ` + br + `print(m:next()) for ev in m:each() do end`, "nil\n! monitor each: the monitor is closed\n"},
		{"each ends when a callback closes it", `local m = monitor.open "rule" monitor.open "link":on(function() m:close() end) ` + br + `for ev in m:each() do end print "ended"`, "ended\n"},
		{"waited for twice", `local m = monitor.open "rule" monitor.open "link":on(function() m:next() end) ` + br + `m:next()`, "! monitor next: the monitor is waited for already\n"},
		{"a callback for what is waited for", `local m = monitor.open "rule" monitor.open "link":on(function() m:on(print) end) ` + br + `m:next()`, "! monitor on: the monitor is waited for already\n"},
		{"unknown kind", `monitor.open "links"`, `! monitor open: no events of kind "links": there are addr, link, neigh, route, rule; did you mean "link"?` + "\n"},
		{"unknown field", `monitor.open{ "link", mut=1 }`, `! monitor open: unknown field "mut"; did you mean "mtu"?` + "\n"},
		{"a condition of two kinds", `monitor.open{ "link", "addr", mtu=1 }`, "! monitor open: mtu is a condition, which goes with one kind only\n"},
		{"unknown method", `monitor.open "link":nxt()`, `! monitor: no function "nxt"; did you mean "next"?` + "\n"},
		{"a method with a dot", `monitor.open "link".next{ timeout=0 }`, "! monitor next: is called with a colon: m:next(...)\n"},
		{"resyncs", `print(monitor.open "link".resyncs)`, "0\n"},
		{"json", `local m = monitor.open{ "rule" } rule.add{ priority=5, table=7 } local ev = m:next{ timeout="5s" } ev.time = nil print((json(ev):gsub('"object":.*"priority":5.*', '"object":...')))`,
			`{"op":"new","kind":"rule","object":...` + "\n"},

		{"wait finds what is there", `print(monitor.wait{ "link", name="lo", timeout=0 })`, "lo\n"},
		{"wait for what comes", `monitor.open "link":on(function(ev) if ev.object.mtu == 1500 then link.set{ ev.object, mtu=1400 } end end) ` + br + `print(monitor.wait{ "link", name="br0", mtu=1400, timeout="5s" }.mtu)`, "1400\n"},
		{"wait for what goes", `monitor.open "link":on(function(ev) if ev.op == "new" then link.del(ev.object) end end) ` + br + `print(monitor.wait{ "link", name="br0", absent=true, timeout="5s" })`, "\n"},
		{"wait for what is not there", `monitor.wait{ "link", name="nope", absent=true }`, ""},
		{"wait in vain", br + `monitor.wait{ "link", name="br0", mtu=1400, up=true, timeout="10ms" }`, "! monitor wait link: not after 10ms: br0 is there, mtu is 1500, up is false\n"},
		{"wait for nothing near", `monitor.wait{ "link", name="nope", timeout=0 }`, "! monitor wait link: not after 0s: there is none\n"},
		{"wait in vain for an end", `monitor.wait{ "link", name="lo", absent=true, timeout="10ms" }`, "! monitor wait link: still there after 10ms: lo\n"},
		{"wait without kind", `monitor.wait{ name="lo" }`, "! monitor wait: needs kind (string)\n"},
		{"wait with an unknown field", `monitor.wait{ "addr", addres="::1" }`, `! monitor wait: unknown field "addres"; did you mean "address"?` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newWorld(t).run(c.src)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s\n(-want +got):\n%s", c.src, d)
			}
		})
	}
}
