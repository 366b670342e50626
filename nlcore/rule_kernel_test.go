package nlcore_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// asIPRule is our rule as `ip -d -j rule` has it.
func asIPRule(r *nlcore.Rule) map[string]any {
	f := fields{r.Views()[0]}
	x := map[string]any{"priority": float64(r.Priority.Or(0)), "protocol": f.word("proto")}
	for key, p := range map[string]netip.Prefix{"src": r.From, "dst": r.To} {
		switch {
		case p.Bits() > 0:
			x[key] = p.Addr().String()
			if !p.IsSingleIP() {
				x[key+"len"] = float64(p.Bits())
			}
		case key == "src":
			x[key] = "all"
		}
	}
	for ours, theirs := range map[string]string{
		"table": "table", "iif": "iif", "oif": "oif", "ipproto": "ipproto", "suppress_ifgroup": "suppress_ifgroup",
	} {
		if f.Has(ours) {
			x[theirs] = f.word(ours)
		}
	}
	if n, err := fmt.Sscanf(f.word("ipproto"), "%d", new(int)); n == 1 && err == nil {
		x["ipproto"] = "ipproto-" + f.word("ipproto")
	}
	if v, ok := f.Get(nil, "tos"); ok {
		x["tos"] = fmt.Sprintf("%#x", v.Uint()) // ip knows no names here
	}
	for key, o := range map[string]val.Opt[bool]{
		"not": r.Not, "l3mdev": r.L3MDev, "unresolved": r.Unresolved, "iif_detached": r.IIFDetached, "oif_detached": r.OIFDetached,
	} {
		if o.Or(false) {
			x[key] = nil
		}
	}
	ipRuleNumbers(r, f, x)
	switch a := r.Action.Or(0); a {
	case nlcore.RuleLookup, nlcore.RuleGoto:
	case nlcore.RuleNop:
		x["nop"] = nil
	default:
		x["action"] = a.String()
	}
	return x
}

func ipRuleNumbers(r *nlcore.Rule, f fields, x map[string]any) {
	if m, ok := r.FwMark.Get(); ok {
		x["fwmark"], _, _ = strings.Cut(f.word("fwmark"), "/")
		if m.Mask != 1<<32-1 {
			x["fwmask"] = fmt.Sprintf("%#x", m.Mask)
		}
	}
	if m, ok := r.DSCP.Get(); ok {
		x["dscp"], x["dscp_mask"] = f.word("dscp"), fmt.Sprintf("%#x", m.Mask)
		switch { // ip names what is masked too, and no zero
		case m.Mask == 0x38:
			x["dscp"] = "CS1"
		case m.Value == 0:
			x["dscp"] = "0"
		}
	}
	if m, ok := r.FlowLabel.Get(); ok {
		x["flowlabel"], x["flowlabel_mask"] = fmt.Sprintf("%#x", m.Value), fmt.Sprintf("%#x", m.Mask)
	}
	if u, ok := r.UIDRange.Get(); ok {
		x["uid_start"], x["uid_end"] = float64(u.First), float64(u.Last)
	}
	for key, o := range map[string]val.Opt[nlcore.RulePorts]{"sport": r.SPort, "dport": r.DPort} {
		p, ok := o.Get()
		switch {
		case !ok:
		case p.First != p.Last:
			x[key+"_start"], x[key+"_end"] = float64(p.First), float64(p.Last)
		default:
			x[key] = float64(p.First)
			if p.Mask != 0 {
				x[key+"_mask"] = fmt.Sprintf("%#x", p.Mask)
			}
		}
	}
	for key, o := range map[string]val.Opt[uint32]{"goto": r.Goto, "suppress_prefixlen": r.SuppressPrefixLength} {
		if n, ok := o.Get(); ok {
			x[key] = float64(n)
		}
	}
	if r.TunID != 0 {
		x["tun_id"] = float64(r.TunID)
	}
	if n, ok := r.Realms.Get(); ok {
		x["flow_from"], x["flow_to"] = fmt.Sprint(n>>16), fmt.Sprint(n&0xffff)
	}
}

