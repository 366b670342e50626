package nlcore_test

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// deep compares values down to what is unexported.
func deep(want, got any) string {
	return cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true }),
		cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}))
}

// has says whether the kernel has a feature.
func has(t *testing.T, f *nstest.Feature) bool {
	t.Helper()
	why, err := f.Missing(t)
	must(t, err)
	return why == ""
}

// ruleMaker makes random rules that this kernel takes.
type ruleMaker struct {
	*rand.Rand
	dscp, flow, masks, vrf bool
}

// some says a value every n-th time.
func some[T any](g *ruleMaker, n int, p *val.Opt[T], v T) {
	if g.IntN(n) == 0 {
		p.Set(v)
	}
}

func (g *ruleMaker) rule() nlcore.Rule {
	var r nlcore.Rule
	some(g, 2, &r.Priority, uint32(g.IntN(60))*uint32(g.IntN(1000)))
	some(g, 4, &r.Not, true)
	r.Family.Set([]nlcore.Family{nlcore.Inet, nlcore.Inet6}[g.IntN(2)])
	if g.IntN(2) == 0 {
		r.From = g.prefix(r.Family.Or(0))
	}
	if g.IntN(2) == 0 {
		r.To = g.prefix(r.Family.Or(0))
	}
	r.IIF = []string{"", "", "lo", "gone"}[g.IntN(4)]
	r.OIF = []string{"", "", "lo", "fifteen-letters"}[g.IntN(4)]
	some(g, 3, &r.FwMark, val.Masked[uint32]{Value: g.Uint32() >> g.IntN(32), Mask: g.Uint32() | 1})
	g.packet(&r)
	some(g, 4, &r.Protocol, uint8(g.IntN(256)))
	g.action(&r)
	return r
}

func (g *ruleMaker) prefix(f nlcore.Family) netip.Prefix {
	if f == nlcore.Inet {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(g.IntN(256)), 0, byte(g.IntN(256))}), g.IntN(33))
	}
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0xfd, 5: byte(g.IntN(256)), 15: byte(g.IntN(256))}), g.IntN(129))
}

// packet says what a packet's headers hold.
func (g *ruleMaker) packet(r *nlcore.Rule) {
	mask := uint8(g.IntN(64)) | 1
	switch g.IntN(4) {
	case 0:
		r.Tos = uint8(g.IntN(8)) << 2
	case 1:
		if g.dscp && g.masks {
			r.DSCP.Set(val.Masked[uint8]{Value: uint8(g.IntN(64)) & mask, Mask: mask})
		}
	}
	if g.flow && r.Family.Or(0) == nlcore.Inet6 {
		some(g, 3, &r.FlowLabel, val.Masked[uint32]{Value: 0x12345 & uint32(mask), Mask: uint32(mask)})
	}
	some(g, 4, &r.UIDRange, nlcore.UIDRange{First: uint32(g.IntN(100)), Last: 100 + g.Uint32()>>8})
	some(g, 4, &r.IPProto, nlcore.IPProto(1+g.IntN(255)))
	some(g, 4, &r.SPort, g.ports())
	some(g, 4, &r.DPort, g.ports())
	if g.IntN(6) == 0 && r.Family.Or(0) == nlcore.Inet {
		r.TunID = g.Uint64()
	}
}

func (g *ruleMaker) ports() nlcore.RulePorts {
	first := uint16(1 + g.IntN(60000))
	switch {
	case g.masks && g.IntN(3) == 0:
		return nlcore.RulePorts{First: first, Last: first, Mask: first}
	case g.IntN(2) == 0:
		return nlcore.RulePorts{First: first, Last: first}
	}
	return nlcore.RulePorts{First: first, Last: first + uint16(g.IntN(5000))}
}

func (g *ruleMaker) action(r *nlcore.Rule) {
	switch g.IntN(4) {
	case 0:
		r.Goto.Set(60000 + uint32(g.IntN(3)))
	case 1:
		r.Action.Set([]nlcore.RuleAction{nlcore.RuleNop, nlcore.RuleBlackhole, nlcore.RuleUnreachable, nlcore.RuleProhibit}[g.IntN(4)])
	case 2:
		if g.vrf {
			r.L3MDev.Set(true)
		}
	default:
		some(g, 2, &r.Table, 1+g.Uint32()>>g.IntN(31))
		some(g, 3, &r.SuppressPrefixLength, uint32(g.IntN(33)))
		some(g, 3, &r.SuppressIfGroup, uint32(g.IntN(100)))
	}
}

// What list returns goes to del and then to add as it is, and is back: random
// rules among those of the kernel.
func TestRuleListed(t *testing.T) {
	nstest.NeedUsers(t)
	ctx := context.Background()
	h, _ := newHandle(t)
	g := &ruleMaker{rand.New(rand.NewPCG(1, 2)), has(t, ruleDSCP), has(t, ruleFlow), has(t, ruleMasks), has(t, ruleVRF)}
	made := 0
	for range 400 {
		r := g.rule()
		if err := h.RuleAdd(ctx, &r); err != nil {
			t.Fatalf("%v: %v", r.String(), err)
		}
		made++
		got, err := nlcore.ClassByName("rule").Get(ctx, h, &r)
		if err != nil {
			t.Fatalf("%v is not there: %v", r.String(), err)
		}
		sayAgain(t, got.(*nlcore.Rule))
	}
	before, err := h.RuleList(ctx, nil)
	must(t, err)
	if len(before) != made+5 {
		t.Fatalf("made %d rules beside the kernel's 5, listed %d", made, len(before))
	}
	for i := range before {
		must(t, h.RuleDel(ctx, &before[i]))
	}
	left, err := h.RuleList(ctx, nil)
	must(t, err)
	if len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	for i := range before {
		must(t, h.RuleAdd(ctx, &before[i]))
	}
	after, err := h.RuleList(ctx, nil)
	must(t, err)
	if d := deep(before, after); d != "" {
		t.Error("after del and add, -before +after:\n", d)
	}
}

// sayAgain sets by key all that a rule may be told on a new one, as scripts
// do with totable; that must be the same one.
func sayAgain(t *testing.T, r *nlcore.Rule) {
	t.Helper()
	env, again := &attr.Env{Mode: attr.Create}, &nlcore.Rule{}
	for _, f := range r.Views()[0].Fields(env) {
		if m, _ := r.Views()[0].Schema().Member(env, f.Key); m.Modes != 0 || m.Local {
			must(t, nlcore.SetField(env, again, f.Key, f.Val))
		}
	}
	if again.Ident() != r.Ident() {
		t.Errorf("set by key %s\nread       %s", again.Ident(), r.Ident())
	}
}
