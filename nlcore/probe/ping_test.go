package probe_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/probe"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// timeless leaves out what differs from run to run.
var timeless = cmp.Options{
	cmpopts.IgnoreFields(probe.Reply{}, "RTT"),
	cmpopts.IgnoreFields(probe.PingResult{}, "Min", "Avg", "Max"),
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
}

// pair makes two namespaces with a veth pair between them, va in a and vb in b,
// both up, with 10.9.0.1 and fd09::1, 10.9.0.2 and fd09::2.
func pair(t *testing.T) (a, b *netns.NS) {
	t.Helper()
	a, b = nstest.NewNS(t), nstest.NewNS(t)
	nstest.IP(t, a, "link", "add", "va", "type", "veth", "peer", "name", "vb", "netns", b.Path())
	nstest.IP(t, b, "addr", "add", "10.9.0.2/24", "dev", "vb")
	nstest.IP(t, b, "addr", "add", "fd09::2/64", "dev", "vb")
	nstest.IP(t, a, "addr", "add", "10.9.0.1/24", "dev", "va")
	nstest.IP(t, a, "addr", "add", "fd09::1/64", "dev", "va")
	nstest.IP(t, b, "link", "set", "vb", "up")
	nstest.IP(t, a, "link", "set", "va", "up")
	return a, b
}

// sysctl writes a namespace's own setting.
func sysctl(t *testing.T, ns *netns.NS, path, value string) {
	t.Helper()
	err := ns.Do(func() error { return os.WriteFile("/proc/sys/net/"+path, []byte(value), 0) })
	if err != nil {
		t.Fatal(err)
	}
}

// replies are count answers from one host, each of 64 bytes and hop limit 64.
func replies(from string, count int) []probe.Reply {
	var r []probe.Reply
	for i := range count {
		r = append(r, probe.Reply{From: netip.MustParseAddr(from), Seq: i + 1, TTL: 64, Bytes: 64})
	}
	return r
}

