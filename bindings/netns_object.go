package bindings

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// namespace is a network namespace as a script holds it: the Value of a
// userdata. One from a list is opened when it is first used.
type namespace struct {
	host  decl.Host
	name  string      // "" for one without
	place *decl.Place // nil until opened
	bound map[string]*glua.LTable
}

func newNamespace(L *glua.LState, h decl.Host, p *decl.Place) glua.LValue {
	return (&namespace{host: h, name: p.Name, place: p}).userdata(L)
}

func (n *namespace) userdata(L *glua.LState) *glua.LUserData {
	return &glua.LUserData{Value: n, Metatable: namespaceMeta(L, n.host)}
}

// objectOf is the namespace in a script's value, or nil.
func objectOf(v glua.LValue) *namespace {
	u, ok := v.(*glua.LUserData)
	if !ok {
		return nil
	}
	n, _ := u.Value.(*namespace)
	return n
}

// open is the namespace's place, which must not have been deleted.
func (n *namespace) open(L *glua.LState, op string) (*decl.Place, error) {
	if n.place == nil {
		p, err := n.host.PlaceOf(L, val.NetnsName(n.name))
		if err != nil {
			return nil, nsFailure(op, n.name, err)
		}
		n.place = p
	}
	return n.place, n.Gone()
}

// Gone is the error of a namespace that was deleted; nil while it is there.
func (n *namespace) Gone() error {
	if n.place != nil && n.place.Gone {
		return deleted(n.name)
	}
	return nil
}

// NetnsRef refers to the namespace for whoever takes one. The descriptor of
// an opened one stays right when its name is given to another.
func (n *namespace) NetnsRef() val.NetnsRef {
	if n.place == nil {
		return val.NetnsName(n.name)
	}
	return val.NetnsFd(n.place.Handle.Netns().Fd(), n.String())
}

// String is the name; without one what readlink says of the namespace's file.
func (n *namespace) String() string {
	if n.name != "" || n.place == nil {
		return n.name
	}
	return fmt.Sprintf("net:[%d]", n.place.Handle.Netns().ID().Ino)
}

// path is a file that opens the namespace.
func (n *namespace) path() string {
	if n.name != "" {
		return namesOf(n.host).Path(n.name)
	}
	return n.place.Handle.Netns().Path()
}

// RenderFields are the fields, for JSON, inspect and tables.
func (n *namespace) RenderFields() []attr.Pair {
	var l []attr.Pair
	if n.name != "" {
		l = append(l, attr.Pair{Key: "name", Val: attr.StringOf(n.name)})
	}
	return append(l, attr.Pair{Key: "path", Val: attr.StringOf(n.path())})
}

// module is the module of that name, bound to the namespace; nil where there
// is none.
func (n *namespace) module(L *glua.LState, m *decl.Module) (*glua.LTable, error) {
	if t := n.bound[m.Name]; t != nil {
		return t, nil
	}
	p, err := n.open(L, "netns get")
	if err != nil {
		return nil, err
	}
	if n.bound == nil {
		n.bound = map[string]*glua.LTable{}
	}
	t := decl.Install(L, n.host, m, p)
	n.bound[m.Name] = t
	return t, nil
}

// remove deletes the namespace: its name, what is held of it, and with kill
// the processes in it.
func (n *namespace) remove(L *glua.LState, op string, h Namespaces, kill bool) error {
	here, err := n.host.Here(L)
	if err != nil {
		return err
	}
	o := &nlcore.Netns{Name: n.name, Names: namesOf(n.host), Kill: kill}
	del := nlcore.Change{Verb: nlcore.Del, Object: o}
	p, err := n.open(L, op)
	if err != nil {
		// A file whose namespace is gone already is removed all the same.
		if n.place == nil && n.host.Apply(L, here, del) == nil {
			return nil
		}
		return err
	}
	switch {
	case here == p:
		return &Failure{Op: op, Object: n.String(), Msg: "it is the current namespace; netns.use another first"}
	case p.Ref.IsZero():
		return &Failure{Op: op, Object: n.String(), Msg: "nlsh itself runs in it"}
	}
	o.NS = p.Handle.Netns()
	if err := n.host.Apply(L, here, del); err != nil {
		return nsFailure(op, n.String(), causeOf(err))
	}
	if n.host.Dry(L) {
		return nil
	}
	if err := h.Forget(p); err != nil {
		return &Failure{Op: op, Object: n.String(), Msg: err.Error(), cause: err}
	}
	n.bound = nil
	return nil
}

// nsid is the number that the current namespace has for it; ok is false where
// it has none.
func (n *namespace) nsid(L *glua.LState) (id int, ok bool, err error) {
	here, err := n.host.Here(L)
	if err != nil {
		return 0, false, err
	}
	p, err := n.open(L, "netns get")
	if err != nil {
		return 0, false, err
	}
	if id, ok, err = here.Handle.Netns().Nsid(n.host.Context(L), p.Handle.Netns()); err != nil {
		return 0, false, nsFailure("netns get", n.String(), err)
	}
	return id, ok, nil
}
