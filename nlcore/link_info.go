package nlcore

import (
	"encoding/binary"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// IFLA_LINKINFO is framed here: which rows its payload has depends on the
// kind, which stands beside it.

var ne = binary.NativeEndian

// appendLinkInfo writes kind and options, and the options that come from the
// master.
func appendLinkInfo(e *attr.Env, v val.Verb, b []byte, l Link) ([]byte, error) {
	start := len(b)
	b, _ = attr.Open(b, uapi.IFLA_LINKINFO|uapi.NLA_F_NESTED)
	empty := len(b)
	b, err := appendKind(e, v, b, l, empty)
	if err != nil {
		return b, err
	}
	if s := l.Attrs().BridgeSlave; s != nil && v == Set {
		if b, err = appendSlave(e, b, s); err != nil {
			return b, err
		}
	}
	if len(b) == empty {
		return b[:start], nil
	}
	return attr.Close(b, start)
}

// appendKind writes the kind and its data; when setting, only if there is
// data, since a kind without it asks for nothing.
func appendKind(e *attr.Env, v val.Verb, b []byte, l Link, empty int) ([]byte, error) {
	if l.Kind() == "" {
		return b, nil
	}
	b, err := attr.AppendString(b, uapi.IFLA_INFO_KIND, l.Kind())
	if err != nil {
		return b, err
	}
	data := l.data()
	if data.Schema() == nil {
		return trimKind(v, b, empty), nil
	}
	b, start := attr.Open(b, uapi.IFLA_INFO_DATA|uapi.NLA_F_NESTED)
	b, err = data.Append(e, b)
	if err != nil {
		return b, err
	}
	if len(b) == start+uapi.SizeofNlAttr {
		return trimKind(v, b[:start], empty), nil
	}
	return attr.Close(b, start)
}

func trimKind(v val.Verb, b []byte, empty int) []byte {
	if v == Set {
		return b[:empty]
	}
	return b
}

func appendSlave(e *attr.Env, b []byte, p *BridgePort) ([]byte, error) {
	b, err := attr.AppendString(b, uapi.IFLA_INFO_SLAVE_KIND, bridgeKind)
	if err != nil {
		return b, err
	}
	b, start := attr.Open(b, uapi.IFLA_INFO_SLAVE_DATA|uapi.NLA_F_NESTED)
	if b, err = bridgePortTable.Append(e, b, p); err != nil {
		return b, err
	}
	return attr.Close(b, start)
}

// decodeLink reads a link's message; the kind in it decides the type.
func decodeLink(e *attr.Env, body []byte) (Link, error) {
	var info []byte
	if len(body) >= uapi.SizeofIfInfomsg {
		info, _ = attr.Find(body[uapi.SizeofIfInfomsg:], uapi.IFLA_LINKINFO)
	}
	kind := infoText(info, uapi.IFLA_INFO_KIND)
	l := newLink(kind)
	a := l.Attrs()
	if err := linkTable.Decode(e, a, body); err != nil {
		return nil, err
	}
	a.Type, a.SlaveType = kind, infoText(info, uapi.IFLA_INFO_SLAVE_KIND)
	if data, ok := attr.Find(info, uapi.IFLA_INFO_DATA); ok {
		if g, ok := l.(*GenericLink); ok {
			g.Data = append(attr.Raw(nil), data...)
		} else if err := l.data().Decode(e, data); err != nil {
			return nil, err
		}
	}
	if !a.Netnsid.IsZero() { // the index is one of another namespace
		a.Link.Name = ""
		if low, ok := l.(lowered); ok {
			low.lower().Name = ""
		}
	}
	if data, ok := attr.Find(info, uapi.IFLA_INFO_SLAVE_DATA); ok && a.SlaveType == bridgeKind {
		a.BridgeSlave = new(BridgePort)
		if err := bridgePortTable.Decode(e, a.BridgeSlave, data); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func infoText(info []byte, id uint16) string {
	b, _ := attr.Find(info, id)
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// linkInfoPath names the place of an offset inside LINKINFO.
func linkInfoPath(info []byte, off int) string {
	pos := 0
	for pos < len(info) {
		t, rest, err := attr.Next(info[pos:])
		if err != nil {
			return ""
		}
		end := len(info) - len(rest)
		if off >= end {
			pos = end
			continue
		}
		inner := off - pos - uapi.SizeofNlAttr
		switch t.ID {
		case uapi.IFLA_INFO_KIND:
			return "kind"
		case uapi.IFLA_INFO_SLAVE_KIND:
			return "slave_kind"
		case uapi.IFLA_INFO_DATA:
			return join("data", newLink(infoText(info, uapi.IFLA_INFO_KIND)).data().Schema(), t.Data, inner)
		case uapi.IFLA_INFO_SLAVE_DATA:
			return join("slave_data", bridgePortTable.Schema(), t.Data, inner)
		}
		return ""
	}
	return ""
}

func join(name string, s *attr.Schema, payload []byte, off int) string {
	if s == nil || off < 0 {
		return name
	}
	if inner := s.Path(payload, off); inner != "" {
		return name + "." + inner
	}
	return name
}