// ipRules are ip's rules of a family. A mask that is full is left out: only
// some kernels tell it.
func ipRules(t *testing.T, ns *netns.NS, family string) []map[string]any {
	t.Helper()
	var l []map[string]any
	nstest.IPJSON(t, ns, &l, family, "rule", "show")
	for _, x := range l {
		maps.DeleteFunc(x, func(key string, v any) bool { return strings.HasSuffix(key, "port_mask") && v == "0xffff" })
	}
	return l
}

func ourRules(t *testing.T, h *nlcore.Handle, f nlcore.Family) ([]nlcore.Rule, []map[string]any) {
	t.Helper()
	l, err := h.RuleList(context.Background(), &nlcore.Rule{Family: val.Some(f)})
	must(t, err)
	var words []map[string]any
	for i := range l {
		words = append(words, asIPRule(&l[i]))
	}
	return l, words
}

func ruled(t testing.TB) (*nlcore.Handle, *netns.NS) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	nstest.IP(t, ns, "link", "add", "d0", "type", "veth", "peer", "name", "d1")
	return h, ns
}

// Each rule is made by ip in one namespace and by us in another; ip must see
// the same in both, and we must read what ip reads. Then what we list is
// deleted as it is, and by what the caller said.
func TestRuleAgainstIP(t *testing.T) {
	ctx := context.Background()
	theirs, theirNS := ruled(t)
	ours, ourNS := ruled(t)
	for _, c := range ruleCases {
		t.Run(c.name, func(t *testing.T) {
			if strings.Contains(c.name, "users") {
				nstest.NeedUsers(t)
			}
			if c.needs != nil {
				c.needs.Need(t)
			}
			flag, family := "-4", nlcore.Inet
			words, six := strings.CutPrefix(c.ip, "-6 ")
			if six {
				flag, family = "-6", nlcore.Inet6
			}
			had, before := ourRules(t, theirs, family)
			nstest.IP(t, theirNS, append([]string{flag, "rule", "add"}, strings.Fields(words)...)...)
			must(t, ours.RuleAdd(ctx, &c.ours))
			want := ipRules(t, theirNS, flag)
			if d := diff(want, ipRules(t, ourNS, flag)); d != "" {
				t.Error("ip sees, -made by ip +made by us:\n", d)
			}
			if len(want) != len(before)+1 {
				t.Fatalf("ip made no rule: %v", want)
			}
			listed, got := ourRules(t, theirs, family)
			if c.needs == ruleDSCP && nstest.Older(t, "dscp_mask", "6.15") {
				for _, x := range got { // we say the whole mask where none is told, ip says nothing
					delete(x, "dscp_mask")
				}
			}
			if d := diff(want, got); d != "" {
				t.Error("made by ip, -read by ip +read by us:\n", d)
			}
			for i := range listed {
				if !slices.ContainsFunc(had, func(r nlcore.Rule) bool { return r.Ident() == listed[i].Ident() }) {
					must(t, theirs.RuleDel(ctx, &listed[i]))
				}
			}
			must(t, ours.RuleDel(ctx, &c.ours))
			for _, h := range []*nlcore.Handle{theirs, ours} {
				if _, after := ourRules(t, h, family); diff(before, after) != "" {
					t.Error("after the deletion, -before +after:\n", diff(before, after))
				}
			}
		})
	}
}

