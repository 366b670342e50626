package decl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// thing is the object of a class that no kernel has.
type thing struct {
	Name  string
	Of    val.LinkRef
	Index uint32
	Dev   val.LinkRef
	MTU   val.Opt[uint32]
	Up    val.Opt[bool]
	Local netip.Addr
	Count val.Opt[uint64]
	State val.Opt[uint8]
	Age   val.Opt[uint32]
	Hops  []hop
	Marks []string
	kind  string
}

// box is a thing of the kind "box".
type box struct {
	thing
	Size  val.Opt[uint16]
	Color val.Opt[uint8]
}

type hop struct {
	Via    netip.Addr
	Weight val.Opt[uint8]
}

var (
	colors = attr.NewEnum("color", "red", "green", "blue")
	states = attr.NewEnum("state", "down", "up")
)

var hopTable = attr.Table[hop]{Name: "hop", Rows: func(h *hop, d *attr.Def) {
	d.Key("via")
	d.Attr(1, "via", attr.IP(&h.Via))
	d.Attr(2, "weight", attr.Uint8(&h.Weight))
}}

var thingTable = attr.Table[thing]{Name: "thing", Rows: func(t *thing, d *attr.Def) {
	d.Key("name")
	d.Attr(1, "name", attr.StrMax(&t.Name, 16))
	d.Attr(2, "index", attr.Plain32(&t.Index)).In(0)
	d.Attr(3, "dev", attr.Link(&t.Dev))
	d.Attr(4, "mtu", attr.Uint32(&t.MTU).Range(68, 9000))
	d.Attr(5, "up", attr.Bool(&t.Up))
	d.Attr(6, "local", attr.IP(&t.Local)).Alias("src")
	d.Attr(7, "count", attr.Uint64(&t.Count)).In(0)
	d.Attr(8, "state", attr.Enum8(&t.State, states)).In(0)
	d.Attr(9, "age", attr.Uint32(&t.Age).Unit(attr.Centiseconds))
	d.Attr(10, "hop", attr.List(&t.Hops, &hopTable, attr.Each(1)))
	d.Attr(11, "marks", attr.Strs(&t.Marks, 1, 16))
}}

var boxTable = attr.Table[box]{Name: "box", Rows: func(b *box, d *attr.Def) {
	d.Attr(1, "size", attr.Uint16(&b.Size).Range(1, 100))
	d.Attr(2, "color", attr.Enum8(&b.Color, colors))
}}

// kindTable gives every thing its type.
var kindTable = attr.Table[thing]{Name: "kind", Rows: func(t *thing, d *attr.Def) {
	d.Local("type", attr.Str(&t.kind))
}}

func (t *thing) Class() string { return "thing" }
func (t *thing) Kind() string  { return t.kind }
func (t *thing) Views() []attr.View {
	return []attr.View{thingTable.View(t), kindTable.View(t)}
}
func (t *thing) Ident() string {
	if t.Index != 0 {
		return fmt.Sprint("thing ", t.Index)
	}
	return "thing " + t.Name
}
func (t *thing) String() string {
	if !t.Of.IsZero() {
		return t.Of.String()
	}
	return t.Name
}
func (t *thing) Header(val.Verb) (uint16, uint16, error)                  { return 0, 0, nil }
func (t *thing) Append(_ *attr.Env, _ val.Verb, b []byte) ([]byte, error) { return b, nil }
func (t *thing) self() *thing                                             { return t }
func (b *box) Views() []attr.View {
	return []attr.View{boxTable.View(b), thingTable.View(&b.thing), kindTable.View(&b.thing)}
}

type thinglike interface {
	nlcore.Object
	self() *thing
}

// world is the kernel of things.
type world struct {
	things []thinglike
	next   uint32
	open   int           // dumps that run
	closed chan struct{} // told when one ends; nil: nobody
	asked  int           // lists and lookups
}

func (w *world) find(t *thing) int {
	for i, x := range w.things {
		y := x.self()
		switch {
		case t.Index != 0 && y.Index == t.Index, t.Of.Index != 0 && y.Index == uint32(t.Of.Index),
			t.Index == 0 && t.Of.Index == 0 && t.Of.Name != "" && t.Of.Name == y.Name,
			t.Index == 0 && t.Of.IsZero() && y.Name == t.Name:
			return i
		}
	}
	return -1
}

