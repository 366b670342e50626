package nlcore

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// MPLSEncap pushes MPLS labels.
type MPLSEncap struct {
	// Labels are pushed, the first outermost; each 0 to 2^20-1.
	Labels []uint32
	// TTL is that of the labels, 1 to 255; 0 is that of the packet.
	TTL uint8
}

var mplsEncapTable = attr.Table[MPLSEncap]{Name: "mpls", Rows: func(m *MPLSEncap, d *attr.Def) {
	d.Key("dst")
	d.Attr(uapi.MPLS_IPTUNNEL_DST, "dst", attr.Bind(&m.Labels, labels{})).Required()
	d.Attr(uapi.MPLS_IPTUNNEL_TTL, "ttl", attr.Plain8(&m.TTL)).Since("4.12")
}}

// EncapType is LWTUNNEL_ENCAP_MPLS.
func (m *MPLSEncap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_MPLS }
func (m *MPLSEncap) String() string    { return encapText(m) }
func (m *MPLSEncap) view() attr.View   { return mplsEncapTable.View(m) }

// maxLabel is the largest label of 20 bits.
const maxLabel = 1<<20 - 1

// An entry of a label stack (RFC 3032): the label from bit 12 on, and in bit 8
// that it is the last.
const (
	labelShift = 12
	labelLast  = 1 << 8
)

// labels is a stack of labels, "100/200".
type labels struct{}

func (labels) Decode(_ *attr.Env, p *[]uint32, b []byte) error {
	if len(b) == 0 || len(b)%4 != 0 {
		return fmt.Errorf("has %d bytes, labels have 4 each", len(b))
	}
	*p = make([]uint32, 0, len(b)/4)
	for ; len(b) > 0; b = b[4:] {
		*p = append(*p, binary.BigEndian.Uint32(b)>>labelShift)
	}
	return nil
}

func (labels) Append(_ *attr.Env, b []byte, p *[]uint32) ([]byte, error) {
	for i, n := range *p {
		if n > maxLabel {
			return b, fmt.Errorf("wants labels from 0 to %d, got %d", maxLabel, n)
		}
		n <<= labelShift
		if i == len(*p)-1 {
			n |= labelLast
		}
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b, nil
}

func (labels) Has(p *[]uint32) bool { return len(*p) > 0 }

func (labels) Set(_ *attr.Env, p *[]uint32, v attr.Value) error {
	parts := v.List()
	switch v.Kind() {
	case attr.KindString:
		for _, w := range strings.Split(v.Word(), "/") {
			parts = append(parts, attr.StringOf(w))
		}
	case attr.KindInt, attr.KindUint:
		parts = []attr.Value{v}
	}
	l := make([]uint32, 0, len(parts))
	for _, x := range parts {
		n, err := attr.ToUint(x, maxLabel)
		if err != nil {
			parts = nil
			break
		}
		l = append(l, uint32(n))
	}
	if len(parts) == 0 {
		return fmt.Errorf(`wants labels like 100 or "100/200", each from 0 to %d, got %v`, maxLabel, v)
	}
	*p = l
	return nil
}

func (labels) Get(_ *attr.Env, p *[]uint32) attr.Value { return attr.StringOf(labelText(*p)) }
func (labels) Width() int                              { return 0 }
func (labels) Kind() string                            { return "labels" }

func labelText(l []uint32) string {
	words := make([]string, len(l))
	for i, n := range l {
		words[i] = strconv.FormatUint(uint64(n), 10)
	}
	return strings.Join(words, "/")
}