func ping(t *testing.T, in *netns.NS, dst string, o *probe.PingOptions) *probe.PingResult {
	t.Helper()
	res, err := probe.Ping(context.Background(), in.Do, netip.MustParseAddr(dst), o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// A pair that was just made answers, also while its IPv6 addresses are tentative.
func TestFreshPair(t *testing.T) {
	tests := []struct {
		name, dst string
		o         probe.PingOptions
	}{
		{"ipv4", "10.9.0.2", probe.PingOptions{Count: 3}},
		{"ipv6", "fd09::2", probe.PingOptions{Count: 3}},
		{"ipv4 from a source through a device", "10.9.0.2", probe.PingOptions{Source: netip.MustParseAddr("10.9.0.1"), Device: "va"}},
		{"ipv6 from a tentative source", "fd09::2", probe.PingOptions{Source: netip.MustParseAddr("fd09::1")}},
		{"ipv4-mapped", "::ffff:10.9.0.2", probe.PingOptions{}},
		{"own address", "10.9.0.1", probe.PingOptions{Count: 2}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, _ := pair(t)
			start := time.Now()
			got := ping(t, a, tc.dst, &tc.o)
			t.Logf("%v, round trips %v to %v", time.Since(start), got.Min, got.Max)
			dst := netip.MustParseAddr(tc.dst).Unmap()
			n := max(tc.o.Count, 1)
			want := &probe.PingResult{Dst: dst, Sent: n, Received: n, Replies: replies(dst.String(), n)}
			if d := cmp.Diff(want, got, timeless); d != "" {
				t.Errorf("result (-want +got):\n%s", d)
			}
			if got.Min <= 0 || got.Avg < got.Min || got.Max < got.Avg {
				t.Errorf("round trip times %v, %v, %v are not in order", got.Min, got.Avg, got.Max)
			}
		})
	}
}

func TestLinkLocal(t *testing.T) {
	a, b := pair(t)
	nstest.IP(t, b, "addr", "add", "fe80::b/64", "dev", "vb", "nodad")
	nstest.IP(t, a, "addr", "add", "fe80::a/64", "dev", "va", "nodad")
	for _, tc := range []struct {
		name, dst string
		o         probe.PingOptions
	}{
		{"zone", "fe80::b%va", probe.PingOptions{}},
		{"device", "fe80::b", probe.PingOptions{Device: "va"}},
		{"source", "fe80::b%va", probe.PingOptions{Source: netip.MustParseAddr("fe80::a")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ping(t, a, tc.dst, &tc.o)
			want := &probe.PingResult{Dst: netip.MustParseAddr(tc.dst), Sent: 1, Received: 1, Replies: replies(tc.dst, 1)}
			if d := cmp.Diff(want, got, timeless); d != "" {
				t.Errorf("result (-want +got):\n%s", d)
			}
		})
	}
	_, err := probe.Ping(context.Background(), a.Do, netip.MustParseAddr("fe80::b%nope"), nil)
	if !errors.Is(err, unix.ENODEV) || !strings.Contains(err.Error(), "link nope") {
		t.Errorf("unknown zone: %v", err)
	}
}

// What the network and the kernel say when there is no reply.
func TestFailures(t *testing.T) {
	a, b := pair(t)
	// A neighbour that is not there is given up after 3 tries of 20 ms, not 1 s.
	for _, ns := range []*netns.NS{a, b} {
		sysctl(t, ns, "ipv4/ip_forward", "1")
	}
	sysctl(t, a, "ipv4/neigh/va/retrans_time_ms", "20")
	sysctl(t, a, "ipv6/neigh/va/retrans_time_ms", "20")
	sysctl(t, b, "ipv6/conf/all/forwarding", "1")
	// Not icmp_ratelimit: 0 takes from older kernels (seen on 6.1) what
	// net.ipv4.route.error_burst leaves, of which the five errors need all.
	sysctl(t, b, "ipv4/icmp_ratemask", "0")
	sysctl(t, b, "ipv6/icmp/ratelimit", "0")
	nstest.IP(t, a, "route", "add", "10.10.0.0/16", "via", "10.9.0.2")
	nstest.IP(t, a, "route", "add", "fd10::/16", "via", "fd09::2")
	nstest.IP(t, a, "route", "add", "prohibit", "10.11.0.0/16")
	nstest.IP(t, a, "route", "add", "blackhole", "10.12.0.0/16")
	nstest.IP(t, b, "route", "add", "prohibit", "10.10.1.0/24")
	nstest.IP(t, b, "route", "add", "unreachable", "10.10.2.0/24")
	nstest.IP(t, b, "route", "add", "10.10.3.0/24", "via", "10.9.0.1")
	nstest.IP(t, b, "route", "add", "prohibit", "fd10:1::/32")
	ping(t, a, "fd09::2", nil) // duplicate address detection is over
	from := func(s string) netip.Addr { return netip.MustParseAddr(s) }
	tests := []struct {
		name, dst string
		o         probe.PingOptions
		sent      int
		want      probe.Failure
	}{
		{"no route", "192.0.2.1", probe.PingOptions{}, 0, probe.Failure{Reason: "network is unreachable", Times: 1}},
		{"no route ipv6", "2001:db8::1", probe.PingOptions{FailFast: true}, 0, probe.Failure{Reason: "network is unreachable", Times: 1}},
		{"prohibited here", "10.11.0.1", probe.PingOptions{}, 0, probe.Failure{Reason: "sending is prohibited here", Times: 1}},
		{"blackhole here", "10.12.0.1", probe.PingOptions{}, 0, probe.Failure{Reason: "blackhole route or unusable address", Times: 1}},
		{"strange source", "10.9.0.2", probe.PingOptions{Source: from("10.1.1.1")}, 0, probe.Failure{Reason: "no usable source address", Times: 1}},
		{"too big", "10.9.0.2", probe.PingOptions{Size: 2000, DontFragment: true}, 0, probe.Failure{Reason: "message too long", Times: 1}},
		{"too big ipv6", "fd09::2", probe.PingOptions{Size: 2000, DontFragment: true}, 0, probe.Failure{Reason: "message too long", Times: 1}},
		{"no neighbour", "10.9.0.99", probe.PingOptions{Count: 2, FailFast: true}, 2, probe.Failure{From: from("10.9.0.1"), Reason: "destination host unreachable", Times: 2}},
		{"no neighbour ipv6", "fd09::99", probe.PingOptions{FailFast: true}, 1, probe.Failure{From: from("fd09::1"), Reason: "address unreachable", Times: 1}},
		{"prohibited there", "10.10.1.1", probe.PingOptions{Count: 3, FailFast: true}, 3, probe.Failure{From: from("10.9.0.2"), Reason: "packet filtered", Times: 3}},
		{"unreachable there", "10.10.2.1", probe.PingOptions{FailFast: true}, 1, probe.Failure{From: from("10.9.0.2"), Reason: "destination host unreachable", Times: 1}},
		{"prohibited there ipv6", "fd10:1::1", probe.PingOptions{FailFast: true}, 1, probe.Failure{From: from("fd09::2"), Reason: "administratively prohibited", Times: 1}},
		{"no route there", "10.10.9.1", probe.PingOptions{FailFast: true}, 1, probe.Failure{From: from("10.9.0.2"), Reason: "destination net unreachable", Times: 1}},
		{"ttl", "10.10.3.1", probe.PingOptions{FailFast: true, TTL: 1}, 1, probe.Failure{From: from("10.9.0.2"), Reason: "time to live exceeded", Times: 1}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			start := time.Now()
			tc.o.Timeout = time.Minute
			got := ping(t, a, tc.dst, &tc.o)
			want := &probe.PingResult{Dst: netip.MustParseAddr(tc.dst), Sent: tc.sent, Failures: []probe.Failure{tc.want}}
			if d := cmp.Diff(want, got, timeless); d != "" {
				t.Errorf("result (-want +got):\n%s", d)
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v: the reason did not end it", d)
			}
		})
	}
	if got := (probe.Failure{From: from("10.9.0.2"), Reason: "packet filtered"}).String(); got != "packet filtered from 10.9.0.2" {
		t.Errorf("String() = %q", got)
	}
}

