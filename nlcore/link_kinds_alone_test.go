package nlcore_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// TestVxlanAlone tries what iproute2 7.3 does not print: the kernel takes the
// field at creation, says it back, and says the contrary where it was not set.
func TestVxlanAlone(t *testing.T) {
	tests := []struct {
		name   string
		l      nlcore.Vxlan
		key    string
		before string // of a tunnel to which nothing is said, "" for nothing
		want   string
		since  string
	}{
		{"remcsum_nopartial", nlcore.Vxlan{RemCsumNoPartial: true}, "remcsum_nopartial", "", "true", "4.0"},
		{"flowlabel", nlcore.Vxlan{
			FlowLabel: val.Some(nlcore.FlowLabelInherit), VxlanPeer: nlcore.VxlanPeer{Remote: netip.MustParseAddr("2001:db8::1")},
		}, "flowlabel", "0", "inherit", "6.8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			nstest.NeedSince(t, tt.key+" of a vxlan, "+tt.want, tt.since)
			h, _ := newHandle(t)
			ctx := context.Background()
			plain := &nlcore.Vxlan{LinkAttrs: nlcore.LinkAttrs{Name: "x0"}, ID: val.U32(1), DstPort: val.U16(4789)}
			tt.l.Name, tt.l.ID, tt.l.DstPort = "x1", val.U32(2), val.U16(4790)
			must(t, h.LinkAdd(ctx, plain))
			must(t, h.LinkAdd(ctx, &tt.l))
			var got []string
			for _, name := range []string{"x0", "x1"} {
				l, err := h.LinkByName(ctx, name)
				must(t, err)
				if v, ok := nlcore.Field(h.Env(), l, tt.key); ok {
					got = append(got, v.String())
				} else {
					got = append(got, "")
				}
			}
			if d := cmp.Diff([]string{tt.before, tt.want}, got); d != "" {
				t.Errorf("unsaid and said, -want +got:\n%s", d)
			}
		})
	}
}

// TestKindChecks: mistakes are found before the kernel is asked, and name the
// field.
func TestKindChecks(t *testing.T) {
	h, ns := newHandle(t)
	mac := nlcore.LinkAttrs{Name: "x0", Link: nlcore.LinkName("lo")}
	tests := []struct {
		l    nlcore.Link
		attr string
		msg  string
	}{
		{&nlcore.Vxlan{}, "id", "id is required (or external=true)"},
		{&nlcore.Vxlan{ID: val.U32(1 << 24)}, "id", "id wants a number from 0 to 16777215, got 16777216"},
		{&nlcore.Vxlan{ID: val.U32(1), TTL: val.Some[nlcore.TTL](257)}, "ttl", "ttl wants a number from 0 to 255 or TTLInherit, got 257"},
		{&nlcore.Vxlan{ID: val.U32(1), FlowLabel: val.Some[nlcore.FlowLabel](1<<20 + 1)}, "flowlabel", "flowlabel wants a number from 0 to 1048575 or FlowLabelInherit, got 1048577"},
		{&nlcore.Vxlan{ID: val.U32(1), SrcPort: val.Some(nlcore.PortRange{Low: 2, High: 1})}, "srcport", "srcport wants the lower port first, got 2-1"},
		{&nlcore.Vlan{LinkAttrs: mac}, "id", "id is required"},
		{&nlcore.Vlan{LinkAttrs: mac, ID: val.U16(4095)}, "id", "id wants a number from 0 to 4094, got 4095"},
		{
			&nlcore.Vlan{LinkAttrs: mac, ID: val.U16(1), EgressQosMap: nlcore.QosMap{{From: 0, To: 7}, {From: 1, To: 8}}},
			"egress_qos_map[2]", "egress_qos_map[2] wants at most 4294967295:7, got 1:8",
		},
		{
			&nlcore.Macvlan{LinkAttrs: mac, MACAddrMode: val.Some[nlcore.MACAddrMode](0)},
			"macaddr", "macaddr wants one address to add, got 0",
		},
		{&nlcore.Tun{}, "mode", "mode is required: tun or tap"},
		{&nlcore.Tun{Mode: val.Some[nlcore.TunMode](3)}, "mode", "mode wants tun or tap, got 3"},
		{&nlcore.Tun{LinkAttrs: mac, Mode: val.Some[nlcore.TunMode](1)}, "link", "link is not for tun links"},
	}
	for _, tt := range tests {
		t.Run(tt.l.Kind()+" "+tt.attr, func(t *testing.T) {
			tt.l.Attrs().Name = "x0"
			err := h.LinkAdd(context.Background(), tt.l)
			var e *nlcore.Error
			if !errors.As(err, &e) || e.Errno != 0 || e.Attr != tt.attr || e.Message != tt.msg {
				t.Errorf("got %v (%+v), want %q at %s", err, e, tt.msg, tt.attr)
			}
		})
	}
	if got := strings.Count(nstest.IP(t, ns, "-br", "link"), "\n"); got != 1 {
		t.Errorf("%d links are left, want lo alone", got)
	}
}