func (w *world) apply(c nlcore.Change) error {
	o := c.Object.(thinglike)
	t, i := o.self(), w.find(o.self())
	fail := func(no syscall.Errno) error {
		return &nlcore.Error{Op: "thing " + c.Verb.String(), Object: o.String(), Errno: no}
	}
	switch c.Verb {
	case val.Add, val.Replace:
		if i >= 0 && c.Verb == val.Add {
			return fail(syscall.EEXIST)
		}
		w.next++
		n := copyThing(o)
		n.self().Index = w.next
		n.self().State.Set(1)
		w.things = append(w.things, n)
	case val.Set:
		if i < 0 {
			return fail(syscall.ENODEV)
		}
		for _, v := range o.Views() {
			for _, p := range v.Fields(&attr.Env{}) {
				if p.Key != "type" {
					_ = nlcore.SetField(&attr.Env{}, w.things[i], p.Key, p.Val)
				}
			}
		}
		if t.Name != "" {
			w.things[i].self().Name = t.Name
		}
	case val.Del:
		if i < 0 {
			return fail(syscall.ENODEV)
		}
		w.things = append(w.things[:i:i], w.things[i+1:]...)
	}
	return nil
}

func copyThing(o thinglike) thinglike {
	if b, ok := o.(*box); ok {
		c := *b
		c.Of = val.LinkRef{}
		return &c
	}
	c := *o.self()
	c.Of = val.LinkRef{}
	return &c
}

// class is things as nlcore would have them.
func (w *world) class() *nlcore.Class {
	return &nlcore.Class{
		Name: "thing", Key: "name", Dev: true,
		Verbs: []val.Verb{val.Add, val.Replace, val.Set, val.Del},
		New: func(kind string) nlcore.Object {
			if kind == "box" {
				return &box{thing: thing{kind: kind}}
			}
			return &thing{kind: kind}
		},
		Kinds: func() []string { return []string{"box"} },
		Select: func(o nlcore.Object, v attr.Value) error {
			ref, err := attr.ToLink(v)
			o.(thinglike).self().Of = ref
			return err
		},
		Each: func(ctx context.Context, _ *nlcore.Handle, _ nlcore.Object) iter.Seq2[nlcore.Object, error] {
			return func(yield func(nlcore.Object, error) bool) {
				w.asked++
				w.open++
				defer func() {
					w.open--
					if w.closed != nil {
						w.closed <- struct{}{}
					}
				}()
				for _, t := range append([]thinglike(nil), w.things...) {
					if !yield(copyThing(t), nil) {
						return
					}
				}
			}
		},
		Get: func(_ context.Context, _ *nlcore.Handle, like nlcore.Object) (nlcore.Object, error) {
			w.asked++
			i := w.find(like.(thinglike).self())
			if i < 0 {
				return nil, &nlcore.Error{Op: "thing get", Object: like.String(), Errno: syscall.ENODEV}
			}
			return copyThing(w.things[i]), nil
		},
	}
}

func (w *world) module() *Module {
	t := About{Since: "0.1", Example: "print(1)"}
	return &Module{
		Name: "thing", Doc: "Things.", Since: "0.1", Class: w.class(), Eager: true,
		Columns: []string{"name", "type", "mtu", "state"},
		Has:     func(s string) bool { return !strings.HasPrefix(s, "dev") },
		Again: func(o nlcore.Object) nlcore.Object {
			t := o.(thinglike).self()
			switch {
			case t.Index != 0:
				return &thing{Index: t.Index}
			case t.Of.Index != 0:
				return &thing{Of: t.Of}
			case t.Name != "":
				return &thing{Name: t.Name}
			}
			return &thing{Of: t.Of}
		},
		Funcs: []Func{
			Verb("add", val.Add, t), Verb("replace", val.Replace, t), Verb("set", val.Set, t), Verb("del", val.Del, t),
			Preset("up", val.Set, "up", attr.BoolOf(true), t),
			Get(t), Find(t), ListVerb(t), Each(t), Flush(t),
		},
	}
}

