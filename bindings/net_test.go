package bindings_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
)

// pair are two namespaces with a link between them.
const pair = `
local h1, h2 = netns.add "h1", netns.add "h2"
h1.link.add{ "e1", type="veth", up=true, addrs={ "10.0.0.1/24" }, peer={ "e2", netns=h2, up=true, addrs={ "10.0.0.2/24" } } }
`

func TestNetPing(t *testing.T) {
	runScripts(t, []script{
		{"one", pair + `local r = h1.net.ping "10.0.0.2" print(r.dst, r.sent, r.received, #r.replies, r.ttl, r.min <= r.avg and r.avg <= r.max and r.max < 5)`,
			"10.0.0.2 1 1 1 64 true\n"},
		{"several", pair + `local r = net.ping{ "10.0.0.2", netns="h1", count=3, interval="5ms", size=100 } local x = r.replies[3] print(r.sent, r.received, x.from, x.seq, x.ttl, x.bytes, x.rtt > 0)`,
			"3 3 10.0.0.2 3 64 108 true\n"},
		{"ttl, source and device", pair + `print(h2.net.ping{ "10.0.0.1", ttl=1, from="10.0.0.2", dev="e2" }.received, h2.net.ping{ "10.0.0.1", source="10.0.0.2", vrf=(h2.link.get "e2") }.received)`, "1 1\n"},
		{"netns= before the bound one", pair + `print(h2.net.ping{ "10.0.0.2", netns=h1 }.received)`, "1\n"},
		{"in the current namespace", pair + `h1:run(function() print(net.ping "10.0.0.2".received) end)`, "1\n"},
		{"over IPv6", `print(net.ping "::1".dst)`, "::1\n"},
		{"fields as JSON", pair + `local r = json.decode(json(h1.net.ping "10.0.0.2")) print(r.sent, r.replies[1].from)`, "1 10.0.0.2\n"},
		{"no reply", pair + `print(refused(function() h1.net.ping{ "10.0.0.3", timeout="100ms", patient=false, count=2, interval="1ms" } end, "op", "object", "netns", "sent", "received"))`,
			"net ping 10.0.0.3 in h1: no reply to 2 requests net ping 10.0.0.3 h1 2 0 true\n"},
		{"the network says why", `local h1 = netns.add "h1" h1.route.add{ "10.9.0.0/16", type="prohibit" }
			print(refused(function() h1.net.ping{ "10.9.0.1", patient=false } end, "hint"))`,
			"net ping 10.9.0.1 in h1: no request could be sent; sending is prohibited here sending is prohibited here true\n"},
		{"no route", `print(refused(function() net.ping{ "10.9.0.1", patient=false } end))`, "net ping 10.9.0.1: no request could be sent; network is unreachable true\n"},
		{"no such device", `print(refused(function() net.ping{ "127.0.0.1", dev="nope0" } end))`, "net ping 127.0.0.1: socket: device nope0: no such device true\n"},
		{"no such namespace", `print(refused(function() net.ping{ "127.0.0.1", netns="h9" } end))`, "net ping h9: no such namespace (ENOENT) true\n"},
		{"no address", `print(refused(function() net.ping() end))`, "net ping: needs dst (address) false\n"},
		{"a name for an address", `net.ping "localhost"`, "! net ping: dst wants an IP address, got \"localhost\"\n"},
		{"a wrong count", `net.ping{ "127.0.0.1", count=0 }`, "! net ping: count wants a whole number from 1 to 65535, got 0\n"},
		{"a wrong timeout", `net.ping{ "127.0.0.1", timeout="soon" }`, "! net ping: timeout wants seconds, or text such as \"500ms\", got \"soon\"\n"},
		{"an unknown field", `net.ping{ "127.0.0.1", counts=1 }`, "! net ping: unknown field \"counts\"; did you mean \"count\"?\n"},
		{"both from and source", `net.ping{ "127.0.0.1", from="127.0.0.1", source="127.0.0.1" }`, "! net ping: has both from and source, which are one field\n"},
		{"both dev and vrf", `net.ping{ "127.0.0.1", dev="lo", vrf="v" }`, "! net ping: has both dev and vrf; the VRF's device is one link\n"},
		{"another family's source", `print(refused(function() net.ping{ "127.0.0.1", from="::1" } end))`, "net ping: 127.0.0.1: source ::1 is of the other address family false\n"},
		{"a link-local address without a link", `net.ping "fe80::1"`, "! net ping: fe80::1: a link-local address needs a zone (fe80::1%eth0) or a device\n"},
		{"an unknown function", `net.pin "::1"`, "! net: no function \"pin\"; did you mean \"ping\"?\n"},
	})
}

func TestNetPingText(t *testing.T) {
	got := newWorld(t).run(`print(net.ping{ "127.0.0.1", count=2, interval="1ms" })`)
	want := regexp.MustCompile(`^127\.0\.0\.1: 2 sent, 2 received, rtt min/avg/max \d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3} ms\n$`)
	if !want.MatchString(got) {
		t.Errorf("got %q", got)
	}
}

// TestNetPingStopped ends the script's context while a ping waits.
func TestNetPingStopped(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(w.ctx)
	w.ctx = ctx
	time.AfterFunc(20*time.Millisecond, cancel)
	start := time.Now()
	got := w.run(pair + `h1.net.ping{ "10.0.0.3", timeout="60s" }`)
	if !strings.Contains(got, "context canceled") {
		t.Errorf("got %q", got)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
