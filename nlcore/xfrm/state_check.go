package xfrm

import (
	"fmt"

	"nlsh/nlcore/attr"
)

// checkID refuses what cannot say which state is meant.
func (s *State) checkID() error {
	switch {
	case !s.Dst.IsValid():
		return &attr.FieldError{Field: "dst", Msg: "is required"}
	case s.Src.IsValid() && familyOf(s.Src) != familyOf(s.Dst):
		return &attr.FieldError{Field: "src", Msg: fmt.Sprintf("wants an %v address as dst is, got %v", familyOf(s.Dst), s.Src)}
	case s.Family.Or(familyOf(s.Dst)) != familyOf(s.Dst):
		return &attr.FieldError{Field: "family", Msg: fmt.Sprintf("is %v, but dst is %v", s.Family, s.Dst)}
	case s.Proto == 0:
		return &attr.FieldError{Field: "proto", Msg: "is required: esp, ah, comp, route2 or hao"}
	}
	return nil
}

// check refuses what no kernel takes; xfrm's own refusals say little.
func (s *State) check() error {
	for _, err := range []error{
		s.checkID(), s.checkSPI(), s.Enc.checkCipher(), s.Auth.checkAuth(), s.AuthTrunc.check(), s.AEAD.check(),
		s.checkAlgos(), s.checkReplay(), s.checkParts(),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

const mostCPI = 1<<16 - 1 // of compression, whose index has 16 bits

func (s *State) checkSPI() error {
	switch s.Proto {
	case ESP, AH, Comp:
		if s.SPI == 0 {
			return &attr.FieldError{Field: "spi", Msg: "is required: a number from 1"}
		}
		if s.Proto == Comp && s.SPI > mostCPI {
			return &attr.FieldError{Field: "spi", Msg: fmt.Sprintf("wants a number from 1 to %d for comp, got %#x", mostCPI, s.SPI)}
		}
	}
	return nil
}

// checkAlgos holds the algorithms against the protocol.
func (s *State) checkAlgos() error {
	authenticates := s.Auth.Name != "" || s.AuthTrunc.Name != ""
	refused := func(field, why string) error { return &attr.FieldError{Field: field, Msg: why} }
	switch {
	case s.Auth.Name != "" && s.AuthTrunc.Name != "":
		return refused("auth_trunc", "and auth are one thing: say one of them")
	case s.AEAD.Name != "" && (authenticates || s.Enc.Name != ""):
		return refused("aead", "encrypts and authenticates: there is no enc, auth or auth_trunc beside it")
	case s.Proto == ESP && s.AEAD.Name == "" && s.Enc.Name == "" && !authenticates:
		return refused("enc", "or aead is required for esp")
	case s.Proto == AH && !authenticates:
		return refused("auth", "or auth_trunc is required for ah")
	case s.Proto == AH && (s.Enc.Name != "" || s.AEAD.Name != ""):
		return refused("enc", "and aead are not for ah, which does not encrypt")
	case s.Proto == Comp && s.Comp.Name == "":
		return refused("comp", "is required for comp: deflate, lzs or lzjh")
	case s.Proto != Comp && s.Comp.Name != "":
		return refused("comp", fmt.Sprintf("is not for %v", s.Proto))
	case s.Encap.Type != 0 && s.Proto != ESP:
		return refused("encap", fmt.Sprintf("is for esp, not for %v", s.Proto))
	}
	return nil
}

func (s *State) checkReplay() error {
	switch {
	case s.ESN.Or(false) && s.ReplayWindow.IsZero():
		return &attr.FieldError{Field: "replay_window", Msg: "is required with esn"}
	case !s.wide() && s.ReplaySeqHi.Or(0) != 0:
		return &attr.FieldError{Field: "replay_seq_hi", Msg: "needs esn"}
	case !s.wide() && s.ReplayOseqHi.Or(0) != 0:
		return &attr.FieldError{Field: "replay_oseq_hi", Msg: "needs esn"}
	}
	return nil
}

// checkParts holds the parts with addresses or links of their own.
func (s *State) checkParts() error {
	f := familyOf(s.Dst)
	switch {
	case s.Encap.OA.IsValid() && familyOf(s.Encap.OA) != f:
		return &attr.FieldError{Field: "encap.oa", Msg: fmt.Sprintf("wants an %v address as dst is, got %v", f, s.Encap.OA)}
	case s.Encap.Type == 0 && s.Encap != (Encap{}):
		return &attr.FieldError{Field: "encap.type", Msg: "is required: espinudp, espinudp-nonike or espintcp"}
	case s.CoA.IsValid() && familyOf(s.CoA) != f:
		return &attr.FieldError{Field: "coa", Msg: fmt.Sprintf("wants an %v address as dst is, got %v", f, s.CoA)}
	case s.Offload != (Offload{}) && s.Offload.Dev.IsZero():
		return &attr.FieldError{Field: "offload.dev", Msg: "is required"}
	case s.Offload != (Offload{}) && s.Offload.Dir == 0:
		return &attr.FieldError{Field: "offload.dir", Msg: "is required: in or out"}
	}
	return nil
}
