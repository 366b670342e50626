package bindings

import (
	"fmt"
	"math"
	"math/big"
	"net"
	"net/netip"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func inetModule() *decl.Module {
	return &decl.Module{
		Name: "inet",
		Doc: "Addresses to calculate with: inet \"10.0.0.1/24\" can be given wherever an address can. It has ip, netmask and broadcast (strings), " +
			"prefixlen, size, family, network, first and last (the ends for hosts), loopback, multicast, link_local and private; " +
			":next(n), :prev(n), + and -, :contains(x), :overlaps(x); for a in x:hosts(), for n in x:subnets(26). " +
			"== and < compare two of them, tostring(x) with a string.",
		Since: since,
		Call:  inetNew,
		Funcs: []decl.Func{
			{
				Name: "new", Since: since, Run: inetNew, Plain: true,
				Doc: "An address with the length of its network; inet(x) is the same. Without a length it is a single address.",
				Example: `
local a = inet.new "10.0.0.1/24"
assert(a.ip == "10.0.0.1" and tostring(a.network) == "10.0.0.0/24" and a.size == 256)
assert(a.network:next() == a and a + 4 == inet "10.0.0.5/24")
assert(a:contains "10.0.0.77" and not a:contains "10.0.1.0/24")
addr.add(a, "lo")
for host in inet "10.0.0.0/30":hosts() do print(host.ip) end`,
				Returns: "the address",
				Params: []decl.Param{{Name: "text", Kind: decl.Any, Required: true, Pos: 1,
					Doc: "an address, with its length or netmask after a slash, or another inet"}},
			},
			{
				Name: "eui64", Since: since, Run: inetEUI64,
				Doc:     "The IPv6 address that an interface with this link-layer address makes in a network by itself (RFC 4291).",
				Example: `assert(inet.eui64("2001:db8::/64", "02:00:00:00:00:01").ip == "2001:db8::ff:fe00:1")`,
				Returns: "the address",
				Params: []decl.Param{
					{Name: "network", Kind: decl.Any, Required: true, Pos: 1, Doc: "an IPv6 network of length 64"},
					{Name: "mac", Kind: decl.String, Required: true, Pos: 2, Doc: "a link-layer address of 6 bytes"},
				},
			},
		},
	}
}

func inetNew(c *decl.Call) error {
	if c.N() != 1 {
		return &decl.Error{Op: "inet", Msg: fmt.Sprintf("takes one value, got %d", c.N())}
	}
	v, err := toInet(c.Arg(1))
	if err != nil {
		return &decl.Error{Op: "inet", Msg: err.Error()}
	}
	c.Return(newInet(c.L, c.Host, v))
	return nil
}

// toInet reads an inet or the text of one.
func toInet(v glua.LValue) (*inetValue, error) {
	switch x := v.(type) {
	case glua.LString:
		return parseInet(string(x))
	case *glua.LUserData:
		if n, ok := x.Value.(*inetValue); ok {
			return n, nil
		}
	}
	return nil, fmt.Errorf("%s, got a %v", inetWanted, v.Type())
}

func inetEUI64(c *decl.Call) error {
	v, err := toInet(anyArg(c, "network"))
	if err != nil {
		return c.Errorf("network %w", err)
	}
	if !v.p.Addr().Is6() || v.p.Bits() != 64 {
		return c.Errorf("network wants an IPv6 network of length 64, got %v", v)
	}
	text, _ := c.Args["mac"].(string)
	mac, err := net.ParseMAC(text)
	if err != nil || len(mac) != 6 {
		return c.Errorf(`mac wants a link-layer address like "02:00:00:00:00:01", got %q`, text)
	}
	b := v.p.Masked().Addr().As16()
	copy(b[8:], []byte{mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]})
	c.Return(newInet(c.L, c.Host, &inetValue{p: netip.PrefixFrom(netip.AddrFrom16(b), 64)}))
	return nil
}

// wholeNumber reads how far to go: a number or a bigint.
func wholeNumber(v glua.LValue) (*big.Int, error) {
	if n, ok := v.(glua.LNumber); ok && (float64(n) != math.Trunc(float64(n)) || math.Abs(float64(n)) > 1<<53) {
		return nil, fmt.Errorf("wants a whole number, got %v", n)
	}
	if _, ok := v.(glua.LString); ok {
		return nil, fmt.Errorf("wants a whole number, got a string")
	}
	return decl.ToBig(v)
}
