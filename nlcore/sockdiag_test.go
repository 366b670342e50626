package nlcore_test

import (
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
)

// TestListening compares with /proc/net/tcp and udp of the namespace, which
// know the inode, and with what the sockets were told.
func TestListening(t *testing.T) {
	ns := nstest.NewNS(t)
	h, err := nlcore.NewHandleAt(ns, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var tables [4]string
	err = ns.Do(func() error {
		for _, a := range []string{"127.0.0.1:7000", "[::]:7001"} {
			l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", a)
			if err != nil {
				return err
			}
			t.Cleanup(func() { l.Close() })
		}
		u, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp4", "127.0.0.1:7002")
		if err != nil {
			return err
		}
		t.Cleanup(func() { u.Close() })
		// A connected one is no server.
		c, err := new(net.Dialer).DialContext(t.Context(), "udp", "127.0.0.1:7002")
		if err != nil {
			return err
		}
		t.Cleanup(func() { c.Close() })
		for i, name := range []string{"tcp", "tcp6", "udp", "udp6"} {
			b, err := os.ReadFile("/proc/thread-self/net/" + name)
			if err != nil {
				return err
			}
			tables[i] = string(b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		proto string
		port  uint16
		want  []nlcore.Socket
	}{
		{"tcp", 0, []nlcore.Socket{socket(t, tables[0], "127.0.0.1:7000"), socket(t, tables[1], "[::]:7001")}},
		{"tcp", 7001, []nlcore.Socket{socket(t, tables[1], "[::]:7001")}},
		{"tcp", 7002, nil},
		{"udp", 0, []nlcore.Socket{socket(t, tables[2], "127.0.0.1:7002")}},
	} {
		got, err := h.Listening(t.Context(), tt.proto, tt.port)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); d != "" {
			t.Errorf("%s %d (-want +got):\n%s", tt.proto, tt.port, d)
		}
	}
	if _, err := h.Listening(t.Context(), "sctp", 0); err == nil || !strings.Contains(err.Error(), `"sctp"`) {
		t.Errorf("sctp: %v", err)
	}
}

// socket is what a table of /proc/net says of the first socket on the port:
// the port is behind the first colon of the second column, uid and inode are
// the eighth and tenth.
func socket(t *testing.T, table, local string) nlcore.Socket {
	t.Helper()
	a := netip.MustParseAddrPort(local)
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 10 {
			continue
		}
		_, port, _ := strings.Cut(f[1], ":")
		if n, err := strconv.ParseUint(port, 16, 16); err != nil || uint16(n) != a.Port() {
			continue
		}
		uid, err := strconv.ParseUint(f[7], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		inode, err := strconv.ParseUint(f[9], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		return nlcore.Socket{Local: a, UID: uint32(uid), Inode: uint32(inode)}
	}
	t.Fatalf("no socket on %s in\n%s", local, table)
	return nlcore.Socket{}
}

func TestSocketReached(t *testing.T) {
	for _, tt := range []struct {
		local, to string
		v6only    bool
		want      bool
	}{
		{"10.0.0.1:1", "10.0.0.1", false, true},
		{"10.0.0.1:1", "10.0.0.2", false, false},
		{"0.0.0.0:1", "10.0.0.2", false, true},
		{"0.0.0.0:1", "::1", false, false},
		{"[::]:1", "::1", false, true},
		{"[::]:1", "10.0.0.2", false, true},
		{"[::]:1", "10.0.0.2", true, false},
		{"[::ffff:10.0.0.1]:1", "10.0.0.1", false, true},
		{"[fe80::1]:1", "fe80::1%eth0", false, true},
	} {
		s := nlcore.Socket{Local: netip.MustParseAddrPort(tt.local), V6Only: tt.v6only}
		if got := s.Reached(netip.MustParseAddr(tt.to)); got != tt.want {
			t.Errorf("%s reached at %s: %v", tt.local, tt.to, got)
		}
	}
}
