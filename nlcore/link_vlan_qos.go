package nlcore

import (
	"fmt"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// QosMap says which priority becomes which.
type QosMap []QosMapping

// QosMapping is one priority and what it becomes; To 0 takes the mapping away.
type QosMapping struct{ From, To uint32 }

// String is the mapping as iproute2 writes it: "1:5".
func (m QosMapping) String() string { return fmt.Sprintf("%d:%d", m.From, m.To) }

// qosMapCodec is a list of mappings, each in an attribute of its own; most are
// the largest numbers on either side.
type qosMapCodec struct{ most [2]uint64 }

func (qosMapCodec) Decode(_ *attr.Env, p *QosMap, b []byte) error {
	*p = nil
	for len(b) > 0 {
		t, rest, err := attr.Next(b)
		if err != nil {
			return err
		}
		if t.ID == uapi.IFLA_VLAN_QOS_MAPPING {
			if len(t.Data) < uapi.SizeofVlanQosMap {
				return fmt.Errorf("has %d bytes, a mapping has %d", len(t.Data), uapi.SizeofVlanQosMap)
			}
			*p = append(*p, QosMapping{ne.Uint32(t.Data), ne.Uint32(t.Data[4:])})
		}
		b = rest
	}
	return nil
}

func (c qosMapCodec) Append(_ *attr.Env, b []byte, p *QosMap) ([]byte, error) {
	for i, m := range *p {
		if err := c.fits(i, m); err != nil {
			return b, err
		}
		var start int
		b, start = attr.Open(b, uapi.IFLA_VLAN_QOS_MAPPING)
		b = ne.AppendUint32(ne.AppendUint32(b, m.From), m.To)
		var err error
		if b, err = attr.Close(b, start); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (c qosMapCodec) fits(i int, m QosMapping) error {
	if uint64(m.From) > c.most[0] || uint64(m.To) > c.most[1] {
		return &attr.FieldError{
			Field: fmt.Sprintf("[%d]", i+1),
			Msg:   fmt.Sprintf("wants at most %d:%d, got %v", c.most[0], c.most[1], m),
		}
	}
	return nil
}

func (qosMapCodec) Has(p *QosMap) bool { return len(*p) > 0 }

// Set takes "1:5", "1:5 2:6" or a list of such.
func (c qosMapCodec) Set(_ *attr.Env, p *QosMap, v attr.Value) error {
	var words []string
	switch v.Kind() {
	case attr.KindString:
		words = strings.Fields(v.Word())
	case attr.KindList:
		for _, x := range v.List() {
			words = append(words, x.String())
		}
	}
	if len(words) == 0 {
		return &attr.FieldError{Msg: `wants mappings like { "1:5", "2:6" }, got ` + v.String()}
	}
	out := make(QosMap, len(words))
	for i, w := range words {
		from, to, ok := strings.Cut(w, ":")
		f, err1 := strconv.ParseUint(from, 10, 32)
		t, err2 := strconv.ParseUint(to, 10, 32)
		if !ok || err1 != nil || err2 != nil {
			return &attr.FieldError{Field: fmt.Sprintf("[%d]", i+1), Msg: fmt.Sprintf(`wants a mapping like "1:5", got %q`, w)}
		}
		out[i] = QosMapping{uint32(f), uint32(t)}
		if err := c.fits(i, out[i]); err != nil {
			return err
		}
	}
	*p = out
	return nil
}

func (qosMapCodec) Get(_ *attr.Env, p *QosMap) attr.Value {
	l := make([]attr.Value, len(*p))
	for i, m := range *p {
		l[i] = attr.StringOf(m.String())
	}
	return attr.ListOf(l)
}
func (qosMapCodec) Width() int   { return 0 }
func (qosMapCodec) Kind() string { return "list of mappings" }
func (qosMapCodec) List() bool   { return true }