// TestKindWords are values that a script may give, and some that it may not.
func TestKindWords(t *testing.T) {
	text, list := attr.StringOf, func(l ...attr.Value) attr.Value { return attr.ListOf(l) }
	tests := []struct {
		kind, key string
		say       attr.Value
		want      string // what it reads, or the error
	}{
		{"vxlan", "vni", text("0x10"), "16"},
		{"vxlan", "ttl", text("auto"), "auto"},
		{"vxlan", "ttl", attr.UintOf(0), "auto"},
		{"vxlan", "ttl", text("inherit"), "inherit"},
		{"vxlan", "ttl", attr.UintOf(256), "ttl wants a number from 0 to 255, auto or inherit, got 256"},
		{"vxlan", "flowlabel", text("0xfffff"), "1048575"},
		{"vxlan", "flowlabel", attr.UintOf(1 << 20), "flowlabel wants a number from 0 to 1048575 or inherit, got 1048576"},
		{"vxlan", "srcport", attr.UintOf(7), "7-7"},
		{"vxlan", "srcport", text("7 9"), "7-9"},
		{"vxlan", "srcport", list(attr.UintOf(7), attr.UintOf(9)), "7-9"},
		{"vxlan", "srcport", list(attr.UintOf(9), attr.UintOf(7)), "srcport wants the lower port first, got 9-7"},
		{"vxlan", "srcport", list(attr.UintOf(9), attr.UintOf(70000)), "srcport wants a number from 0 to 65535, got 70000"},
		{"vxlan", "remote", text("239.1.1.1"), "remote wants an address that is no multicast group (else say group), got 239.1.1.1"},
		{"vxlan", "group", text("10.0.0.1"), "group wants a multicast address (else say remote), got 10.0.0.1"},
		{"vxlan", "ageing", text("5m"), "300"},
		{"vxlan", "reserved_bits", text("0xff000000000000ff"), "0xff000000000000ff"},
		{"vlan", "ingress_qos_map", text("1:5 2:6"), "1:5, 2:6"},
		{"vlan", "ingress_qos_map", text("8:1"), "ingress_qos_map[1] wants at most 7:4294967295, got 8:1"},
		{"vlan", "ingress_qos_map", text("a:1"), `ingress_qos_map[1] wants a mapping like "1:5", got "a:1"`},
		{"macvlan", "macaddr", text("02:00:00:00:00:01"), "02:00:00:00:00:01"},
		{"macvlan", "macaddr", text("02:00"), `macaddr[1] wants a link-layer address like "02:00:00:00:00:01", got "02:00"`},
		{"tun", "user", text("root"), "root"},
		{"tun", "user", attr.UintOf(4123456789), "4123456789"},
		{"tun", "user", text("no such one"), "user wants a number or a name in /etc/passwd, got no such one"},
	}
	for _, tt := range tests {
		t.Run(tt.kind+" "+tt.key+" "+tt.say.String(), func(t *testing.T) {
			l := nlcore.NewLink(tt.kind)
			got := ""
			if err := nlcore.SetField(nil, l, tt.key, tt.say); err != nil {
				got = err.Error()
			} else {
				v, _ := nlcore.Field(nil, l, tt.key)
				got = v.String()
				if v.Kind() == attr.KindList {
					var words []string
					for _, x := range v.List() {
						words = append(words, x.String())
					}
					got = strings.Join(words, ", ")
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestMacvlanSources adds, takes away and flushes what mode source lets in.
func TestMacvlanSources(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	nstest.IP(t, ns, "link", "add", "low0", "type", "veth", "peer", "name", "low1")
	nstest.IP(t, ns, "link", "add", "link", "low0", "name", "x0", "type", "macvlan", "mode", "source")
	say := func(mode string, macs ...attr.Value) []any {
		t.Helper()
		l := &nlcore.Macvlan{LinkAttrs: nlcore.LinkAttrs{Name: "x0"}}
		if mode != "" {
			must(t, nlcore.SetField(nil, l, "macaddr_mode", attr.StringOf(mode)))
		}
		if len(macs) > 0 {
			must(t, nlcore.SetField(nil, l, "macaddr", attr.ListOf(macs)))
		}
		must(t, h.LinkSet(ctx, l))
		var shown []map[string]any
		nstest.IPJSON(t, ns, &shown, "link", "show", "x0")
		data := infoPart("info_data")(shown[0])
		macsShown, _ := data["macaddr_data"].([]any)
		return macsShown
	}
	a, b := attr.StringOf("02:00:00:00:00:01"), attr.StringOf("02:00:00:00:00:02")
	got := [][]any{say("", a), say("add", b)[:2], say("del", a), say("flush")}
	if len(got[1]) != 2 {
		t.Errorf("after add: %v, want both", got[1])
	}
	got[1] = nil // in an order of the kernel's
	want := [][]any{{a.String()}, nil, {b.String()}, nil}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("sources, -want +got:\n%s", d)
	}
}

// TestMacvlanFlagsStay: both flags lie in one number, yet setting one leaves
// the other.
func TestMacvlanFlagsStay(t *testing.T) {
	for _, kind := range []string{"macvlan", "macvtap"} {
		t.Run(kind, func(t *testing.T) {
			h, ns := newHandle(t)
			nstest.IP(t, ns, "link", "add", "low0", "type", "veth", "peer", "name", "low1")
			nstest.IP(t, ns, "link", "add", "link", "low0", "name", "x0", "type", kind, "mode", "passthru", "nopromisc")
			l := nlcore.NewLink(kind)
			l.Attrs().Name = "x0"
			must(t, nlcore.SetField(nil, l, "nodst", attr.BoolOf(true)))
			must(t, h.LinkSet(context.Background(), l))
			var shown []map[string]any
			nstest.IPJSON(t, ns, &shown, "link", "show", "x0")
			want := map[string]any{"nopromisc": true, "nodst": true}
			if d := cmp.Diff(want, picked(infoPart("info_data")(shown[0]), "nopromisc", "nodst")); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// TestVxlanGroupUndone: what is no row of its own is undone like the others.
func TestVxlanGroupUndone(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	nstest.IP(t, ns, "link", "add", "x0", "type", "vxlan", "id", "1", "dstport", "4789", "remote", "10.0.0.1", "ttl", "7")
	before := nstest.IP(t, ns, "-d", "link", "show", "x0")
	bad := *nlcore.MustParseAddr("ff02::1/64") // refused by the kernel
	l := &nlcore.Vxlan{LinkAttrs: nlcore.LinkAttrs{Name: "x0", Addrs: []nlcore.Addr{bad}}, TTL: val.Some[nlcore.TTL](9)}
	must(t, nlcore.SetField(nil, l, "remote", attr.StringOf("10.0.0.2")))
	if err := h.LinkSet(ctx, l); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("a multicast address: %v, want EADDRNOTAVAIL", err)
	}
	if d := cmp.Diff(before, nstest.IP(t, ns, "-d", "link", "show", "x0")); d != "" {
		t.Errorf("after the undo, -before +after:\n%s", d)
	}
}

// TestVxlanBelowIsThere: a tunnel that went elsewhere names its lower link by
// an index of where that stayed.
func TestVxlanBelowIsThere(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	there := nstest.NewNS(t)
	nstest.IP(t, ns, "link", "add", "low0", "index", "77", "type", "veth", "peer", "name", "low1")
	nstest.IP(t, there, "link", "add", "name", "other", "index", "77", "type", "bridge")
	must(t, h.LinkAdd(ctx, &nlcore.Vxlan{
		LinkAttrs: nlcore.LinkAttrs{Name: "x0", Netns: val.NetnsFd(there.Fd(), "there")}, ID: val.U32(1), Dev: nlcore.LinkName("low0"),
	}))
	h2 := handleAt(t, there)
	one, err := h2.LinkByName(ctx, "x0")
	must(t, err)
	all, err := h2.LinkList(ctx)
	must(t, err)
	got := []val.LinkRef{one.(*nlcore.Vxlan).Dev}
	for _, l := range all {
		if x, ok := l.(*nlcore.Vxlan); ok {
			got = append(got, x.Dev)
		}
	}
	want := []val.LinkRef{{Index: 77}, {Index: 77}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(val.LinkRef{})); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
