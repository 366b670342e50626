package nlcore_test

import (
	"cmp"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
	"nlsh/nlcore/xfrm"
)

// What states need of the kernel, beyond ESP.
var (
	xfrmAH = nstest.Feature{Name: "AH", Config: "CONFIG_INET_AH", Probe: nstest.ByIP(
		"xfrm state add src 10.0.0.1 dst 10.0.0.2 proto ah spi 1 auth hmac(sha256) 0x00",
		"xfrm state add src fd00::1 dst fd00::2 proto ah spi 1 auth hmac(sha256) 0x00")}
	xfrmComp = nstest.Feature{Name: "IPComp", Config: "CONFIG_INET_IPCOMP", Probe: nstest.ByIP(
		"xfrm state add src 10.0.0.1 dst 10.0.0.2 proto comp spi 1 comp deflate")}
	xfrmESP6 = nstest.Feature{Name: "ESP over IPv6", Config: "CONFIG_INET6_ESP", Probe: nstest.ByIP(
		"xfrm state add src fd00::1 dst fd00::2 proto esp spi 1 enc cbc(aes) 0x000102030405060708090a0b0c0d0e0f auth hmac(sha256) 0x00")}
)

// xfrmMaker makes random states and policies.
type xfrmMaker struct {
	*rand.Rand
	protos []xfrm.Proto
	six    bool // states of IPv6
	made   uint32
}

func (g *xfrmMaker) addr(six bool) netip.Addr {
	if six {
		return netip.AddrFrom16([16]byte{0: 0xfd, 14: byte(g.IntN(256)), 15: byte(1 + g.IntN(200))})
	}
	return netip.AddrFrom4([4]byte{10, byte(g.IntN(256)), 0, byte(1 + g.IntN(200))})
}

func (g *xfrmMaker) key(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return b
}

func (g *xfrmMaker) limits() (l xfrm.Limits) {
	for _, p := range []*uint64{
		&l.TimeSoft, &l.TimeHard, &l.TimeUseSoft, &l.TimeUseHard, &l.ByteSoft, &l.ByteHard, &l.PacketSoft, &l.PacketHard,
	} {
		if g.IntN(4) == 0 {
			*p = 100000 + g.Uint64()>>(20+g.IntN(30))
		}
	}
	return l
}

func (g *xfrmMaker) selector(six bool) (s xfrm.Selector) {
	net := func() netip.Prefix { return netip.PrefixFrom(g.addr(six), g.IntN(33)) }
	if g.IntN(2) == 0 {
		s.Src = net()
	}
	if g.IntN(2) == 0 {
		s.Dst = net()
	}
	if !s.Src.IsValid() && !s.Dst.IsValid() {
		s.Family.Set(xfrm.Inet)
		if six {
			s.Family.Set(xfrm.Inet6)
		}
	}
	if g.IntN(2) == 0 {
		s.Proto = []xfrm.Proto{6, 17, 132, 99}[g.IntN(4)]
		port := xfrm.Port{Value: uint16(1 + g.IntN(65535)), Mask: 1<<16 - 1}
		opt(g.Rand, 2, &s.Sport, port)
		opt(g.Rand, 2, &s.Dport, xfrm.Port{Value: port.Value & 0xff00, Mask: 0xff00})
	}
	if g.IntN(4) == 0 {
		s.Dev = nlcore.LinkName("lo")
	}
	if g.IntN(4) == 0 {
		s.UID = g.Uint32()
	}
	return s
}

