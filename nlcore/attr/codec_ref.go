package attr

import (
	"errors"
	"fmt"
	"math"

	"nlsh/nlcore/val"
)

// linkCodec is an interface index, known to users by name.
type linkCodec struct{}

func (linkCodec) Decode(e *Env, p *val.LinkRef, b []byte) error {
	n, err := num{bytes: 4}.read(b)
	if err != nil {
		return err
	}
	*p = val.LinkRef{Index: int32(n)}
	if n != 0 && e.LinkName != nil {
		p.Name = e.LinkName(p.Index)
	}
	return nil
}

func (linkCodec) Append(e *Env, b []byte, p *val.LinkRef) ([]byte, error) {
	index, err := e.index(*p)
	return ne.AppendUint32(b, uint32(index)), err
}

// index resolves a reference; what has an index needs no resolver.
func (e *Env) index(r val.LinkRef) (int32, error) {
	switch {
	case r.IsNone():
		return 0, nil
	case r.Index != 0:
		return r.Index, nil
	case r.Name == "":
		return 0, errZero
	case e.LinkIndex == nil:
		return 0, errors.New("no way to look up link " + r.Name)
	}
	return e.LinkIndex(r)
}

func (linkCodec) Has(p *val.LinkRef) bool { return !p.IsZero() }

func (linkCodec) Set(_ *Env, p *val.LinkRef, v Value) error {
	ref, err := ToLink(v)
	if err == nil {
		*p = ref
	}
	return err
}

// ToLink reads a link's name, index or reference; false is "no link".
func ToLink(v Value) (val.LinkRef, error) {
	switch {
	case v.kind == KindLink:
		return v.Link(), nil
	case v.kind == KindString && v.str != "":
		return val.LinkName(v.str), nil
	case v.IsFalse():
		return val.NoLink(), nil
	case v.kind == KindInt || v.kind == KindUint:
		if v.num >= 1 && v.num <= math.MaxInt32 {
			return val.LinkIndex(int(v.num)), nil
		}
		return val.LinkRef{}, wants(fmt.Sprintf("an interface index from 1 to %d", math.MaxInt32), v)
	}
	return val.LinkRef{}, wants("a link: its name, index or object", v)
}

func (linkCodec) Get(_ *Env, p *val.LinkRef) Value { return LinkOf(*p) }
func (linkCodec) Width() int                       { return 4 }
func (linkCodec) Kind() string                     { return "link" }

// Link is an interface index, given and read as a name.
func Link(p *val.LinkRef) Field { return Bind(p, linkCodec{}) }

// netnsCodec is a namespace as the descriptor of its open file.
type netnsCodec struct{}

func (netnsCodec) Decode(*Env, *val.NetnsRef, []byte) error { return nil }

func (netnsCodec) Append(e *Env, b []byte, p *val.NetnsRef) ([]byte, error) {
	fd, ok := p.Fd()
	if !ok {
		if e.NetnsFd == nil {
			return b, errors.New("no way to open namespace " + p.String())
		}
		var err error
		if fd, err = e.NetnsFd(*p); err != nil {
			return b, err
		}
	}
	return ne.AppendUint32(b, uint32(fd)), nil
}

func (netnsCodec) Has(p *val.NetnsRef) bool { return !p.IsZero() }

func (netnsCodec) Set(e *Env, p *val.NetnsRef, v Value) error {
	ref, err := ToNetns(v)
	if name, ok := ref.Name(); ok && e != nil && e.Netns != nil {
		ref, err = e.Netns(name)
	}
	if err == nil {
		*p = ref
	}
	return err
}

// ToNetns reads a namespace: a name, a path (with a slash), a process id (a
// number) or a reference.
func ToNetns(v Value) (val.NetnsRef, error) {
	switch v.kind {
	case KindNetns:
		return v.Netns(), nil
	case KindString:
		return netnsOfText(v)
	case KindInt, KindUint:
		if v.num >= 1 && v.num <= math.MaxInt32 {
			return val.NetnsPid(int(v.num)), nil
		}
	}
	return val.NetnsRef{}, wants("a namespace: its name, path, process id or object", v)
}

func netnsOfText(v Value) (val.NetnsRef, error) {
	for _, c := range v.str {
		if c == '/' {
			return val.NetnsPath(v.str), nil
		}
	}
	if v.str == "" {
		return val.NetnsRef{}, wants("a namespace's name", v)
	}
	return val.NetnsName(v.str), nil
}

func (netnsCodec) Get(_ *Env, p *val.NetnsRef) Value { return NetnsOf(*p) }
func (netnsCodec) Width() int                        { return 4 }
func (netnsCodec) Kind() string                      { return "namespace" }

// NetnsFd is a namespace, sent as an open descriptor; the kernel never sends
// one back.
func NetnsFd(p *val.NetnsRef) Field { return Bind(p, netnsCodec{}) }

// ToIndex reads an interface index, 1 and up.
func ToIndex(v Value) (int32, error) {
	n, err := toUint(v, math.MaxInt32)
	if err == nil && n == 0 {
		err = wants(fmt.Sprintf("an interface index from 1 to %d", math.MaxInt32), v)
	}
	return int32(n), err
}
