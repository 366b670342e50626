package nlcore

import (
	"net"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

const macvlanKind = "macvlan"

// Macvlan is a link with an address of its own on the link that Link names.
type Macvlan struct {
	LinkAttrs
	// Mode says with which links of the same lower one it can talk: private,
	// vepa, the default, bridge, passthru, source.
	Mode val.Opt[MacvlanMode]
	MacvlanFlags
	// MACAddrMode is what a change does with MACAddr: set, the default, flush,
	// and for one address add, del.
	MACAddrMode val.Opt[MACAddrMode]
	// MACAddr are the sources that mode source lets in.
	MACAddr []net.HardwareAddr
	// BCQueueLen is how many multicast and broadcast packets may wait, 1000 by default.
	BCQueueLen val.Opt[uint32]
	// BCLim is from how many links on multicast is queued, 1 by default; below 0 none is.
	BCLim val.Opt[int32]

	// MACAddrCount is how many sources there are; read only.
	MACAddrCount val.Opt[uint32]
	// UsedBCQueueLen is the queue's length, the longest that a link on the
	// same lower one wants; read only.
	UsedBCQueueLen val.Opt[uint32]
}

// MacvlanFlags lie in one number: what a change does not name is read first.
type MacvlanFlags struct {
	// NoPromisc leaves the lower link as it is in mode passthru, not promiscuous.
	NoPromisc val.Opt[bool]
	// NoDst lets mode source heed only the source, for any destination.
	NoDst val.Opt[bool]
}

// Kind is "macvlan".
func (*Macvlan) Kind() string         { return macvlanKind }
func (m *Macvlan) data() attr.View    { return macvlanTable.View(m) }
func (m *Macvlan) Views() []attr.View { return linkViews(m) }

// Append writes the message's body.
func (m *Macvlan) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, v, b, m)
}

// partly says that the link must be read before a change: one flag alone.
func (m *Macvlan) partly() bool { return m.NoPromisc.IsZero() != m.NoDst.IsZero() }

// whole is the link with the flag that it does not say as it is.
func (m *Macvlan) whole(prior Link) Link {
	same := *m
	same.MacvlanFlags = m.MacvlanFlags.over(prior)
	return &same
}

// over are the flags, with those of prior where they say nothing.
func (f MacvlanFlags) over(prior Link) MacvlanFlags {
	var old MacvlanFlags
	switch p := prior.(type) {
	case *Macvlan:
		old = p.MacvlanFlags
	case *Macvtap:
		old = p.MacvlanFlags
	}
	if f.NoPromisc.IsZero() {
		f.NoPromisc = old.NoPromisc
	}
	if f.NoDst.IsZero() {
		f.NoDst = old.NoDst
	}
	return f
}

var macvlanTable = attr.Table[Macvlan]{Name: macvlanKind, Rows: func(m *Macvlan, d *attr.Def) {
	d.Attr(uapi.IFLA_MACVLAN_MODE, "mode", attr.Enum32(&m.Mode, macvlanModes))
	d.Attr(uapi.IFLA_MACVLAN_FLAGS, "flags", attr.Bind(&m.MacvlanFlags, macvlanFlagsCodec{})).Hide()
	d.Local("nopromisc", attr.Bool(&m.NoPromisc)).In(attr.Write)
	d.Local("nodst", attr.Bool(&m.NoDst)).In(attr.Write)
	// The tail writes the addresses: how depends on the mode, and a change
	// without one replaces them.
	attr.When(d.Attr(uapi.IFLA_MACVLAN_MACADDR_MODE, "macaddr_mode", attr.Enum32(&m.MACAddrMode, macaddrModes)), neverSent)
	attr.When(d.Attr(uapi.IFLA_MACVLAN_MACADDR_DATA, "macaddr", attr.Bind(&m.MACAddr, macsCodec{})), neverSent)
	d.Skip(uapi.IFLA_MACVLAN_MACADDR)
	d.Attr(uapi.IFLA_MACVLAN_MACADDR_COUNT, "macaddr_count", attr.Uint32(&m.MACAddrCount)).In(0)
	d.Attr(uapi.IFLA_MACVLAN_BC_QUEUE_LEN, "bcqueuelen", attr.Uint32(&m.BCQueueLen)).Since("5.11")
	d.Attr(uapi.IFLA_MACVLAN_BC_QUEUE_LEN_USED, "usedbcqueuelen", attr.Uint32(&m.UsedBCQueueLen)).In(0).Since("5.11")
	d.Attr(uapi.IFLA_MACVLAN_BC_CUTOFF, "bclim", attr.Signed32(&m.BCLim)).Since("6.4")
	attr.Hook(d, attr.Hooks[Macvlan]{Tail: appendMACAddrs})
}}

// neverSent is of rows that the table's tail sends.
func neverSent(*Macvlan) bool { return false }