func (g *xfrmMaker) state() xfrm.State {
	g.made++
	six := g.six && g.IntN(2) == 0
	s := xfrm.State{
		Src: g.addr(six), Dst: g.addr(six), Proto: g.protos[g.IntN(len(g.protos))], SPI: g.made, Limit: g.limits(),
		ReqID: g.Uint32() >> g.IntN(32), IfID: g.Uint32() >> g.IntN(32),
	}
	switch s.Proto {
	case xfrm.AH:
		s.Auth = xfrm.Algo{Name: "hmac(sha256)", Key: g.key(g.IntN(33))}
	case xfrm.Comp:
		s.Comp = xfrm.Algo{Name: "deflate"}
	default:
		g.esp(&s)
	}
	opt(g.Rand, 2, &s.Mode, []xfrm.Mode{xfrm.ModeTransport, xfrm.ModeTunnel}[g.IntN(2)])
	if s.Proto == xfrm.Comp {
		s.Mode.Clear() // for a tunnel the kernel makes states of its own
	}
	if s.Proto == xfrm.ESP && s.Mode.Or(xfrm.ModeTransport) == xfrm.ModeTunnel && g.IntN(3) == 0 {
		s.TFCPad = uint32(1 + g.IntN(1000))
	}
	opt(g.Rand, 3, &s.Mark, val.Masked[uint32]{Value: g.Uint32(), Mask: 1<<32 - 1})
	opt(g.Rand, 3, &s.OutputMark, val.Masked[uint32]{Value: 1 + g.Uint32()>>8, Mask: 1<<32 - 1})
	for _, p := range []*val.Opt[bool]{&s.NoECN, &s.DecapDSCP, &s.NoPMTUDisc, &s.WildRecv, &s.ICMP, &s.DontEncapDSCP} {
		opt(g.Rand, 4, p, true)
	}
	if s.Proto != xfrm.Comp && g.IntN(2) == 0 {
		s.ReplayWindow.Set(uint32(1 + g.IntN(32)))
		s.ReplaySeq, s.ReplayOseq = val.U32(g.Uint32()>>8), val.U32(g.Uint32()>>8)
		if g.IntN(2) == 0 {
			s.ReplayWindow.Set(uint32(33 + g.IntN(2000)))
			s.ESN = val.On
		}
	}
	if g.IntN(2) == 0 {
		s.Sel = g.selector(six)
	}
	return s
}

func (g *xfrmMaker) esp(s *xfrm.State) {
	if g.IntN(2) == 0 {
		s.AEAD = xfrm.AEAD{Name: "rfc4106(gcm(aes))", Key: g.key([]int{20, 36}[g.IntN(2)]), ICVLen: []uint32{64, 96, 128}[g.IntN(3)]}
	} else {
		s.Enc = xfrm.Algo{Name: "cbc(aes)", Key: g.key([]int{16, 24, 32}[g.IntN(3)])}
		s.AuthTrunc = xfrm.AuthTrunc{Name: "hmac(sha256)", Key: g.key(32), TruncLen: []uint32{96, 128}[g.IntN(2)]}
	}
	if g.IntN(4) == 0 && s.Dst.Is4() {
		s.Encap = xfrm.Encap{Type: xfrm.ESPinUDP, Sport: uint16(1 + g.IntN(60000)), Dport: 4500, OA: g.addr(false)}
	}
}

func (g *xfrmMaker) policy() xfrm.Policy {
	g.made++
	p := xfrm.Policy{
		Selector: g.selector(g.IntN(2) == 0), Dir: val.Some([]xfrm.Dir{xfrm.In, xfrm.Out, xfrm.Forward}[g.IntN(3)]),
		Priority: g.Uint32() >> g.IntN(32), Limit: g.limits(), IfID: g.made, // no two of them are one
	}
	opt(g.Rand, 2, &p.Action, []xfrm.Action{xfrm.Allow, xfrm.Block}[g.IntN(2)])
	opt(g.Rand, 3, &p.Mark, val.Masked[uint32]{Value: g.Uint32() & 0xff, Mask: 0xff})
	opt(g.Rand, 4, &p.LocalOK, true)
	opt(g.Rand, 4, &p.ICMP, true)
	for range g.IntN(4) {
		t := xfrm.Template{Proto: []xfrm.Proto{xfrm.ESP, xfrm.AH, xfrm.Comp}[g.IntN(3)], ReqID: g.Uint32() >> g.IntN(32)}
		if g.IntN(2) == 0 { // what is put around may be of the other family
			six := g.IntN(2) == 0
			t.Src, t.Dst, t.Mode = g.addr(six), g.addr(six), val.Some(xfrm.ModeTunnel)
		}
		opt(g.Rand, 3, &t.Level, xfrm.Required)
		if t.Mode.IsZero() { // no tunnel may be left out
			opt(g.Rand, 3, &t.Level, xfrm.Use)
		}
		p.Tmpl = append(p.Tmpl, t)
	}
	return p
}

