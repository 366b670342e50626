package lua_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"nlsh/lua/nlshtest"
)

// TestReach runs what looks for servers, where there are none.
func TestReach(t *testing.T) {
	runAll(t, []script{
		{"nobody listens", `local ok, e = try(net.listening, { port=5201, timeout="1ms" }) print(e, e.errno)`,
			"net listening tcp port 5201: nothing listens there after 1ms; there is no tcp socket that does ETIMEDOUT\n"},
		{"nobody listens there", `netns.add "h1" print(try(net.listening, { 53, proto="udp", address="10.0.0.1", netns="h1", timeout=0 }))`,
			"nil net listening udp port 53 of 10.0.0.1 in h1: nothing listens there after 0s; there is no udp socket that does\n"},
		{"no port", `net.listening{ address="::1" }`, "! t.lua:1: net listening: needs port (integer)\n"},
		{"no such port", `net.listening(65536)`, "! t.lua:1: net listening: port wants a whole number from 1 to 65535, got 65536\n"},
		{"no such protocol", `net.listening{ 80, proto="sctp" }`, "! t.lua:1: net listening: proto wants one of tcp, udp, got \"sctp\"\n"},

		{"tcp refused", `local ok, e = try(net.tcp, "127.0.0.1:9") print(e, e.errno)`, "net tcp 127.0.0.1:9: connection refused (ECONNREFUSED) ECONNREFUSED\n"},
		{"tcp refused there", `netns.add "h1" print(try(net.tcp, { "[::1]:9", netns="h1" }))`, "nil net tcp [::1]:9 in h1: connection refused (ECONNREFUSED)\n"},
		{"tcp without a way", `local ok, e = try(net.tcp, "10.9.9.9:80") print(e.errno)`, "ENETUNREACH\n"},
		{"udp refused", `local ok, e = try(net.udp, { "127.0.0.1:9", send="x" }) print(e)`, "net udp 127.0.0.1:9: connection refused (ECONNREFUSED)\n"},
		{"no port in dst", `net.tcp "10.0.0.2"`, "! t.lua:1: net tcp: needs a port: dst \"10.0.0.2:80\", or port=\n"},
		{"two ports", `net.tcp{ "10.0.0.2:80", port=80 }`, "! t.lua:1: net tcp: has a port both in dst and as port\n"},
		{"a name", `net.tcp "localhost:80"`, "! t.lua:1: net tcp: dst wants an address with a port such as \"10.0.0.2:80\", got \"localhost:80\"\n"},
		{"expect unread", `net.tcp{ "127.0.0.1:9", expect="x", read=false }`, "! t.lua:1: net tcp: has read=false and expect, which is read for\n"},
		{"no such zone", `net.tcp "[fe80::1%nosuch]:80"`, "! t.lua:1: link get nosuch: no such device (ENODEV)\n"},
	})
}

// TestServers lets scripts talk to servers of Go in a namespace.
func TestServers(t *testing.T) {
	lab := nlshtest.Run(t, "testdata/two.lua")
	h2 := lab.Netns("h2")
	tcp, err := h2.Listen(t.Context(), "tcp4", "10.0.0.2:7000")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := h2.ListenPacket(t.Context(), "udp", "[::]:7001")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 2)
	go func() { served <- shout(tcp) }()
	go func() { served <- echo(udp) }()
	defer func() {
		tcp.Close()
		udp.Close()
		for range 2 {
			if err := <-served; err != nil {
				t.Error(err)
			}
		}
	}()
	for _, tt := range []struct{ code, want string }{
		{`json.encode(h2.net.listening(7000))`, `{"address":"10.0.0.2","port":7000,"proto":"tcp","uid":0}`},
		{`h2.net.listening{ 7000, address="10.0.0.2" }.port`, `7000`},
		{`select(2, try(h2.net.listening, { 7000, address="10.0.0.3", timeout=0 })).hint`, "nil"},
		{`h2.net.listening{ 7001, proto="udp", address="10.0.0.2" }.address`, `::`},
		{`(tostring(select(2, try(h2.net.listening, { 7002, timeout=0 }))):gsub("^[^;]*; ", ""))`, `what does: 10.0.0.2:7000`},
		{`h1.net.tcp("10.0.0.2:7000").to`, `10.0.0.2:7000`},
		{`h1.net.tcp("10.0.0.2:7000").from:match "^10%.0%.0%.1:%d+$" ~= nil`, `true`},
		{`h1.net.tcp("10.0.0.2:7000").data`, `nil`},
		{`h1.net.tcp{ "10.0.0.2:7000", send="abc" }.data`, `ABC`},
		{`h1.net.tcp{ "10.0.0.2", port=7000, dev="e1", from="10.0.0.1", send="abc", expect="B" }.data:sub(1, 2)`, `AB`},
		{`select(2, try(h1.net.tcp, { "10.0.0.2:7000", send="abc\n", expect="X", timeout="100ms" })).errno`, `ETIMEDOUT`},
		{`h1.net.udp{ "10.0.0.2:7001", send="ping" }.data`, `ping`},
		{`h1.net.udp{ "10.0.0.2:7001", send="ping", read=false }.data`, `nil`},
	} {
		if got := lab.Eval(t, tt.code); len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s: got %q, want %q", tt.code, got, tt.want)
		}
	}
}

// shout answers what it is sent in capitals until the listener is closed.
func shout(l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return nil
		}
		b := make([]byte, 1024)
		for {
			n, err := c.Read(b)
			if _, werr := c.Write([]byte(strings.ToUpper(string(b[:n])))); werr != nil || err != nil {
				break
			}
		}
		c.Close()
	}
}

// echo sends datagrams back until the socket is closed.
func echo(p net.PacketConn) error {
	b := make([]byte, 1024)
	for {
		n, from, err := p.ReadFrom(b)
		if err != nil {
			return nil
		}
		if _, err := p.WriteTo(b[:n], from); err != nil {
			return fmt.Errorf("echo: %w", err)
		}
	}
}
