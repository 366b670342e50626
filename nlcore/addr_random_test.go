package nlcore_test

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// addrMaker makes random addresses of v0 that every kernel takes, no two of
// them in one network.
type addrMaker struct {
	*rand.Rand
	made byte
}

func (g *addrMaker) addr() nlcore.Addr {
	g.made++
	a := nlcore.Addr{Dev: val.LinkName("v0")}
	if g.IntN(2) == 0 {
		g.four(&a)
	} else {
		g.six(&a)
	}
	if g.IntN(3) == 0 {
		valid := 100 * uint32(2+g.IntN(1000))
		a.ValidLft.Set(valid)
		if g.IntN(2) == 0 {
			a.PreferredLft.Set(valid / 200 * 100)
		}
	}
	if g.IntN(4) == 0 {
		a.Metric = 1 + g.Uint32()>>g.IntN(31)
	}
	opt(g.Rand, 5, &a.NoPrefixRoute, true)
	opt(g.Rand, 5, &a.Proto, uint8(1+g.IntN(255)))
	return a
}

// four makes an IPv4 address. Of one network the kernel wants one scope.
func (g *addrMaker) four(a *nlcore.Addr) {
	ip := func(first byte) netip.Addr { return netip.AddrFrom4([4]byte{first, g.made, 0, byte(1 + g.IntN(200))}) }
	a.Address = netip.PrefixFrom(ip(10), 16+g.IntN(17))
	switch g.IntN(6) {
	case 0:
		a.Peer, a.Address = netip.PrefixFrom(ip(11), 16+g.IntN(17)), netip.PrefixFrom(a.Address.Addr(), 32)
	case 1:
		a.Address = netip.PrefixFrom(netip.AddrFrom4([4]byte{224, 1, g.made, 1}), 32)
		a.Autojoin.Set(true)
	}
	opt(g.Rand, 3, &a.Scope, []uint8{0, 200, 253, 254}[g.IntN(4)])
	if g.IntN(4) == 0 {
		a.Broadcast = ip(10)
	}
	if g.IntN(4) == 0 {
		a.Label = "v0:" + string(rune('a'+g.IntN(26)))
	}
}

// six makes an IPv6 address, always without duplicate detection, whose end
// nobody waits for.
func (g *addrMaker) six(a *nlcore.Addr) {
	ip := func(first byte) netip.Addr {
		return netip.AddrFrom16([16]byte{0: first, 1: g.made, 15: byte(1 + g.IntN(200))})
	}
	a.NoDAD.Set(true)
	a.Address = netip.PrefixFrom(ip(0xfd), 16+g.IntN(113))
	switch g.IntN(6) {
	case 0:
		a.Peer, a.Address = netip.PrefixFrom(ip(0xfc), 16+g.IntN(113)), netip.PrefixFrom(a.Address.Addr(), 128)
	case 1:
		a.Address = netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0xff, 1: 5, 14: 1, 15: g.made}), 128)
		a.Autojoin.Set(true)
	case 2:
		a.Address = netip.PrefixFrom(a.Address.Addr(), 64) // the kernel's templates have this length
		a.MngTmpAddr.Set(true)
	}
	opt(g.Rand, 5, &a.Home, true)
}

// opt says a value every n-th time.
func opt[T any](g *rand.Rand, n int, p *val.Opt[T], v T) {
	if g.IntN(n) == 0 {
		p.Set(v)
	}
}

// kept reports what o says and the kernel's object says otherwise. Times may
// have passed, and what the kernel is too old for it leaves out.
func kept(t *testing.T, o, kernels nlcore.Object, apart ...string) {
	t.Helper()
	for i, view := range o.Views() {
		for _, f := range view.Fields(nil) {
			m, _ := view.Schema().Member(nil, f.Key)
			if m.Modes == 0 && !m.Local {
				continue // it follows from others
			}
			got, _ := kernels.Views()[i].Get(nil, f.Key)
			if got.String() == f.Val.String() || slices.Contains(apart, f.Key) {
				continue
			}
			if m.Since == "" || !nstest.Older(t, f.Key, m.Since) {
				t.Errorf("%v: said %s %v, reads %v", o, f.Key, f.Val, got)
			}
		}
	}
}

// byKey says on a new object, field by field, what an object may be told, as
// scripts do with totable.
func byKey[O nlcore.Object](t *testing.T, o, fresh O) O {
	t.Helper()
	env := &attr.Env{Mode: attr.Create}
	for _, view := range o.Views() {
		for _, f := range view.Fields(env) {
			if m, _ := view.Schema().Member(env, f.Key); m.Modes != 0 || m.Local {
				must(t, nlcore.SetField(env, fresh, f.Key, f.Val))
			}
		}
	}
	return fresh
}

// Random addresses: ip sees what we list; what list returns goes to del and
// then to add, as it is or field by field, and the list is the same again.
func TestAddrRandom(t *testing.T) {
	ctx := context.Background()
	h, ns := pair(t)
	newestIP(t, ns)
	g := &addrMaker{Rand: rand.New(rand.NewPCG(1, 2))}
	made := map[netip.Addr]*nlcore.Addr{}
	for range 200 {
		a := g.addr()
		if err := h.AddrAdd(ctx, val.LinkRef{}, &a); err != nil {
			t.Fatalf("%v: %v", &a, err)
		}
		made[a.Address.Addr()] = &a
	}
	before := sortedAddrs(t, h)
	if len(before) != len(made) {
		t.Fatalf("made %d, listed %d", len(made), len(before))
	}
	_, words := ourAddrs(t, h)
	if d := diff(ipAddrs(t, ns), words); d != "" {
		t.Error("-ip +ours:\n", d)
	}
	for i := range before {
		kept(t, made[before[i].Address.Addr()], &before[i], "dev", "valid_lft", "preferred_lft")
	}
	for i := range before {
		must(t, h.AddrDel(ctx, val.LinkRef{}, &before[i]))
	}
	if left := sortedAddrs(t, h); len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	for i := range before {
		a := &before[i]
		if i%2 == 1 {
			a = byKey(t, a, &nlcore.Addr{})
		}
		if err := h.AddrAdd(ctx, val.LinkRef{}, a); err != nil {
			t.Fatalf("%v: %v", a, err)
		}
	}
	if d := deep(before, sortedAddrs(t, h)); d != "" {
		t.Error("after del and add, -before +after:\n", d)
	}
}

// sortedAddrs are the addresses of v0 beside those of pair, without what the
// clock says.
func sortedAddrs(t *testing.T, h *nlcore.Handle) []nlcore.Addr {
	l, _ := ourAddrs(t, h)
	for i := range l {
		l[i].Created, l[i].Updated = 0, 0
		for _, p := range []*val.Opt[uint32]{&l[i].ValidLft, &l[i].PreferredLft} {
			if n := p.Or(0); n != 1<<32-1 {
				p.Set((n + 99) / 100 * 100)
			}
		}
	}
	slices.SortFunc(l, func(a, b nlcore.Addr) int { return cmp.Compare(a.Ident(), b.Ident()) })
	return l
}
