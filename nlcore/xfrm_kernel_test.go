package nlcore_test

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
	"nlsh/nlcore/xfrm"
)

// richPolicy says all that this kernel keeps of a policy.
func richPolicy() *xfrm.Policy {
	return &xfrm.Policy{
		Selector: xfrm.Selector{
			Src: netip.MustParsePrefix("10.0.0.0/24"), Dst: netip.MustParsePrefix("10.1.0.0/16"),
			Proto: 6, Sport: xfrm.PortOf(80), Dport: val.Some(xfrm.Port{Value: 0x4000, Mask: 0xc000}), Dev: val.LinkName("lo"),
		},
		Dir: val.Some(xfrm.Out), Action: val.Some(xfrm.Allow), Priority: 100, Index: 9,
		Mark: val.MarkMask(0x64, 0xff), IfID: 0x42, LocalOK: val.On, ICMP: val.On,
		Limit: xfrm.Limits{TimeHard: 5000, ByteHard: 1 << 40},
		Tmpl: []xfrm.Template{
			{Src: netip.MustParseAddr("fd00::1"), Dst: netip.MustParseAddr("fd00::2"), Proto: xfrm.ESP, SPI: 0x301,
				Mode: val.Some(xfrm.ModeTunnel), ReqID: 7},
			{Proto: xfrm.Comp, ReqID: 8, Level: val.Some(xfrm.Use)},
		},
	}
}

// xfrmDiff compares whole values, optional ones too.
func xfrmDiff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}, val.LinkRef{}),
		cmp.Exporter(func(reflect.Type) bool { return true }))
}

// What we add, ip shows in its own words, and what ip adds we read.
func TestXfrmPolicyBothWays(t *testing.T) {
	h, ns := newHandle(t)
	must(t, h.XfrmPolicyAdd(t.Context(), richPolicy()))
	want := `src 10.0.0.0/24 dst 10.1.0.0/16 proto tcp sport 80 dport 16384 dev lo
	dir out priority 100 ptype main flag localok icmp
	mark 0x64/0xff
	tmpl src fd00::1 dst fd00::2
		proto esp spi 0x00000301 reqid 7 mode tunnel
	tmpl src :: dst ::
		proto comp reqid 8 mode transport
		level use
	if_id 0x42`
	if d := diff(strings.Fields(want), strings.Fields(nstest.IP(t, ns, "xfrm", "policy", "list"))); d != "" {
		t.Errorf("ip xfrm policy, -want +got:\n%s", d)
	}
	got, err := h.XfrmPolicyGet(t.Context(), richPolicy())
	must(t, err)
	if got.Current.AddTime == 0 {
		t.Error("the policy was never added")
	}
	got.Current = xfrm.Usage{}
	if d := xfrmDiff(asRead(richPolicy()), &got); d != "" {
		t.Errorf("read back, -want +got:\n%s", d)
	}
}

// asRead is a policy as the kernel gives it back: what was unsaid is said.
func asRead(p *xfrm.Policy) *xfrm.Policy {
	p.Family, p.Type, p.Share, p.CPUAcquire = val.Some(xfrm.Inet), val.Some(xfrm.PolicyMain), val.Some(xfrm.Share(0)), val.Off
	p.Dev.Index = 1
	for i := range p.Tmpl {
		t := &p.Tmpl[i]
		t.Mode, t.Level, t.Share = val.Some(t.Mode.Or(0)), val.Some(t.Level.Or(0)), val.Some(xfrm.Share(0))
		if !t.Dst.IsValid() {
			t.Src, t.Dst = netip.IPv6Unspecified(), netip.IPv6Unspecified()
		}
		t.Family = val.Some(xfrm.Inet6)
	}
	return p
}

func netPolicy(n int) *xfrm.Policy {
	dst := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 0}), 24)
	return &xfrm.Policy{Selector: xfrm.Selector{Dst: dst}, Dir: val.Some(xfrm.Out), Priority: uint32(n)}
}

