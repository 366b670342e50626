package nlcore

import (
	"encoding/binary"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// Operstate is RFC 2863's operational state.
type Operstate uint8

var operstates = attr.NewEnum("operstate", "unknown|UNKNOWN", "notpresent|NOTPRESENT", "down|DOWN",
	"lowerlayerdown|LOWERLAYERDOWN", "testing|TESTING", "dormant|DORMANT", "up|UP")

// String is the state's word.
func (s Operstate) String() string { return operstates.Text(uint64(s)) }

// LinkMode is what a link does when it comes up.
type LinkMode uint8

var linkModes = attr.NewEnum("mode", "default|DEFAULT", "dormant|DORMANT", "testing|TESTING")

// String is the mode's word.
func (m LinkMode) String() string { return linkModes.Text(uint64(m)) }

// AddrGenMode is how IPv6 makes a link-local address.
type AddrGenMode uint8

var addrGenModes = attr.NewEnum("addrgenmode", "eui64", "none", "stable_secret|stable_privacy", "random")

// String is the mode's word.
func (m AddrGenMode) String() string { return addrGenModes.Text(uint64(m)) }

// HardwareType is an ARP hardware type (if_arp.h).
type HardwareType uint16

var hardwareTypes = attr.NewEnum("link_type").
	With(uapi.ARPHRD_ETHER, "ether").With(uapi.ARPHRD_INFINIBAND, "infiniband").
	With(uapi.ARPHRD_PPP, "ppp").With(uapi.ARPHRD_CAN, "can").With(uapi.ARPHRD_TUNNEL, "ipip").
	With(uapi.ARPHRD_TUNNEL6, "tunnel6").With(uapi.ARPHRD_LOOPBACK, "loopback").
	With(uapi.ARPHRD_SIT, "sit").With(uapi.ARPHRD_IPGRE, "gre").With(uapi.ARPHRD_IP6GRE, "gre6").
	With(uapi.ARPHRD_NETLINK, "netlink").With(uapi.ARPHRD_NONE, "none").
	With(uapi.ARPHRD_RAWIP, "rawip").With(uapi.ARPHRD_VSOCKMON, "vsockmon")

// String is the type's word as iproute2 has it.
func (t HardwareType) String() string { return hardwareTypes.Text(uint64(t)) }

// LinkFlags are an interface's flags (if.h), of which only some can be set.
type LinkFlags uint32

var linkFlagWords = [...]struct {
	bit  LinkFlags
	word string
}{
	{uapi.IFF_LOOPBACK, "LOOPBACK"}, {uapi.IFF_BROADCAST, "BROADCAST"},
	{uapi.IFF_POINTOPOINT, "POINTOPOINT"}, {uapi.IFF_MULTICAST, "MULTICAST"},
	{uapi.IFF_NOARP, "NOARP"}, {uapi.IFF_ALLMULTI, "ALLMULTI"}, {uapi.IFF_PROMISC, "PROMISC"},
	{uapi.IFF_MASTER, "MASTER"}, {uapi.IFF_SLAVE, "SLAVE"}, {uapi.IFF_DEBUG, "DEBUG"},
	{uapi.IFF_DYNAMIC, "DYNAMIC"}, {uapi.IFF_AUTOMEDIA, "AUTOMEDIA"}, {uapi.IFF_PORTSEL, "PORTSEL"},
	{uapi.IFF_NOTRAILERS, "NOTRAILERS"}, {uapi.IFF_UP, "UP"}, {uapi.IFF_LOWER_UP, "LOWER_UP"},
	{uapi.IFF_DORMANT, "DORMANT"}, {uapi.IFF_ECHO, "ECHO"},
}

// Words lists the flags that are on, in iproute2's words and order.
func (f LinkFlags) Words() []string {
	var l []string
	for _, w := range linkFlagWords {
		if f&w.bit != 0 {
			l = append(l, w.word)
		}
	}
	return l
}

// flagsCodec reads all flags; they are set one by one, each by its own field.
type flagsCodec struct{}

func (flagsCodec) Decode(_ *attr.Env, p *LinkFlags, b []byte) error {
	*p = LinkFlags(binary.NativeEndian.Uint32(b))
	return nil
}
func (flagsCodec) Append(_ *attr.Env, b []byte, _ *LinkFlags) ([]byte, error) { return b, nil }
func (flagsCodec) Has(p *LinkFlags) bool                                      { return *p != 0 }
func (flagsCodec) Set(*attr.Env, *LinkFlags, attr.Value) error                { return attr.ErrReadOnly }
func (flagsCodec) Get(_ *attr.Env, p *LinkFlags) attr.Value {
	words := p.Words()
	l := make([]attr.Value, len(words))
	for i, w := range words {
		l[i] = attr.StringOf(w)
	}
	return attr.ListOf(l)
}
func (flagsCodec) Width() int   { return 4 }
func (flagsCodec) Kind() string { return "list of flags" }

// indexCodec is an interface index in the fixed header.
type indexCodec struct{}

func (indexCodec) Decode(*attr.Env, *int32, []byte) error                 { return nil }
func (indexCodec) Append(_ *attr.Env, b []byte, _ *int32) ([]byte, error) { return b, nil }
func (indexCodec) Has(p *int32) bool                                      { return *p != 0 }
func (indexCodec) Get(_ *attr.Env, p *int32) attr.Value                   { return attr.IntOf(int64(*p)) }
func (indexCodec) Width() int                                             { return 0 }
func (indexCodec) Kind() string                                           { return "index" }
func (indexCodec) Set(_ *attr.Env, p *int32, v attr.Value) error {
	r, err := attr.ToIndex(v)
	if err == nil {
		*p = r
	}
	return err
}