func TestRuleErrors(t *testing.T) {
	ctx := context.Background()
	h, _ := newHandle(t)
	one := &nlcore.Rule{Priority: val.U32(500), Table: val.U32(100)}
	must(t, h.RuleAdd(ctx, one))
	_, absent := nlcore.ClassByName("rule").Get(ctx, h, &nlcore.Rule{Priority: val.U32(7)})
	for _, c := range []struct {
		name  string
		err   error
		errno syscall.Errno
		text  string
	}{
		{"twice", h.RuleAdd(ctx, one), syscall.EEXIST, "rule add 500 table 100: "},
		{"absent", h.RuleDel(ctx, &nlcore.Rule{Priority: val.U32(501)}), syscall.ENOENT, "rule del 501: "},
		{"other table", h.RuleDel(ctx, &nlcore.Rule{Priority: val.U32(500), Table: val.U32(7)}), syscall.ENOENT, "rule del 500 table 7: "},
		{"other family", h.RuleDel(ctx, &nlcore.Rule{Priority: val.U32(500), Family: val.Some(nlcore.Inet6)}), syscall.ENOENT, "rule del 500 family inet6: "},
		{"nothing said", h.RuleDel(ctx, &nlcore.Rule{}), 0, "rule del: priority or another field is required: what is not said is any"},
		{"get", absent, 0, "rule get 7: not found"},
	} {
		if c.err == nil || !strings.HasPrefix(c.err.Error(), c.text) || c.errno != 0 && !errors.Is(c.err, c.errno) {
			t.Errorf("%s: got %v, want %v, %q", c.name, c.err, c.errno, c.text)
		}
	}
}

// A list agrees with all that like says, in the kernel's order.
func TestRuleFilters(t *testing.T) {
	ctx := context.Background()
	h, _ := newHandle(t)
	p := netip.MustParsePrefix
	for _, r := range []nlcore.Rule{
		{Priority: val.U32(30), From: p("10.0.0.0/8"), Table: val.U32(100), Protocol: val.U8(4)},
		{Priority: val.U32(20), FwMark: val.MarkMask(0x64, 0xff), IIF: "x0"},
		{Priority: val.U32(20), To: p("fd00::/64"), Table: val.U32(100)},
		{Priority: val.U32(25), Not: val.On, Action: val.Some(nlcore.RuleBlackhole), Tos: 0x10},
	} {
		must(t, h.RuleAdd(ctx, &r))
	}
	for _, c := range []struct {
		name string
		like *nlcore.Rule
		want string
	}{
		{"all", nil, "0 20 25 30 32766 32767 0 20 32766"},
		{"family", &nlcore.Rule{Family: val.Some(nlcore.Inet6)}, "0 20 32766"},
		{"table", &nlcore.Rule{Table: val.U32(100)}, "30 20"},
		{"priority", &nlcore.Rule{Priority: val.U32(20)}, "20 20"},
		{"priority zero", &nlcore.Rule{Priority: val.U32(0)}, "0 0"},
		{"mark", &nlcore.Rule{FwMark: val.MarkMask(0x64, 0xff)}, "20"},
		{"other mask", &nlcore.Rule{FwMark: val.Mark(0x64)}, ""},
		{"iif", &nlcore.Rule{IIF: "x0"}, "20"},
		{"detached", &nlcore.Rule{IIFDetached: val.On}, "20"},
		{"from", &nlcore.Rule{From: p("10.0.0.0/8")}, "30"},
		{"from all", &nlcore.Rule{From: p("0.0.0.0/0")}, "0 20 25 32766 32767"},
		{"action", &nlcore.Rule{Action: val.Some(nlcore.RuleBlackhole)}, "25"},
		{"not", &nlcore.Rule{Not: val.On}, "25"},
		{"protocol", &nlcore.Rule{Protocol: val.U8(4)}, "30"},
		{"tos", &nlcore.Rule{Tos: 0x10}, "25"},
	} {
		l, err := h.RuleList(ctx, c.like)
		must(t, err)
		var got []string
		for i := range l {
			got = append(got, l[i].Priority.String())
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: got %s, want %s", c.name, g, c.want)
		}
	}
}

// A rule without a priority goes before all but the first, and is found.
func TestRuleGet(t *testing.T) {
	ctx := context.Background()
	h, _ := newHandle(t)
	one := &nlcore.Rule{From: netip.MustParsePrefix("10.0.0.0/8"), Table: val.U32(100)}
	for _, want := range []uint32{32765, 32764} {
		must(t, h.RuleAdd(ctx, one))
		got, err := nlcore.ClassByName("rule").Get(ctx, h, one)
		must(t, err)
		if p := got.(*nlcore.Rule).Priority; p != val.U32(want) {
			t.Errorf("got priority %v, want %d", p, want)
		}
	}
}