// A host that is silent costs the timeout; probes count once though repeated.
func TestSilence(t *testing.T) {
	a, b := pair(t)
	sysctl(t, b, "ipv4/icmp_echo_ignore_all", "1")
	start := time.Now()
	got := ping(t, a, "10.9.0.2", &probe.PingOptions{Count: 3, Interval: 20 * time.Millisecond, Timeout: 200 * time.Millisecond})
	want := &probe.PingResult{Dst: netip.MustParseAddr("10.9.0.2"), Sent: 3}
	if d := cmp.Diff(want, got, timeless); d != "" {
		t.Errorf("result (-want +got):\n%s", d)
	}
	if d := time.Since(start); d < 420*time.Millisecond {
		t.Errorf("took %v, less than the wait for the first, an interval and the timeout", d)
	}
}

// A host that becomes responsive while Ping is at it is found, and what was
// lost before is not counted.
func TestComesUpLater(t *testing.T) {
	a, b := pair(t)
	sysctl(t, b, "ipv4/icmp_echo_ignore_all", "1")
	var tap int
	err := b.Do(func() (err error) {
		const ethPIP = 0x0008 // ETH_P_IP in network order
		tap, err = unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, ethPIP)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(tap)
	if err := unix.SetsockoptTimeval(tap, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 20}); err != nil {
		t.Fatal(err)
	}
	result := background(a, "10.9.0.2", &probe.PingOptions{Timeout: time.Minute})
	if _, err := unix.Read(tap, make([]byte, 100)); err != nil {
		t.Fatalf("no probe reached the peer: %v", err)
	}
	sysctl(t, b, "ipv4/icmp_echo_ignore_all", "0")
	result(t, &probe.PingResult{Dst: netip.MustParseAddr("10.9.0.2"), Sent: 1, Received: 1, Replies: replies("10.9.0.2", 1)})
}

