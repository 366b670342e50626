package nlcore

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// TunMode is what a tun link carries.
type TunMode uint8

var tunModes = attr.NewEnum("mode").With(uapi.IFF_TUN, "tun").With(uapi.IFF_TAP, "tap")

// String is the mode's word.
func (m TunMode) String() string { return tunModes.Text(uint64(m)) }

// UserID and GroupID are numbers of users and groups.
type (
	UserID  uint32
	GroupID uint32
)

// idCodec is a user's or group's number, with a name in a file whose lines
// are "name:password:number:...". The file is read when it is needed.
type idCodec[T ~uint32] struct{ file string }

// find returns the line's name and number for which is says yes.
func (c idCodec[T]) find(is func(name string, id uint64) bool) (name string, id uint64, ok bool) {
	f, err := os.Open(c.file)
	if err != nil {
		return "", 0, false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.SplitN(lines.Text(), ":", 4)
		if len(fields) < 3 {
			continue
		}
		n, err := strconv.ParseUint(fields[2], 10, 32)
		if err == nil && is(fields[0], n) {
			return fields[0], n, true
		}
	}
	return "", 0, false
}

func (idCodec[T]) Decode(_ *attr.Env, p *val.Opt[T], b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("has %d bytes, an id has 4", len(b))
	}
	p.Set(T(ne.Uint32(b)))
	return nil
}
func (idCodec[T]) Append(_ *attr.Env, b []byte, p *val.Opt[T]) ([]byte, error) {
	return ne.AppendUint32(b, uint32(p.Or(0))), nil
}
func (idCodec[T]) Has(p *val.Opt[T]) bool { return !p.IsZero() }

func (c idCodec[T]) Set(_ *attr.Env, p *val.Opt[T], v attr.Value) error {
	if w := v.Word(); w != "" && v.Kind() == attr.KindString {
		if _, id, ok := c.find(func(name string, _ uint64) bool { return name == w }); ok {
			p.Set(T(id))
			return nil
		}
	}
	id, err := attr.ToUint(v, 1<<32-2)
	if err != nil {
		return &attr.FieldError{Msg: fmt.Sprintf("wants a number or a name in %s, got %v", c.file, v)}
	}
	p.Set(T(id))
	return nil
}

func (c idCodec[T]) Get(_ *attr.Env, p *val.Opt[T]) attr.Value {
	id := uint64(p.Or(0))
	name, _, _ := c.find(func(_ string, n uint64) bool { return n == id })
	return attr.EnumOf(id, name)
}
func (idCodec[T]) Width() int   { return 4 }
func (idCodec[T]) Kind() string { return "name or number" }
