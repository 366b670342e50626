package nlcore_test

import (
	"fmt"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
)

// kindPrint is how iproute2 prints the options of a kind of link.
type kindPrint struct {
	keys      []ipKey
	unprinted map[string]string // keys without a member of their own, and why
	words     map[string]string // flags that ip lists as words under "flags"
}

func (k kindPrint) print(e *attr.Env, w attr.View) map[string]any {
	out := ipObject(e, w, k.keys)
	if k.words == nil {
		return out
	}
	var l []any
	for _, m := range w.Schema().Members(e) {
		if v, _ := w.Get(e, m.Key); k.words[m.Key] != "" && v.Bool() {
			l = append(l, k.words[m.Key])
		}
	}
	if l != nil {
		out["flags"] = l
	}
	return out
}

// kindKeys are the members of linkinfo.info_data, by kind.
var kindKeys = map[string]kindPrint{
	"vlan": {
		keys: []ipKey{
			{json: "protocol", key: "protocol"}, {json: "id", key: "id"},
			{json: "ingress_qos", key: "ingress_qos_map", as: mappings},
			{json: "egress_qos", key: "egress_qos_map", as: mappings},
		},
		words: map[string]string{
			"reorder_hdr": "REORDER_HDR", "gvrp": "GVRP", "loose_binding": "LOOSE_BINDING",
			"mvrp": "MVRP", "bridge_binding": "BRIDGE_BINDING",
		},
	},
	"vxlan": {keys: vxlanKeys, unprinted: map[string]string{
		"remcsum_nopartial": "not printed by iproute2 7.3; see TestVxlanAlone",
		"mcroute":           "the kernel does not say it back; tests/wire has its bytes",
	}},
	"macvlan": {keys: macvlanKeys, unprinted: macvlanUnprinted},
	"macvtap": {keys: macvlanKeys, unprinted: macvlanUnprinted},
	"tun": {keys: []ipKey{
		{json: "type", key: "mode"}, {json: "pi", key: "pi"}, {json: "vnet_hdr", key: "vnet_hdr"},
		{json: "multi_queue", key: "multi_queue"}, {json: "numqueues", key: "numqueues"},
		{json: "numdisabled", key: "numdisabled"}, {json: "persist", key: "persist"},
		{json: "user", key: "user", as: idOrName}, {json: "group", key: "group", as: idOrName},
	}},
}

var vxlanKeys = []ipKey{
	{json: "id", key: "id"},
	{json: "remote", key: "remote", as: only4}, {json: "remote6", key: "remote", as: only6},
	{json: "group", key: "group", as: only4}, {json: "group6", key: "group", as: only6},
	{json: "local", key: "local", as: only4}, {json: "local6", key: "local", as: only6},
	{json: "link", key: "dev"},
	{json: "port_range", key: "srcport", as: portRange},
	{json: "port", key: "dstport"},
	{json: "ttl", key: "ttl", as: unlessInherit},
	{json: "tos", key: "tos", as: hexUnlessZero},
	{json: "df", key: "df"},
	{json: "label", key: "flowlabel", as: hexUnlessInherit},
	{json: "ageing", key: "ageing"},
	{json: "limit", key: "maxaddress", as: notZero},
	{json: "reserved_bits", key: "reserved_bits", as: zeroPlain},
	{json: "gbp", key: "gbp", as: null}, {json: "gpe", key: "gpe", as: null},
	{json: "external", key: "external"},
	{json: "vnifilter", key: "vnifilter", as: onlyTrue},
	{json: "learning", key: "learning"},
	{json: "proxy", key: "proxy"},
	{json: "rsc", key: "rsc"},
	{json: "l2miss", key: "l2miss"},
	{json: "l3miss", key: "l3miss"},
	{json: "udp_csum", key: "udpcsum"},
	{json: "udp_zero_csum6_tx", key: "udp6zerocsumtx"},
	{json: "udp_zero_csum6_rx", key: "udp6zerocsumrx"},
	{json: "remcsum_tx", key: "remcsumtx"},
	{json: "remcsum_rx", key: "remcsumrx"},
	{json: "localbypass", key: "localbypass"},
}

var macvlanKeys = []ipKey{
	{json: "mode", key: "mode"},
	{json: "nopromisc", key: "nopromisc", as: onlyTrue},
	{json: "nodst", key: "nodst", as: onlyTrue},
	{json: "bcqueuelen", key: "bcqueuelen"},
	{json: "usedbcqueuelen", key: "usedbcqueuelen"},
	{json: "bclim", key: "bclim", as: unlessOne},
	{json: "macaddr_count", key: "macaddr_count", as: notZero},
	{json: "macaddr_data", key: "macaddr"},
}

var macvlanUnprinted = map[string]string{"macaddr_mode": "an action, see TestMacvlanSources"}

func only4(v attr.Value) any {
	if strings.Contains(v.String(), ":") {
		return nil
	}
	return v.String()
}

func only6(v attr.Value) any {
	if only4(v) == nil {
		return v.String()
	}
	return nil
}

func portRange(v attr.Value) any {
	var low, high float64
	_, _ = fmt.Sscanf(v.String(), "%g-%g", &low, &high)
	return map[string]any{"low": low, "high": high}
}

// unlessInherit: ip prints no hop limit where it is inherited.
func unlessInherit(v attr.Value) any {
	if v.String() == "inherit" {
		return nil
	}
	return float64(v.Uint())
}

func unlessOne(v attr.Value) any {
	if v.Int() == 1 {
		return nil
	}
	return float64(v.Int())
}

// hexUnlessInherit: ip prints no label where it is inherited.
func hexUnlessInherit(v attr.Value) any {
	if v.String() == "inherit" {
		return nil
	}
	return hexUnlessZero(v)
}

// idOrName is a number that has no name.
func idOrName(v attr.Value) any {
	if n, err := strconv.Atoi(v.String()); err == nil {
		return float64(n)
	}
	return v.String()
}

func hexUnlessZero(v attr.Value) any {
	if v.Uint() == 0 {
		return nil
	}
	return "0x" + strconv.FormatUint(v.Uint(), 16)
}

func zeroPlain(v attr.Value) any {
	if v.String() == "0x0" {
		return "0"
	}
	return v.String()
}

// null is what JSON of ip has for a flag that is on.
// plain makes the same text of it.
func null(attr.Value) any { return "null" }

func mappings(v attr.Value) any {
	var l []any
	for _, m := range v.List() {
		var from, to float64
		_, _ = fmt.Sscanf(m.String(), "%g:%g", &from, &to)
		l = append(l, map[string]any{"from": from, "to": to})
	}
	return l
}
