package xfrm

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

var stateTable = attr.Table[State]{Name: StateClass, Rows: func(s *State, d *attr.Def) {
	h := d.Header(uapi.SizeofXfrmUsersaInfo)
	h.At(80, "src", attr.Bind(&s.Src, address{}))
	h.At(56, "dst", attr.Bind(&s.Dst, address{}))
	h.At(76, "proto", attr.PlainEnum8(&s.Proto, stateProtos))
	h.At(72, "spi", attr.Bind(&s.SPI, spiCodec{}))
	h.At(214, "mode", attr.Enum8(&s.Mode, modes))
	h.At(208, "reqid", attr.Plain32(&s.ReqID))
	h.At(204, "seq", attr.Plain32(&s.Seq))
	stateFlagRows(s, d, h)
	h.At(0, "sel", attr.Record(&s.Sel, &selectorTable, uapi.SizeofXfrmSelector))
	h.At(96, "limit", attr.Record(&s.Limit, &limitsTable, uapi.SizeofXfrmLifetimeCfg))
	h.Member(160, "current", attr.Record(&s.Current, &usageTable, uapi.SizeofXfrmLifetimeCur)).In(0)
	h.Member(192, "", attr.Record(&s.Stats, &statsTable, uapi.SizeofXfrmStats)).In(0)
	algoRows(s, d)
	replayRows(s, d)
	d.Attr(uapi.XFRMA_ENCAP, "encap", attr.Record(&s.Encap, &encapTable, uapi.SizeofXfrmEncapTmpl))
	d.Attr(uapi.XFRMA_MARK, "mark", attr.Bind(&s.Mark, markCodec{}))
	d.Attr(uapi.XFRMA_COADDR, "coa", attr.Bind(&s.CoA, address{}))
	mark, mask := attr.MaskedPair(&s.OutputMark, &outputMark)
	d.Attr(uapi.XFRMA_SET_MARK, "output_mark", mark).Since("4.14")
	d.Attr(uapi.XFRMA_SET_MARK_MASK, "output_mark_mask", mask).Hide().Since("4.19")
	d.Attr(uapi.XFRMA_IF_ID, "if_id", attr.Plain32(&s.IfID)).Since("4.19")
	d.Attr(uapi.XFRMA_TFCPAD, "tfcpad", attr.Plain32(&s.TFCPad))
	d.Attr(uapi.XFRMA_OFFLOAD_DEV, "offload", attr.Record(&s.Offload, &offloadTable, uapi.SizeofXfrmUserOffload)).Since("4.12")
	d.Attr(uapi.XFRMA_SA_DIR, "dir", attr.PlainEnum8(&s.Dir, saDirs).Range(1, 2)).Since("6.10")
	d.Attr(uapi.XFRMA_NAT_KEEPALIVE_INTERVAL, "nat_keepalive_interval", attr.Plain32(&s.NATKeepalive).Unit(attr.Seconds)).Since("6.11")
	d.Attr(uapi.XFRMA_SA_PCPU, "pcpu_num", attr.Uint32(&s.PCPU)).Since("6.13")
	d.Attr(uapi.XFRMA_LASTUSED, "last_used", attr.Plain64(&s.LastUsed)).In(0)
	d.Local("family", attr.Enum16(&s.Family, families))
	d.Derived("flags", attr.Bind(s, stateFlags{}))
	d.Derived("stats", attr.Bind(s, stateStats{}))
	d.Skip(uapi.XFRMA_PAD)
	d.Extra(&s.Extra)
	attr.Hook(d, attr.Hooks[State]{Read: readState, Write: writeState, Done: finishState})
}}

func stateFlagRows(s *State, d *attr.Def, h *attr.Layout) {
	h.Bits8(216,
		attr.Bit(uapi.XFRM_STATE_NOECN, "noecn", &s.NoECN),
		attr.Bit(uapi.XFRM_STATE_DECAP_DSCP, "decap_dscp", &s.DecapDSCP),
		attr.Bit(uapi.XFRM_STATE_NOPMTUDISC, "nopmtudisc", &s.NoPMTUDisc),
		attr.Bit(uapi.XFRM_STATE_WILDRECV, "wildrecv", &s.WildRecv),
		attr.Bit(uapi.XFRM_STATE_ICMP, "icmp", &s.ICMP),
		attr.Bit(uapi.XFRM_STATE_AF_UNSPEC, "af_unspec", &s.AFUnspec),
		attr.Bit(uapi.XFRM_STATE_ALIGN4, "align4", &s.Align4),
		attr.Bit(uapi.XFRM_STATE_ESN, "esn", &s.ESN),
	)
	d.Struct(uapi.XFRMA_SA_EXTRA_FLAGS, "extra_flags", 4).Bits(0, -1,
		attr.Bit(uapi.XFRM_SA_XFLAG_DONT_ENCAP_DSCP, "dont_encap_dscp", &s.DontEncapDSCP),
		attr.Bit(uapi.XFRM_SA_XFLAG_OSEQ_MAY_WRAP, "oseq_may_wrap", &s.OseqMayWrap),
	)
}

