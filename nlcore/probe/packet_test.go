package probe

import (
	"encoding/hex"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/internal/uapi"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The packet of the example in RFC 1071, section 3: 0001 f203 f4f5 f6f7 sums
// to ddf2, whose complement is 220d.
func TestChecksum(t *testing.T) {
	for _, tc := range []struct {
		name, bytes string
		want        uint16
	}{
		{"rfc 1071", "0001f203f4f5f6f7", 0x220d},
		{"empty", "", 0xffff},
		{"odd length", "01", 0xfeff},
		{"carry twice", "ffffffffffff0001", 0xfffe},
	} {
		if got := checksum(unhex(t, tc.bytes)); got != tc.want {
			t.Errorf("%s: %#04x, want %#04x", tc.name, got, tc.want)
		}
	}
}

func TestEchoRequest(t *testing.T) {
	const cookie = 0x0102030405060708
	for _, tc := range []struct {
		name string
		v6   bool
		size int
		want string
	}{
		{"ipv4", false, 10, "0800d1ce1234000a01020304050607080809"},
		{"ipv6, checksum left to the kernel", true, 10, "800000001234000a01020304050607080809"},
		{"part of the cookie", true, 3, "800000001234000a010203"},
	} {
		got := echoRequest(tc.v6, 0x1234, 10, cookie, tc.size)
		if !tc.v6 && checksum(got) != 0 {
			t.Errorf("%s: the sum over the whole is %#x, want 0", tc.name, checksum(got))
		}
		got[2], got[3] = 0, 0
		want := unhex(t, tc.want)
		want[2], want[3] = 0, 0
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
		if !hasCookie(got, cookie) || hasCookie(got, cookie^(0xff<<56)) {
			t.Errorf("%s: the cookie is not recognized", tc.name)
		}
	}
}

func TestReasons(t *testing.T) {
	for _, tc := range []struct{ got, want string }{
		{reason4(uapi.ICMP_DEST_UNREACH, uapi.ICMP_FRAG_NEEDED, 1400), "fragmentation needed (mtu 1400)"},
		{reason4(uapi.ICMP_DEST_UNREACH, 16, 0), "icmp type 3 code 16"},
		{reason4(uapi.ICMP_TIME_EXCEEDED, uapi.ICMP_EXC_FRAGTIME, 0), "fragment reassembly time exceeded"},
		{reason4(uapi.ICMP_PARAMETERPROB, 0, 0), "parameter problem"},
		{reason4(uapi.ICMP_SOURCE_QUENCH, 0, 0), "icmp type 4 code 0"},
		{reason6(uapi.ICMPV6_PKT_TOOBIG, 0, 1280), "packet too big (mtu 1280)"},
		{reason6(uapi.ICMPV6_DEST_UNREACH, 7, 0), "icmpv6 type 1 code 7"},
		{reason6(uapi.ICMPV6_TIME_EXCEED, uapi.ICMPV6_EXC_HOPLIMIT, 0), "hop limit exceeded"},
		{reason6(uapi.ICMPV6_TIME_EXCEED, uapi.ICMPV6_EXC_FRAGTIME, 0), "fragment reassembly time exceeded"},
		{reason6(uapi.ICMPV6_PARAMPROB, 1, 0), "parameter problem"},
		{reason6(99, 1, 0), "icmpv6 type 99 code 1"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
}

// FuzzParse feeds the readers of foreign bytes; they must not panic.
func FuzzParse(f *testing.F) {
	f.Add([]byte{0x45}, []byte{2, 0}, true)
	f.Add(make([]byte, 28), make([]byte, 44), false)
	f.Fuzz(func(t *testing.T, packet, control []byte, v6 bool) {
		s := &socket{v6: v6, raw: true, dst: netip.IPv4Unspecified()}
		if icmp, _, ok := stripIPv4(packet); ok {
			if _, ok := echoSeq(icmp, 0, true, 0); ok {
				hasCookie(icmp, 0)
			}
		}
		controlTTL(control)
		offender(control)
		if len(control) >= sizeofExtendedErr {
			s.parseTrouble(control, packet)
		}
	})
}
