package wire

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

func route(dst string, encap ...any) pairs {
	return say("dst", dst, "dev", "lo", "encap", say(encap...))
}

// routeCaptures are those of commands.sh that make routes with encapsulations,
// for which a kernel at hand may lack the option.
var routeCaptures = []struct {
	name   string
	fields pairs
}{
	{"route-mpls", append(say("via", "10.0.0.2"), route("10.1.0.0/16", "#1", "mpls", "#2", "100/200", "ttl", 64)...)},
	{"route-seg6-inline", route("fd01::/64", "type", "seg6", "mode", "inline", "segs", "fc00::1,fc00::2")},
	{"route-seg6-hmac", route("fd01::/64", "type", "seg6", "segs", []string{"fc00::1", "fc00::2"}, "hmac", 7)},
	{"route-seg6-tunsrc", route("fd01::/64", "#1", "seg6", "mode", "encap", "tunsrc", "fd00::1", "segs", "fc00::1")},
	{"route-seg6local-count", route("fd02::/64", "#1", "seg6local", "action", "End.X", "nh6", "fd00::1", "count", true)},
	{"route-seg6local-srh", route("fd02::/64", "#1", "seg6local", "action", "End.B6.Encaps", "srh", say("segs", "fc00::1,fc00::2"))},
	{"route-seg6local-flavors", route("fd02::/64", "#1", "seg6local", "action", "End", "flavors", "psp,usd,next-csid", "lblen", 32, "nflen", 16)},
	{"route-seg6local-oif", route("fd02::/64", "#1", "seg6local", "action", "End.DX2", "oif", "lo")},
	{"route-seg6local-vrftable", route("fd02::/64", "#1", "seg6local", "action", "End.DT46", "vrftable", 100)},
	{"route-rpl", route("fd03::/64", "#1", "rpl", "segs", "fc00::1,fc00::2")},
	{"route-ioam6", route("fd04::/64", "#1", "ioam6", "freq", "2/5", "mode", "encap", "tunsrc", "fd00::1", "tundst", "fd00::9",
		"trace", say("type", "0x800000", "ns", 1, "size", 12))},
	// ip loses the route's own dev behind link_dev.
	{"route-xfrm", say("dst", "10.4.0.0/16", "encap", say("#1", "xfrm", "if_id", 3, "link_dev", "lo"))},
}

func routeOf(t *testing.T, fields pairs) *nlcore.Route {
	t.Helper()
	r := new(nlcore.Route)
	for _, f := range fields {
		if err := nlcore.SetField(nil, r, f.Key, f.Val); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestRouteRequests(t *testing.T) {
	for _, c := range routeCaptures {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(captured(t, c.name), encode(t, nlcore.Add, routeOf(t, c.fields))); d != "" {
				t.Errorf("-iproute2 +ours:\n%s", d)
			}
		})
	}
}

// What iproute2 sends reads as it was said, and can be sent again.
func TestRouteRequestsRead(t *testing.T) {
	names := func(index int32) string {
		for name, i := range indexes {
			if i == index {
				return name
			}
		}
		return ""
	}
	for _, c := range routeCaptures {
		t.Run(c.name, func(t *testing.T) {
			var got nlcore.Route
			if err := got.Views()[0].Decode(&attr.Env{LinkName: names}, capturedBytes(t, c.name)[nlHeader:]); err != nil {
				t.Fatal(err)
			}
			said := routeOf(t, c.fields)
			if said.More.Encap.EncapType() != got.More.Encap.EncapType() {
				t.Fatalf("read as %v", got.More.Encap)
			}
			again := routeOf(t, slices.Concat(c.fields, pairs{{Key: "encap", Val: field(t, &got, "encap")}}))
			if d := cmp.Diff(captured(t, c.name), encode(t, nlcore.Add, again)); d != "" {
				t.Errorf("-iproute2 +what we read of it:\n%s", d)
			}
		})
	}
}

func field(t *testing.T, r *nlcore.Route, key string) attr.Value {
	t.Helper()
	v, ok := nlcore.Field(nil, r, key)
	if !ok {
		t.Fatalf("no %s was read", key)
	}
	return v
}
