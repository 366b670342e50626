package lua_test

import (
	"bytes"
	"encoding/binary"
	"syscall"
	"testing"

	"nlsh/lua"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// tunnel joins two namespaces by a bridge in this one and sends pings through
// ESP: AEAD one way, a cipher and a hash the other.
const tunnel = `
local br = link.add{ "br0", type="bridge", up=true }
local function host(name, outer, inner)
  local h = netns.add(name)
  link.add{ "v" .. name, type="veth", master=br, up=true, peer={ "eth0", netns=h, up=true, addrs={ outer .. "/24" } } }
  h.addr.add(inner .. "/32", "lo")
  return h
end
local a, b = host("a", "10.0.0.1", "192.0.2.1"), host("b", "10.0.0.2", "192.0.2.2")
local there = { src="10.0.0.1", dst="10.0.0.2", proto="esp", spi="0x301", mode="tunnel", reqid=1,
  aead={ "rfc4106(gcm(aes))", "0x000102030405060708090a0b0c0d0e0f10111213", 128 } }
local back = { src="10.0.0.2", dst="10.0.0.1", proto="esp", spi="0x302", mode="tunnel", reqid=1,
  enc={ "cbc(aes)", "sixteen secrets!" }, auth_trunc={ "hmac(sha256)", "thirty-two secrets and no others", 128 } }
local function through(dir, s, from, to)
  return { src=from, dst=to, dir=dir, tmpl={ src=s.src, dst=s.dst, proto="esp", mode="tunnel", reqid=1 } }
end
a.xfrm.state.add{ there, back }
b.xfrm.state.add{ there, back }
a.xfrm.policy.add{ through("out", there, "192.0.2.1", "192.0.2.2"), through("in", back, "192.0.2.2", "192.0.2.1") }
b.xfrm.policy.add{ through("in", there, "192.0.2.1", "192.0.2.2"), through("out", back, "192.0.2.2", "192.0.2.1") }
a.route.add{ "192.0.2.2", via="10.0.0.2", src="192.0.2.1" }
b.route.add{ "192.0.2.1", via="10.0.0.1", src="192.0.2.2" }
a.net.ping{ "192.0.2.2", count=3, interval="10ms" }
for _, h in ipairs{ a, b } do
  for s in h.xfrm.state.each{} do print(h.name, s.src, s.current.packets) end
end`

// TestXfrmTunnel makes it from Lua: the pings come back, each state has
// carried them, and what passes between the namespaces is ESP alone.
func TestXfrmTunnel(t *testing.T) {
	nstest.ESP.Need(t)
	ns := nstest.NewNS(t)
	frames := listen(t, ns)
	var out bytes.Buffer
	in, err := lua.New(lua.Options{Netns: ns, Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	err = in.Run(t.Context(), "tunnel.lua", tunnel)
	if closing := in.Close(); err == nil {
		err = closing
	}
	for _, name := range []string{"a", "b"} {
		if gone := netns.DeleteNamed(name); err == nil {
			err = gone
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]bool{}
	for line := range bytes.Lines(out.Bytes()) {
		counted[string(bytes.TrimSpace(line))] = true
	}
	for _, want := range []string{"a\t10.0.0.1\t3", "a\t10.0.0.2\t3", "b\t10.0.0.1\t3", "b\t10.0.0.2\t3"} {
		if !counted[want] {
			t.Errorf("no line %q in\n%s", want, out.String())
		}
	}
	esp := 0
	for _, f := range frames() {
		if f != syscall.IPPROTO_ESP {
			t.Errorf("a packet of protocol %d passed", f)
			continue
		}
		esp++
	}
	if esp < 6 {
		t.Errorf("%d packets of ESP passed, want 3 each way", esp)
	}
}

// listen opens a packet socket in ns; the function tells the protocol of each
// IPv4 packet to one receiver that passed any of its links. IGMP, by which each
// interface joins its groups, is to several.
func listen(t *testing.T, ns *netns.NS) func() []byte {
	t.Helper()
	const all = syscall.ETH_P_ALL
	fd := -1
	err := ns.Do(func() (err error) {
		order := binary.BigEndian.AppendUint16(nil, all)
		fd, err = syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, int(binary.NativeEndian.Uint16(order)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	return func() []byte {
		var protos []byte
		buf := make([]byte, 2048)
		for {
			n, _, err := syscall.Recvfrom(fd, buf, 0)
			if err != nil {
				return protos
			}
			if n >= 34 && buf[0]&1 == 0 && binary.BigEndian.Uint16(buf[12:]) == syscall.ETH_P_IP {
				protos = append(protos, buf[23])
			}
		}
	}
}
