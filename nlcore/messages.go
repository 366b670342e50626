package nlcore

import (
	"encoding/binary"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// messageSchema is the rows of a message, by its protocol and type; nil where
// no object has such messages.
func messageSchema(protocol int, typ uint16) *attr.Schema {
	switch protocol {
	case uapi.NETLINK_ROUTE:
		return routeSchema(typ)
	case uapi.NETLINK_XFRM:
		return xfrmSchema(typ)
	}
	return nil
}

// routeSchema is the rows of a message of rtnetlink.
func routeSchema(typ uint16) *attr.Schema {
	switch typ {
	case uapi.RTM_NEWLINK, uapi.RTM_DELLINK, uapi.RTM_GETLINK, uapi.RTM_SETLINK,
		uapi.RTM_NEWLINKPROP, uapi.RTM_DELLINKPROP:
		return linkTable.Schema()
	case uapi.RTM_NEWADDR, uapi.RTM_DELADDR, uapi.RTM_GETADDR:
		return addrTable.Schema()
	case uapi.RTM_NEWROUTE, uapi.RTM_DELROUTE, uapi.RTM_GETROUTE:
		return routeTable.Schema()
	case uapi.RTM_NEWNEIGH, uapi.RTM_DELNEIGH, uapi.RTM_GETNEIGH:
		return neighTable.Schema()
	case uapi.RTM_NEWRULE, uapi.RTM_DELRULE, uapi.RTM_GETRULE:
		return ruleTable.Schema()
	}
	return nil
}

// requestType is the type in a request's header.
func requestType(request []byte) uint16 { return binary.NativeEndian.Uint16(request[4:]) }