// Random states: what was said is there, ip sees it, and what list returns goes
// to del and then to add, as it is or field by field: the list is the same
// again, and ip's too.
func TestXfrmStateRandom(t *testing.T) {
	nstest.ESP.Need(t)
	ctx := t.Context()
	h, ns := newHandle(t)
	g := &xfrmMaker{Rand: rand.New(rand.NewPCG(7, 8)), protos: []xfrm.Proto{xfrm.ESP}, six: has(t, &xfrmESP6)}
	if has(t, &xfrmAH) {
		g.protos = append(g.protos, xfrm.AH)
	}
	if has(t, &xfrmComp) {
		g.protos = append(g.protos, xfrm.Comp)
	}
	made := map[uint32]*xfrm.State{}
	for range 150 {
		s := g.state()
		if err := h.XfrmStateAdd(ctx, &s); err != nil {
			t.Fatalf("%v %+v: %v", &s, s, err)
		}
		made[s.SPI] = &s
	}
	list := func() []xfrm.State {
		l, err := h.XfrmStateList(ctx, nil)
		must(t, err)
		for i := range l {
			l[i].Current, l[i].LastUsed = xfrm.Usage{}, 0
		}
		slices.SortFunc(l, func(a, b xfrm.State) int { return cmp.Compare(a.SPI, b.SPI) })
		return l
	}
	before, shown := list(), xfrmShown(t, ns, "state")
	if len(before) != len(made) {
		t.Fatalf("made %d, listed %d", len(made), len(before))
	}
	for i := range before {
		kept(t, made[before[i].SPI], &before[i], "sel", "limit", "auth") // it reads as auth_trunc
		if d := xfrmDiff(made[before[i].SPI].Limit, before[i].Limit); d != "" {
			t.Errorf("limits, -said +read:\n%s", d)
		}
	}
	for i := range before {
		must(t, h.XfrmStateDel(ctx, &before[i]))
	}
	if left := list(); len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	for i := range before {
		s := &before[i]
		if i%2 == 1 {
			s = byKey(t, s, &xfrm.State{})
		}
		if err := h.XfrmStateAdd(ctx, s); err != nil {
			t.Fatalf("%v %+v: %v", s, *s, err)
		}
	}
	if d := xfrmDiff(before, list()); d != "" {
		t.Error("after del and add, -before +after:\n", d)
	}
	if d := diff(shown, xfrmShown(t, ns, "state")); d != "" {
		t.Error("ip xfrm state, -before +after:\n", d)
	}
}

// Random policies, as TestXfrmStateRandom.
func TestXfrmPolicyRandom(t *testing.T) {
	ctx := t.Context()
	h, ns := newHandle(t)
	g := &xfrmMaker{Rand: rand.New(rand.NewPCG(9, 10))}
	made := map[uint32]*xfrm.Policy{}
	for range 200 {
		p := g.policy()
		if err := h.XfrmPolicyAdd(ctx, &p); err != nil {
			t.Fatalf("%v %+v: %v", &p, p, err)
		}
		made[p.IfID] = &p
	}
	list := func() []xfrm.Policy {
		l, err := h.XfrmPolicyList(ctx, nil)
		must(t, err)
		for i := range l {
			l[i].Current, l[i].LastUsed = xfrm.Usage{}, 0
		}
		slices.SortFunc(l, func(a, b xfrm.Policy) int { return cmp.Compare(a.IfID, b.IfID) })
		return l
	}
	before, shown := list(), xfrmShown(t, ns, "policy")
	if len(before) != len(made) {
		t.Fatalf("made %d, listed %d", len(made), len(before))
	}
	for i := range before {
		kept(t, made[before[i].IfID], &before[i], "limit", "tmpl", "dev")
		if d := xfrmDiff(made[before[i].IfID].Limit, before[i].Limit); d != "" {
			t.Errorf("limits, -said +read:\n%s", d)
		}
	}
	for i := range before {
		must(t, h.XfrmPolicyDel(ctx, &before[i]))
	}
	if left := list(); len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	for i := range before {
		p := &before[i]
		if i%2 == 1 {
			p = byKey(t, p, &xfrm.Policy{})
		}
		if err := h.XfrmPolicyAdd(ctx, p); err != nil {
			t.Fatalf("%v %+v: %v", p, *p, err)
		}
	}
	if d := xfrmDiff(before, list()); d != "" {
		t.Error("after del and add, -before +after:\n", d)
	}
	if d := diff(shown, xfrmShown(t, ns, "policy")); d != "" {
		t.Error("ip xfrm policy, -before +after:\n", d)
	}
}

// xfrmShown is what ip shows with all limits, an object an element, sorted;
// without the times of additions.
func xfrmShown(t *testing.T, ns *netns.NS, what string) []string {
	t.Helper()
	var l []string
	for line := range strings.Lines(nstest.IP(t, ns, "-s", "xfrm", what, "list")) {
		switch {
		case !strings.HasPrefix(line, "\t"):
			l = append(l, line)
		case strings.Contains(line, "add 20"):
		default:
			l[len(l)-1] += line
		}
	}
	slices.Sort(l)
	return l
}

