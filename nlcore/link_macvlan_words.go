package nlcore

import (
	"fmt"
	"net"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// MacvlanMode says with which links of the same lower one a macvlan can talk.
type MacvlanMode uint32

var macvlanModes = attr.NewEnum("mode").
	With(uapi.MACVLAN_MODE_PRIVATE, "private").With(uapi.MACVLAN_MODE_VEPA, "vepa").
	With(uapi.MACVLAN_MODE_BRIDGE, "bridge").With(uapi.MACVLAN_MODE_PASSTHRU, "passthru").
	With(uapi.MACVLAN_MODE_SOURCE, "source")

// String is the mode's word.
func (m MacvlanMode) String() string { return macvlanModes.Text(uint64(m)) }

// MACAddrMode is what a change does with the sources of a macvlan.
type MACAddrMode uint32

var macaddrModes = attr.NewEnum("macaddr_mode", "add", "del", "flush", "set")

// String is the mode's word.
func (m MACAddrMode) String() string { return macaddrModes.Text(uint64(m)) }

// appendMACAddrs writes the sources: one to add or take away, or all of them.
func appendMACAddrs(e *attr.Env, m *Macvlan, b []byte) ([]byte, error) {
	if e.Mode&attr.Write == 0 || len(m.MACAddr) == 0 && m.MACAddrMode.IsZero() {
		return b, nil
	}
	mode := m.MACAddrMode.Or(uapi.MACVLAN_MACADDR_SET)
	b = attr.AppendU32(b, uapi.IFLA_MACVLAN_MACADDR_MODE, uint32(mode))
	id := uint16(uapi.IFLA_MACVLAN_MACADDR_DATA | uapi.NLA_F_NESTED)
	switch {
	case mode == uapi.MACVLAN_MACADDR_ADD || mode == uapi.MACVLAN_MACADDR_DEL:
		if len(m.MACAddr) != 1 {
			return b, &attr.FieldError{Field: "macaddr", Msg: fmt.Sprintf("wants one address to %v, got %d", mode, len(m.MACAddr))}
		}
		return appendMACs(b, m.MACAddr)
	case mode == uapi.MACVLAN_MACADDR_FLUSH:
		if len(m.MACAddr) != 0 {
			return b, &attr.FieldError{Field: "macaddr", Msg: "is not for macaddr_mode flush"}
		}
		return b, nil
	}
	b, start := attr.Open(b, id)
	b, err := appendMACs(b, m.MACAddr)
	if err != nil {
		return b, err
	}
	return attr.Close(b, start)
}

// appendMACs writes addresses, each in an attribute.
func appendMACs(b []byte, l []net.HardwareAddr) ([]byte, error) {
	for i, a := range l {
		if len(a) != 6 {
			return b, &attr.FieldError{Field: fmt.Sprintf("macaddr[%d]", i+1), Msg: fmt.Sprintf("wants an Ethernet address, got %v", a)}
		}
		var start int
		b, start = attr.Open(b, uapi.IFLA_MACVLAN_MACADDR)
		var err error
		if b, err = attr.Close(append(b, a...), start); err != nil {
			return b, err
		}
	}
	return b, nil
}

// macsCodec is a list of Ethernet addresses.
type macsCodec struct{}

func (macsCodec) Decode(_ *attr.Env, p *[]net.HardwareAddr, b []byte) error {
	*p = nil
	for len(b) > 0 {
		t, rest, err := attr.Next(b)
		if err != nil {
			return err
		}
		if t.ID == uapi.IFLA_MACVLAN_MACADDR {
			*p = append(*p, append(net.HardwareAddr(nil), t.Data...))
		}
		b = rest
	}
	return nil
}
func (macsCodec) Append(_ *attr.Env, b []byte, p *[]net.HardwareAddr) ([]byte, error) {
	return appendMACs(b, *p)
}
func (macsCodec) Has(p *[]net.HardwareAddr) bool { return len(*p) > 0 }
func (macsCodec) Set(_ *attr.Env, p *[]net.HardwareAddr, v attr.Value) error {
	l := v.List()
	if v.Kind() != attr.KindList {
		l = []attr.Value{v} // a single value is a list of one
	}
	out := make([]net.HardwareAddr, len(l))
	for i, x := range l {
		a, err := net.ParseMAC(x.String())
		if err != nil || len(a) != 6 {
			return &attr.FieldError{
				Field: fmt.Sprintf("[%d]", i+1),
				Msg:   fmt.Sprintf(`wants a link-layer address like "02:00:00:00:00:01", got %q`, x.String()),
			}
		}
		out[i] = a
	}
	*p = out
	return nil
}
func (macsCodec) Get(_ *attr.Env, p *[]net.HardwareAddr) attr.Value {
	l := make([]attr.Value, len(*p))
	for i, a := range *p {
		l[i] = attr.StringOf(a.String())
	}
	return attr.ListOf(l)
}
func (macsCodec) Width() int   { return 0 }
func (macsCodec) Kind() string { return "list of addresses" }
func (macsCodec) List() bool   { return true }

// macvlanFlagsCodec is both flags in one number.
type macvlanFlagsCodec struct{}

func (macvlanFlagsCodec) Decode(_ *attr.Env, p *MacvlanFlags, b []byte) error {
	if len(b) < 2 {
		return fmt.Errorf("has %d bytes, the flags have 2", len(b))
	}
	n := ne.Uint16(b)
	p.NoPromisc.Set(n&uapi.MACVLAN_FLAG_NOPROMISC != 0)
	p.NoDst.Set(n&uapi.MACVLAN_FLAG_NODST != 0)
	return nil
}
func (c macvlanFlagsCodec) Append(_ *attr.Env, b []byte, p *MacvlanFlags) ([]byte, error) {
	return ne.AppendUint16(b, p.bits()), nil
}
func (p *MacvlanFlags) bits() (n uint16) {
	if p.NoPromisc.Or(false) {
		n |= uapi.MACVLAN_FLAG_NOPROMISC
	}
	if p.NoDst.Or(false) {
		n |= uapi.MACVLAN_FLAG_NODST
	}
	return n
}
func (macvlanFlagsCodec) Has(p *MacvlanFlags) bool {
	return !p.NoPromisc.IsZero() || !p.NoDst.IsZero()
}
func (macvlanFlagsCodec) Set(*attr.Env, *MacvlanFlags, attr.Value) error { return attr.ErrReadOnly }
func (macvlanFlagsCodec) Get(_ *attr.Env, p *MacvlanFlags) attr.Value {
	return attr.UintOf(uint64(p.bits()))
}
func (macvlanFlagsCodec) Width() int   { return 2 }
func (macvlanFlagsCodec) Kind() string { return "u16" }
