package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

const vethKind = "veth"

// Veth is one end of a pair of links that are joined like by a cable.
type Veth struct {
	LinkAttrs
	// Peer is the other end, given at creation only. Without a Netns it stays
	// where the request is made. The kernel does not say it back: an end's
	// Link and Netnsid refer to the other.
	Peer *LinkAttrs
}

var vethTable = attr.Table[Veth]{Name: vethKind, Rows: func(v *Veth, d *attr.Def) {
	d.Attr(uapi.VETH_INFO_PEER, "peer", attr.Bind(&v.Peer, peerCodec{})).In(attr.Create)
}}

// Kind is "veth".
func (*Veth) Kind() string         { return vethKind }
func (v *Veth) data() attr.View    { return vethTable.View(v) }
func (v *Veth) peer() *LinkAttrs   { return v.Peer }
func (v *Veth) Views() []attr.View { return linkViews(v) }

// Append writes the message's body.
func (v *Veth) Append(e *attr.Env, verb val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, verb, b, v)
}

// peerCodec is a whole link message inside the other one. The kernel refuses
// a peer that is created up (veth_newlink: ENOTCONN) and ignores its master,
// so these are steps of their own.
type peerCodec struct{}

func (peerCodec) Decode(*attr.Env, **LinkAttrs, []byte) error { return nil }

func (peerCodec) Append(e *attr.Env, b []byte, p **LinkAttrs) ([]byte, error) {
	peer := **p
	peer.Up, peer.Master = val.Opt[bool]{}, val.LinkRef{}
	return linkTable.Append(e, b, &peer)
}

func (peerCodec) Has(p **LinkAttrs) bool { return *p != nil }

func (peerCodec) Set(e *attr.Env, p **LinkAttrs, v attr.Value) error {
	peer := new(LinkAttrs)
	if err := attr.SetTable(e, v, linkTable.View(peer)); err != nil {
		return err
	}
	*p = peer
	return nil
}

func (peerCodec) Get(e *attr.Env, p **LinkAttrs) attr.Value { return linkTable.Value(e, *p) }
func (peerCodec) Width() int                                { return 0 }
func (peerCodec) Kind() string                              { return "table" }

// Sub is the schema of the peer's fields, for help and completion.
func (peerCodec) Sub() *attr.Schema { return linkTable.Schema() }