// Each state is made by ip in one namespace and by us in another: ip shows the
// same of both, and so do we.
func TestXfrmStateLikeIP(t *testing.T) {
	nstest.ESP.Need(t)
	const key = "0x000102030405060708090a0b0c0d0e0f"
	for _, tt := range []struct {
		name, ip string
		say      map[string]string
	}{
		{"aead", "spi 0x301 mode tunnel reqid 7 aead rfc4106(gcm(aes)) " + key + "10111213 128", map[string]string{
			"spi": "0x301", "mode": "tunnel", "reqid": "7", "aead": "rfc4106(gcm(aes))|" + key + "10111213|128"}},
		{"cipher and hash", "spi 0x302 enc cbc(aes) " + key + " auth-trunc hmac(sha256) " + key + " 96", map[string]string{
			"spi": "0x302", "enc": "cbc(aes)|" + key, "auth_trunc": "hmac(sha256)|" + key + "|96"}},
		{"encap", "spi 0x303 encap espinudp 4500 4501 10.9.0.1 enc cbc(aes) " + key + " auth hmac(sha256) " + key, map[string]string{
			"spi": "0x303", "encap": "espinudp|4500|4501|10.9.0.1", "enc": "cbc(aes)|" + key, "auth": "hmac(sha256)|" + key}},
		{"numbers and flags", "spi 0x304 mode tunnel mark 0x64 mask 0xff replay-window 16 replay-seq 5 replay-oseq 6 " +
			"flag noecn decap-dscp nopmtudisc wildrecv icmp af-unspec align4 extra-flag dont-encap-dscp " +
			"output-mark 0x5 mask 0xf if_id 0x42 tfcpad 99 enc cbc(aes) " + key + " auth hmac(sha256) " + key, map[string]string{
			"spi": "0x304", "mode": "tunnel", "mark": "0x64/0xff", "replay_window": "16", "replay_seq": "5", "replay_oseq": "6",
			"noecn": "on", "decap_dscp": "on", "nopmtudisc": "on", "wildrecv": "on", "icmp": "on", "af_unspec": "on", "align4": "on",
			"dont_encap_dscp": "on", "output_mark": "0x5/0xf", "if_id": "0x42", "tfcpad": "99", "enc": "cbc(aes)|" + key, "auth": "hmac(sha256)|" + key}},
		{"esn", "spi 0x305 mode tunnel flag esn replay-window 40 replay-seq 5 replay-seq-hi 1 replay-oseq 6 replay-oseq-hi 2 " +
			"enc cbc(aes) " + key + " auth hmac(sha256) " + key, map[string]string{
			"spi": "0x305", "mode": "tunnel", "esn": "on", "replay_window": "40", "replay_seq": "5", "replay_seq_hi": "1",
			"replay_oseq": "6", "replay_oseq_hi": "2", "enc": "cbc(aes)|" + key, "auth": "hmac(sha256)|" + key}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			theirs, theirNS := newHandle(t)
			ours, ourNS := newHandle(t)
			nstest.IP(t, theirNS, strings.Fields("xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp "+tt.ip)...)
			s := &xfrm.State{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), Proto: xfrm.ESP}
			for k, v := range tt.say {
				must(t, nlcore.SetField(nil, s, k, wordOrList(v)))
			}
			must(t, ours.XfrmStateAdd(t.Context(), s))
			if d := diff(xfrmShown(t, theirNS, "state"), xfrmShown(t, ourNS, "state")); d != "" {
				t.Error("ip shows, -made by ip +made by us:\n", d)
			}
			var got [2][]xfrm.State
			for i, h := range []*nlcore.Handle{theirs, ours} {
				l, err := h.XfrmStateList(t.Context(), nil)
				must(t, err)
				for j := range l {
					l[j].Current = xfrm.Usage{}
				}
				got[i] = l
			}
			if d := xfrmDiff(got[0], got[1]); d != "" || len(got[0]) != 1 {
				t.Errorf("%d read, -made by ip +made by us:\n%s", len(got[0]), d)
			}
			kept(t, s, &got[0][0], "auth")
		})
	}
}

// wordOrList is a word, or where it has bars a list.
func wordOrList(s string) attr.Value {
	if s == "on" {
		return attr.BoolOf(true)
	}
	parts := strings.Split(s, "|")
	if len(parts) == 1 {
		return attr.StringOf(s)
	}
	l := make([]attr.Value, len(parts))
	for i, p := range parts {
		l[i] = attr.StringOf(p)
	}
	return attr.ListOf(l)
}