// A carrier that comes before or during Ping makes no difference.
func TestCarrierComesLater(t *testing.T) {
	for _, dst := range []string{"10.9.0.2", "fd09::2"} {
		t.Run(dst, func(t *testing.T) {
			t.Parallel()
			a, b := pair(t)
			nstest.IP(t, b, "link", "set", "vb", "down")
			result := background(a, dst, &probe.PingOptions{Count: 2, Timeout: time.Minute})
			nstest.IP(t, b, "link", "set", "vb", "up")
			nstest.IP(t, b, "addr", "replace", "fd09::2/64", "dev", "vb") // went with the link
			result(t, &probe.PingResult{Dst: netip.MustParseAddr(dst), Sent: 2, Received: 2, Replies: replies(dst, 2)})
		})
	}
}

// background starts a Ping; the function it returns waits and compares.
func background(in *netns.NS, dst string, o *probe.PingOptions) func(*testing.T, *probe.PingResult) {
	var got *probe.PingResult
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		got, err = probe.Ping(context.Background(), in.Do, netip.MustParseAddr(dst), o)
	}()
	return func(t *testing.T, want *probe.PingResult) {
		t.Helper()
		<-done
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, timeless); d != "" {
			t.Errorf("result (-want +got):\n%s", d)
		}
	}
}

func TestContextEndsIt(t *testing.T) {
	a, b := pair(t)
	sysctl(t, b, "ipv4/icmp_echo_ignore_all", "1")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	got, err := probe.Ping(ctx, a.Do, netip.MustParseAddr("10.9.0.2"), &probe.PingOptions{Timeout: time.Hour})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the context's", err)
	}
	if got == nil || got.Sent != 1 || got.Received != 0 {
		t.Errorf("result %+v, want one probe sent", got)
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
	if got, err := probe.Ping(ctx, a.Do, netip.MustParseAddr("10.9.0.2"), nil); got != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with an ended context: %v, %v", got, err)
	}
}

// Twenty adaptive probes take as long as their replies, not twenty steps.
func TestAdaptive(t *testing.T) {
	a, _ := pair(t)
	start := time.Now()
	got := ping(t, a, "10.9.0.2", &probe.PingOptions{Count: 20})
	if got.Received != 20 {
		t.Errorf("received %d of 20", got.Received)
	}
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("20 probes took %v", d)
	}
}

// without runs f in ns on a thread that lacks CAP_NET_RAW for that time.
func without(ns *netns.NS) func(func() error) error {
	return func(f func() error) error {
		return ns.Do(func() error {
			h := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
			var caps, fewer [2]unix.CapUserData
			if err := unix.Capget(&h, &caps[0]); err != nil {
				return err
			}
			fewer = caps
			fewer[0].Effective &^= 1 << unix.CAP_NET_RAW
			if err := unix.Capset(&h, &fewer[0]); err != nil {
				return err
			}
			err := f()
			if back := unix.Capset(&h, &caps[0]); back != nil {
				return back
			}
			return err
		})
	}
}

