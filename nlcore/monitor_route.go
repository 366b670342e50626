package nlcore

import (
	"slices"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// Routes stand beside each other: those to one destination with one metric
// have one key, and their ways tell them apart.
var monitorRoute = monitorKind{
	class:  &routeClass,
	groups: []uint32{uapi.RTNLGRP_IPV4_ROUTE, uapi.RTNLGRP_IPV6_ROUTE},
	added:  uapi.RTM_NEWROUTE, deleted: uapi.RTM_DELROUTE,
	header: uapi.SizeofRtMsg,
	about: func(body []byte) bool { // not what is learned from others, such as an MTU
		return isIP(body) && ne.Uint32(body[8:])&uapi.RTM_F_CLONED == 0
	},
	key:    routeKey,
	own:    func([]byte) changing { return routeChanging },
	lists:  bothFamilies(uapi.RTM_GETROUTE, uapi.SizeofRtMsg),
	decode: decodeAs(&routeClass),
}

var routeChanging = changing{uapi.RTA_CACHEINFO: nil}

// routeKey is the family, the lengths, tos, table, destination, source and
// metric.
func routeKey(b, body []byte) []byte {
	b = append(b, body[0], body[1], body[2], body[3])
	table := uint32(body[4])
	var dst, src, metric []byte
	for rest := body[uapi.SizeofRtMsg:]; len(rest) > 0; {
		t, more, err := attr.Next(rest)
		if err != nil {
			break
		}
		switch rest = more; t.ID {
		case uapi.RTA_DST:
			dst = t.Data
		case uapi.RTA_SRC:
			src = t.Data
		case uapi.RTA_PRIORITY:
			metric = t.Data
		case uapi.RTA_TABLE:
			if len(t.Data) >= 4 {
				table = ne.Uint32(t.Data)
			}
		}
	}
	b = ne.AppendUint32(b, table)
	for _, part := range [][]byte{dst, src, metric} {
		b = append(append(b, byte(len(part))), part...)
	}
	return b
}

// ways are where a route leads, sorted: its type, then of each hop the
// interface, the gateway and, last, the weight. What follows from a nexthop
// object is left out.
func ways(body []byte) []string {
	attrs := body[uapi.SizeofRtMsg:]
	if id, ok := attr.Find(attrs, uapi.RTA_NH_ID); ok {
		return []string{"nhid" + string(id)}
	}
	kind := body[7:8]
	hops, several := attr.Find(attrs, uapi.RTA_MULTIPATH)
	if !several {
		dev, _ := attr.Find(attrs, uapi.RTA_OIF)
		return []string{way(kind, dev, attrs, 0)}
	}
	var l []string
	for len(hops) >= uapi.SizeofRtNexthop {
		n := int(ne.Uint16(hops))
		if n < uapi.SizeofRtNexthop || n > len(hops) {
			break
		}
		l = append(l, way(kind, hops[4:8], hops[uapi.SizeofRtNexthop:n], hops[3]))
		hops = hops[min(attr.Align(n), len(hops)):]
	}
	slices.Sort(l)
	return l
}

func way(kind, dev, attrs []byte, weight byte) string {
	gateway, _ := attr.Find(attrs, uapi.RTA_GATEWAY)
	via, _ := attr.Find(attrs, uapi.RTA_VIA)
	return string(kind) + string(dev) + string(gateway) + string(via) + string([]byte{weight})
}

// within reports that b leads also wherever a does.
func within(a, b []string) bool {
	for _, x := range a {
		if !slices.ContainsFunc(b, func(y string) bool { return x[:len(x)-1] == y[:len(y)-1] }) {
			return false
		}
	}
	return true
}

// leadsBy reports that a route has to do with a link: packets leave by it, or
// by one of several ways or a nexthop object, which might.
func leadsBy(body []byte, index uint32) bool {
	for rest := body[uapi.SizeofRtMsg:]; len(rest) > 0; {
		t, more, err := attr.Next(rest)
		if err != nil {
			return false
		}
		switch rest = more; t.ID {
		case uapi.RTA_OIF:
			if len(t.Data) >= 4 && ne.Uint32(t.Data) == index {
				return true
			}
		case uapi.RTA_MULTIPATH, uapi.RTA_NH_ID:
			return true
		}
	}
	return false
}