func algoRows(s *State, d *attr.Def) {
	d.Attr(uapi.XFRMA_ALG_AEAD, "aead", attr.Record(&s.AEAD, &aeadTable, 0))
	d.Attr(uapi.XFRMA_ALG_CRYPT, "enc", attr.Record(&s.Enc, &algoTable, 0))
	d.Attr(uapi.XFRMA_ALG_AUTH, "auth", attr.Record(&s.Auth, &algoTable, 0))
	d.Attr(uapi.XFRMA_ALG_AUTH_TRUNC, "auth_trunc", attr.Record(&s.AuthTrunc, &authTruncTable, 0))
	d.Attr(uapi.XFRMA_ALG_COMP, "comp", attr.Record(&s.Comp, &compTable, 0))
}

// narrowWindow is the largest replay window that fits the old form.
const narrowWindow = 32

// wide says that the replay state needs its long form.
func (s *State) wide() bool { return s.ESN.Or(false) || s.ReplayWindow.Or(0) > narrowWindow }

// replayRows are the two forms of the replay state, of which one is sent and
// one comes back.
func replayRows(s *State, d *attr.Def) {
	esn := d.Struct(uapi.XFRMA_REPLAY_ESN_VAL, "replay_esn", uapi.SizeofXfrmReplayEsn)
	esn.At(20, "replay_window", attr.Uint32(&s.ReplayWindow).Range(0, 32*uapi.XFRMA_REPLAY_ESN_MAX/4))
	esn.At(8, "replay_seq", attr.Uint32(&s.ReplaySeq))
	esn.At(4, "replay_oseq", attr.Uint32(&s.ReplayOseq))
	esn.At(16, "replay_seq_hi", attr.Uint32(&s.ReplaySeqHi))
	esn.At(12, "replay_oseq_hi", attr.Uint32(&s.ReplayOseqHi))
	esn.At(0, "", attr.Bind(&s.ReplayWindow, bitmapLen{}))
	attr.When(esn.Row, (*State).wide)
	narrow := d.Struct(uapi.XFRMA_REPLAY_VAL, "replay_val", uapi.SizeofXfrmReplay)
	narrow.At(0, "", attr.Uint32(&s.ReplayOseq))
	narrow.At(4, "", attr.Uint32(&s.ReplaySeq))
	attr.When(narrow.Row, func(s *State) bool { return !s.wide() })
}

// bitmapLen is how many words the window's bitmap has; the kernel makes the
// bitmap itself.
type bitmapLen struct{}

func (bitmapLen) Decode(*attr.Env, *val.Opt[uint32], []byte) error { return nil }
func (bitmapLen) Append(_ *attr.Env, b []byte, p *val.Opt[uint32]) ([]byte, error) {
	return ne.AppendUint32(b, (p.Or(0)+31)/32), nil
}
func (bitmapLen) Has(p *val.Opt[uint32]) bool                       { return !p.IsZero() }
func (bitmapLen) Set(*attr.Env, *val.Opt[uint32], attr.Value) error { return attr.ErrReadOnly }
func (bitmapLen) Get(_ *attr.Env, p *val.Opt[uint32]) attr.Value    { return attr.UintOf(uint64(p.Or(0))) }
func (bitmapLen) Width() int                                        { return 4 }
func (bitmapLen) Kind() string                                      { return "u32" }

func readState(_ *attr.Env, s *State, b []byte) error {
	f := Family(ne.Uint16(b[212:]))
	s.Family.Set(f)
	s.Src, s.Dst = ofFamily(s.Src, f), ofFamily(s.Dst, f)
	s.ReplayWindow.Set(uint32(b[215]))
	return nil
}

// finishState puts right what came before its family was known, and keeps one
// of the two forms in which the kernel says the authentication.
func finishState(_ *attr.Env, s *State) error {
	f := s.Family.Or(0)
	s.CoA, s.Encap.OA = ofFamily(s.CoA, f), ofFamily(s.Encap.OA, f)
	if s.AuthTrunc.Name != "" {
		s.Auth = Algo{}
	}
	return nil
}

func writeState(_ *attr.Env, s *State, b []byte) error {
	ne.PutUint16(b[212:], uint16(familyOf(s.Dst))) // the kernel gives it to a selector that has none
	if !s.wide() {
		b[215] = byte(s.ReplayWindow.Or(0))
	}
	writeLimits(b[96:])
	return nil
}