func TestWithoutCapability(t *testing.T) {
	a, b := pair(t)
	// A new namespace lets no group make datagram ICMP sockets.
	_, err := probe.Ping(context.Background(), without(a), netip.MustParseAddr("10.9.0.2"), nil)
	const want = "ping 10.9.0.2: no socket: needs CAP_NET_RAW or a group within net.ipv4.ping_group_range: permission denied"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	sysctl(t, a, "ipv4/ping_group_range", "0 0")
	nstest.IP(t, a, "route", "add", "10.10.0.0/16", "via", "10.9.0.2")
	nstest.IP(t, b, "route", "add", "prohibit", "10.10.0.0/16")
	sysctl(t, b, "ipv4/ip_forward", "1")
	for _, tc := range []struct {
		name, dst string
		want      probe.PingResult
	}{
		{"ipv4", "10.9.0.2", probe.PingResult{Sent: 2, Received: 2, Replies: replies("10.9.0.2", 2)}},
		{"ipv6", "fd09::2", probe.PingResult{Sent: 2, Received: 2, Replies: replies("fd09::2", 2)}},
		{"refused", "10.10.0.1", probe.PingResult{Sent: 2, Failures: []probe.Failure{{From: netip.MustParseAddr("10.9.0.2"), Reason: "packet filtered", Times: 2}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dst := netip.MustParseAddr(tc.dst)
			tc.want.Dst = dst
			o := &probe.PingOptions{Count: 2, FailFast: tc.want.Received == 0}
			got, err := probe.Ping(context.Background(), without(a), dst, o)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(&tc.want, got, timeless); d != "" {
				t.Errorf("result (-want +got):\n%s", d)
			}
		})
	}
}

func TestBadOptions(t *testing.T) {
	for _, tc := range []struct {
		name string
		dst  netip.Addr
		o    probe.PingOptions
		want string
	}{
		{"no dst", netip.Addr{}, probe.PingOptions{}, "ping: dst is missing"},
		{"unspecified", netip.IPv4Unspecified(), probe.PingOptions{}, "ping 0.0.0.0: dst is the unspecified address, name a host"},
		{"count", netip.MustParseAddr("10.0.0.1"), probe.PingOptions{Count: -1}, "ping 10.0.0.1: count -1 is below 0"},
		{"interval", netip.MustParseAddr("10.0.0.1"), probe.PingOptions{Interval: -1}, "ping 10.0.0.1: interval -1ns is below 0"},
		{"timeout", netip.MustParseAddr("10.0.0.1"), probe.PingOptions{Timeout: -1}, "ping 10.0.0.1: timeout -1ns is below 0"},
		{"size", netip.MustParseAddr("10.0.0.1"), probe.PingOptions{Size: 65508}, "ping 10.0.0.1: size 65508 is not in 1..65507"},
		{"size ipv6", netip.MustParseAddr("fd00::1"), probe.PingOptions{Size: 65528}, "ping fd00::1: size 65528 is not in 1..65527"},
		{"ttl", netip.MustParseAddr("10.0.0.1"), probe.PingOptions{TTL: 256}, "ping 10.0.0.1: ttl 256 is not in 1..255"},
		{"source", netip.MustParseAddr("10.0.0.1"), probe.PingOptions{Source: netip.MustParseAddr("fd00::1")}, "ping 10.0.0.1: source fd00::1 is of the other address family"},
		{"device", netip.MustParseAddr("10.0.0.1"), probe.PingOptions{Device: "abcdefghijklmnop"}, `ping 10.0.0.1: device "abcdefghijklmnop" is longer than 15 bytes`},
		{"zone", netip.MustParseAddr("fe80::1"), probe.PingOptions{}, "ping fe80::1: a link-local address needs a zone (fe80::1%eth0) or a device"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, err := probe.Ping(context.Background(), nil, tc.dst, &tc.o)
			if res != nil || err == nil || err.Error() != tc.want {
				t.Errorf("got %v, %v, want %s", res, err, tc.want)
			}
		})
	}
	a := nstest.NewNS(t)
	_, err := probe.Ping(context.Background(), a.Do, netip.MustParseAddr("10.0.0.1"), &probe.PingOptions{Device: "nope"})
	if !errors.Is(err, unix.ENODEV) || err.Error() != "ping 10.0.0.1: socket: device nope: no such device" {
		t.Errorf("unknown device: %v", err)
	}
}
