package xfrm_test

import (
	"net/netip"
	"testing"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
	"nlsh/nlcore/xfrm"
)

// What a change refuses before the kernel is asked: the field, and what is
// wanted.
func TestStateRefused(t *testing.T) {
	key := func(n int) []byte { return make([]byte, n) }
	aes := xfrm.Algo{Name: "cbc(aes)", Key: key(16)}
	for _, c := range []struct {
		name string
		mend func(*xfrm.State)
		want string
	}{
		{"fine", func(*xfrm.State) {}, ""},
		{"no dst", func(s *xfrm.State) { s.Dst = netip.Addr{} }, "dst is required"},
		{"two families", func(s *xfrm.State) { s.Src = netip.MustParseAddr("fd00::1") }, "src wants an inet address as dst is, got fd00::1"},
		{"no proto", func(s *xfrm.State) { s.Proto = 0 }, "proto is required: esp, ah, comp, route2 or hao"},
		{"no spi", func(s *xfrm.State) { s.SPI = 0 }, "spi is required: a number from 1"},
		{"wide cpi", func(s *xfrm.State) { s.Proto, s.SPI = xfrm.Comp, 65536 }, "spi wants a number from 1 to 65535 for comp, got 0x10000"},
		{"key", func(s *xfrm.State) { s.Enc.Key = key(17) }, "enc.key wants 16, 24 or 32 bytes for cbc(aes), got 17"},
		{"key range", func(s *xfrm.State) { s.Enc = xfrm.Algo{Name: "blowfish", Key: key(57)} }, "enc.key wants 4 to 56 bytes for blowfish, got 57"},
		{"unknown algorithm", func(s *xfrm.State) { s.Enc = xfrm.Algo{Name: "cbc(new)", Key: key(3)} }, ""},
		{"hmac of any key", func(s *xfrm.State) { s.Auth = xfrm.Algo{Name: "hmac(sha256)", Key: key(3)} }, ""},
		{"key without name", func(s *xfrm.State) { s.Enc.Name = "" }, `enc.name is required: an algorithm as in /proc/crypto, like "cbc(aes)"`},
		{"aead beside enc", func(s *xfrm.State) {
			s.AEAD = xfrm.AEAD{Name: "rfc4106(gcm(aes))", Key: key(20), ICVLen: 64}
		}, "aead encrypts and authenticates: there is no enc, auth or auth_trunc beside it"},
		{"ah that encrypts", func(s *xfrm.State) { s.Proto, s.Auth = xfrm.AH, xfrm.Algo{Name: "hmac(md5)"} }, "enc and aead are not for ah, which does not encrypt"},
		{"esn", func(s *xfrm.State) { s.ESN = val.On }, "replay_window is required with esn"},
		{"upper half", func(s *xfrm.State) { s.ReplaySeqHi = val.U32(1) }, "replay_seq_hi needs esn"},
		{"encapsulation of the other family", func(s *xfrm.State) {
			s.Encap = xfrm.Encap{Type: xfrm.ESPinUDP, OA: netip.MustParseAddr("fd00::1")}
		}, "encap.oa wants an inet address as dst is, got fd00::1"},
		{"offload", func(s *xfrm.State) { s.Offload.Dir = xfrm.SAIn }, "offload.dev is required"},
	} {
		s := &xfrm.State{Dst: netip.MustParseAddr("10.0.0.2"), Proto: xfrm.ESP, SPI: 1, Enc: aes}
		c.mend(s)
		got := ""
		if _, err := s.Append(&attr.Env{Mode: attr.Create}, val.Add, nil); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzDecode: no bytes make a decoder panic.
func FuzzDecode(f *testing.F) {
	f.Add(make([]byte, 224))
	f.Add(append(make([]byte, 168), 8, 0, 5, 0, 1, 2, 3, 4))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_ = (&xfrm.State{}).Decode(&attr.Env{}, b)
		_ = (&xfrm.Policy{}).Decode(&attr.Env{}, b)
	})
}
