package attr

import (
	"net/netip"
	"unsafe"

	"nlsh/nlcore/val"
)

// fastKind names the leaf formats that a message has most of. They are read
// and written here without the two indirect calls that a codec costs, which
// makes a route 2 to 3 times cheaper; the codec stays the truth, and takes all
// that is not plain.
type fastKind uint8

const (
	fastNone fastKind = iota
	fastOpt8
	fastOpt32
	fastPlain8
	fastPlain32
	fastAddr
)

// faster is a codec that has a fast kind in some of its forms.
type faster interface{ fast() fastKind }

func fastOf(l leaf) fastKind {
	if f, ok := l.codec().(faster); ok {
		return f.fast()
	}
	return fastNone
}

func (c optNum[T]) fast() fastKind {
	return c.fastNum(unsafe.Sizeof(T(0)), fastOpt8, fastOpt32)
}

func (c plainNum[T]) fast() fastKind {
	return c.fastNum(unsafe.Sizeof(T(0)), fastPlain8, fastPlain32)
}

// fastNum is narrow or wide for a number as wide in Go as on the wire.
func (n num) fastNum(size uintptr, narrow, wide fastKind) fastKind {
	switch {
	case n.bytes == 1 && size == 1:
		return narrow
	case n.bytes == 4 && size == 4 && !n.big:
		return wide
	}
	return fastNone
}

func (c ipCodec) fast() fastKind {
	if c.v4 && c.v6 {
		return fastAddr
	}
	return fastNone
}

// plain says that a row may be written fast: nothing but its field decides.
func (r *Row) plain() bool {
	return r.fast != fastNone && !r.check.on && r.id6 == 0 && r.when == nil && !r.required
}

// appendFast writes the attribute of a plain row if it is said. ok is false
// for what the codec must refuse.
func (r *Row) appendFast(b []byte, base unsafe.Pointer) (out []byte, ok bool) {
	p, ok := r.at(base)
	if !ok {
		return b, true
	}
	switch r.fast {
	case fastOpt8:
		if v, said := (*val.Opt[uint8])(p).Get(); said {
			return append(ne.AppendUint16(ne.AppendUint16(b, headerLen+1), r.id), v, 0, 0, 0), true
		}
	case fastOpt32:
		if v, said := (*val.Opt[uint32])(p).Get(); said {
			return AppendU32(b, r.id, v), true
		}
	case fastPlain8:
		if v := *(*uint8)(p); v != 0 {
			return append(ne.AppendUint16(ne.AppendUint16(b, headerLen+1), r.id), v, 0, 0, 0), true
		}
	case fastPlain32:
		if v := *(*uint32)(p); v != 0 {
			return AppendU32(b, r.id, v), true
		}
	case fastAddr:
		return appendFastAddr(b, r.id, (*netip.Addr)(p))
	}
	return b, true
}

func appendFastAddr(b []byte, id uint16, a *netip.Addr) (out []byte, ok bool) {
	switch {
	case !a.IsValid():
		return b, true
	case a.Is4():
		v := a.As4()
		return append(ne.AppendUint16(ne.AppendUint16(b, headerLen+4), id), v[:]...), true
	case a.Zone() == "":
		v := a.As16()
		return append(ne.AppendUint16(ne.AppendUint16(b, headerLen+16), id), v[:]...), true
	}
	return b, false
}

// decodeFast reads a payload; ok is false for what the codec must judge.
func (r *Row) decodeFast(base unsafe.Pointer, b []byte) (ok bool) {
	switch r.fast {
	case fastOpt8:
		if len(b) >= 1 {
			(*val.Opt[uint8])(r.make(base)).Set(b[0])
			return true
		}
	case fastOpt32:
		if len(b) >= 4 {
			(*val.Opt[uint32])(r.make(base)).Set(ne.Uint32(b))
			return true
		}
	case fastPlain8:
		if len(b) >= 1 {
			*(*uint8)(r.make(base)) = b[0]
			return true
		}
	case fastPlain32:
		if len(b) >= 4 {
			*(*uint32)(r.make(base)) = ne.Uint32(b)
			return true
		}
	case fastAddr:
		if len(b) == 4 {
			*(*netip.Addr)(r.make(base)) = netip.AddrFrom4([4]byte(b))
			return true
		}
	}
	return false
}

// putFast writes a layout's member in place; ok is false where the codec must.
func (m *layoutMember) putFast(b []byte, base unsafe.Pointer) (ok bool) {
	r := m.row
	if r.check.on {
		return false
	}
	p, there := r.at(base)
	if !there {
		return false
	}
	switch r.fast {
	case fastOpt8:
		v, said := (*val.Opt[uint8])(p).Get()
		if said {
			b[m.off] = v
		}
		return said || r.fill == 0
	case fastPlain8:
		b[m.off] = *(*uint8)(p)
		return r.fill == 0
	case fastPlain32:
		ne.PutUint32(b[m.off:], *(*uint32)(p))
		return r.fill == 0
	}
	return false
}