// fakeHost is an interpreter around a world.
type fakeHost struct {
	w       *world
	here    *Place
	out     bytes.Buffer
	batches []int // sizes of what was applied at once
	dry     bool
}

func (h *fakeHost) Context(*glua.LState) context.Context               { return context.Background() }
func (h *fakeHost) Here(*glua.LState) (*Place, error)                  { return h.here, nil }
func (h *fakeHost) Dry(*glua.LState) bool                              { return h.dry }
func (h *fakeHost) Env() *attr.Env                                     { return &attr.Env{} }
func (h *fakeHost) Stdout() io.Writer                                  { return &h.out }
func (h *fakeHost) Color() bool                                        { return false }
func (h *fakeHost) Defer(*glua.LState, *glua.LFunction)                {}
func (h *fakeHost) PlaceOf(*glua.LState, val.NetnsRef) (*Place, error) { return h.here, nil }

func (h *fakeHost) Apply(_ *glua.LState, _ *Place, changes ...nlcore.Change) error {
	h.batches = append(h.batches, len(changes))
	if h.dry {
		return nil
	}
	if len(changes) == 1 {
		return h.w.apply(changes[0])
	}
	b := &nlcore.BatchError{Total: len(changes)}
	for i, c := range changes {
		var e *nlcore.Error
		if errors.As(h.w.apply(c), &e) {
			e.Index = i
			b.Errors = append(b.Errors, e)
		}
	}
	if len(b.Errors) > 0 {
		return b
	}
	return nil
}

func (h *fakeHost) ApplyEach(L *glua.LState, p *Place, next func() (nlcore.Change, error)) (int, error) {
	for n := 0; ; n++ {
		c, err := next()
		if err == io.EOF {
			return n, nil
		}
		if err == nil {
			err = h.w.apply(c)
		}
		if err != nil {
			return n, err
		}
	}
}

func (h *fakeHost) Call(L *glua.LState, f *glua.LFunction, args ...glua.LValue) ([]glua.LValue, error) {
	top := L.GetTop()
	if err := L.CallByParam(glua.P{Fn: f, NRet: glua.MultRet, Protect: true}, args...); err != nil {
		return nil, &thrown{err}
	}
	var out []glua.LValue
	for i := top + 1; i <= L.GetTop(); i++ {
		out = append(out, L.Get(i))
	}
	L.SetTop(top)
	return out, nil
}

func (h *fakeHost) Raise(L *glua.LState, err error) {
	if t, ok := err.(*thrown); ok {
		var api *glua.ApiError
		if errors.As(t.error, &api) {
			L.Error(api.Object, 0)
		}
	}
	L.Error(&glua.LUserData{Value: err, Metatable: glua.LNil}, 1)
}

// thrown is what a Lua function raised, on its way through Go.
type thrown struct{ error }

// lab is a script's surroundings.
type lab struct {
	*fakeHost
	L *glua.LState
}

func newLab(t testing.TB) *lab {
	w := &world{}
	h := &fakeHost{w: w, here: &Place{}}
	L := glua.NewState()
	t.Cleanup(L.Close)
	L.SetGlobal("thing", Install(L, h, w.module(), nil))
	L.SetGlobal("bigint", InstallFunc(L, h, &Func{Name: "bigint", Plain: true, Run: NewBigInt}))
	return &lab{h, L}
}

// run runs a script and returns what it printed or raised.
func (l *lab) run(t testing.TB, src string) string {
	t.Helper()
	var out strings.Builder
	l.L.SetGlobal("print", l.L.NewFunction(func(L *glua.LState) int {
		for i := 1; i <= L.GetTop(); i++ {
			if i > 1 {
				out.WriteByte(' ')
			}
			out.WriteString(L.ToStringMeta(L.Get(i)).String())
		}
		out.WriteByte('\n')
		return 0
	}))
	if err := l.L.DoString(src); err != nil {
		out.WriteString("! " + message(err) + "\n")
	}
	return out.String()
}

func message(err error) string {
	var api *glua.ApiError
	if errors.As(err, &api) {
		if u, ok := api.Object.(*glua.LUserData); ok {
			if e, ok := u.Value.(error); ok {
				return e.Error()
			}
		}
		return api.Object.String()
	}
	return err.Error()
}