func TestXfrmPolicyVerbs(t *testing.T) {
	h, _ := newHandle(t)
	ctx := t.Context()
	p := netPolicy(1)
	must(t, h.XfrmPolicyAdd(ctx, p))
	if err := h.XfrmPolicyAdd(ctx, p); err == nil || err.Error() != "xfrm.policy add dst 10.0.1.0/24 dir out: file exists (EEXIST)" {
		t.Errorf("added twice: %v", err)
	}
	p.Priority = 7
	must(t, h.XfrmPolicyUpdate(ctx, p))
	got, err := h.XfrmPolicyGet(ctx, p)
	if err != nil || got.Priority != 7 || got.Ident() != p.Ident() {
		t.Errorf("get: %v %v", &got, err)
	}
	byIndex := &xfrm.Policy{Dir: val.Some(xfrm.Out), Index: got.Index}
	if again, err := h.XfrmPolicyGet(ctx, byIndex); err != nil || again.Dst != p.Dst {
		t.Errorf("get by index: %v %v", &again, err)
	}
	must(t, h.XfrmPolicyDel(ctx, byIndex))
	if err := h.XfrmPolicyDel(ctx, p); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("deleted twice: %v", err)
	}
	must(t, h.XfrmPolicyAdd(ctx, p))
	must(t, h.XfrmPolicyFlush(ctx, xfrm.PolicyMain))
	if l, err := h.XfrmPolicyList(ctx, nil); err != nil || len(l) != 0 {
		t.Errorf("after flush: %v %v", l, err)
	}
}

func TestXfrmPolicyList(t *testing.T) {
	h, _ := newHandle(t)
	for i := range 3 {
		must(t, h.XfrmPolicyAdd(t.Context(), netPolicy(i)))
	}
	must(t, h.XfrmPolicyAdd(t.Context(), &xfrm.Policy{Selector: xfrm.Selector{Family: val.Some(xfrm.Inet6)}, Dir: val.Some(xfrm.In)}))
	for _, c := range []struct {
		name string
		like *xfrm.Policy
		want int
	}{
		{"all", nil, 4},
		{"nothing said", &xfrm.Policy{}, 4},
		{"direction", &xfrm.Policy{Dir: val.Some(xfrm.Out)}, 3},
		{"destination", &xfrm.Policy{Selector: xfrm.Selector{Dst: netPolicy(2).Dst}}, 1},
		{"family", &xfrm.Policy{Selector: xfrm.Selector{Family: val.Some(xfrm.Inet6)}}, 1},
		{"none", &xfrm.Policy{Dir: val.Some(xfrm.Forward)}, 0},
	} {
		if l, err := h.XfrmPolicyList(t.Context(), c.like); err != nil || len(l) != c.want {
			t.Errorf("%s: got %d, %v, want %d", c.name, len(l), err, c.want)
		}
	}
}

// A batch of two protocols keeps its order and tells which change failed.
func TestXfrmBatch(t *testing.T) {
	h, _ := newHandle(t)
	bridge := func(name string) nlcore.Change {
		return nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: name}}}
	}
	var l []nlcore.Change
	for i := range 462 {
		l = append(l, nlcore.Change{Verb: nlcore.Add, Object: netPolicy(i)})
	}
	on := netPolicy(1000)
	on.Dev = val.LinkName("br0")
	l = append(l, bridge("br0"), nlcore.Change{Verb: nlcore.Add, Object: on}, l[5], bridge("br1"), nlcore.Change{Verb: nlcore.Del, Object: l[7].Object})
	err := h.Apply(t.Context(), l...)
	var failed *nlcore.BatchError
	if !errors.As(err, &failed) || len(failed.Errors) != 1 || failed.Errors[0].Index != 464 || failed.Total != len(l) ||
		failed.Errors[0].Error() != "xfrm.policy add dst 10.0.5.0/24 dir out: file exists (EEXIST)" {
		t.Errorf("got %v", err)
	}
	if l, err := h.XfrmPolicyList(t.Context(), nil); err != nil || len(l) != 462 {
		t.Errorf("%d policies, %v; want 462", len(l), err)
	}
	if l, err := h.XfrmPolicyList(t.Context(), &xfrm.Policy{Selector: xfrm.Selector{Dev: val.LinkName("br0")}}); err != nil || len(l) != 1 {
		t.Errorf("%d policies on br0, %v; want 1", len(l), err)
	}
	if _, err := h.LinkByName(t.Context(), "br1"); err != nil {
		t.Error(err)
	}
}
