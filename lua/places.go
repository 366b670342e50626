package lua

import (
	"context"
	"errors"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/val"
)

// places are the network namespaces of an interpreter: one Place, with one
// Handle, for each that a script touched, until the interpreter is closed.
type places struct {
	in      *Interp
	options nlcore.Options
	start   *netns.NS // where the interpreter begins; nil: the process's own
	own     *ownNetns // names that nobody else knows; nil: those of the machine

	byID  map[netns.ID]*decl.Place
	first *decl.Place // opened when first needed
	main  *decl.Place // chosen by netns.use; nil: first
	// at is the namespace that h:run made current, by coroutine; nil is the
	// main program.
	at map[*glua.LState]*decl.Place
}

// current is the namespace of the running coroutine.
func (p *places) current() (*decl.Place, error) {
	if here := p.at[p.coroutine()]; here != nil {
		return here, nil
	}
	if p.main != nil {
		return p.main, nil
	}
	return p.home()
}

// home is where the interpreter began.
func (p *places) home() (*decl.Place, error) {
	if p.first != nil {
		return p.first, nil
	}
	var h *nlcore.Handle
	var err error
	if p.start != nil {
		h, err = nlcore.NewHandleAt(p.start, &p.options)
	} else {
		h, err = nlcore.NewHandle(&p.options)
	}
	if err != nil {
		return nil, err
	}
	place := &decl.Place{Handle: h, Name: h.Netns().Name()}
	p.first = place
	p.keep(h.Netns().ID(), place)
	return place, nil
}

// openRef opens the namespace that ref refers to, seen from the current one.
func (p *places) openRef(ctx context.Context, ref val.NetnsRef) (*netns.NS, error) {
	if name, named := ref.Name(); named && p.own != nil {
		return p.own.open(name)
	}
	id, numbered := ref.Nsid()
	if !numbered {
		return netns.OfRef(ref)
	}
	here, err := p.current()
	if err != nil {
		return nil, err
	}
	var held []*netns.NS
	for _, place := range p.byID {
		held = append(held, place.Handle.Netns())
	}
	if p.own != nil {
		held = append(held, p.own.all()...)
	}
	return here.Handle.Netns().ByNsid(ctx, id, held...)
}

// adopt takes ns over and returns the one Place of its namespace.
func (p *places) adopt(ns *netns.NS, name string) (*decl.Place, error) {
	defer ns.Close()
	if _, err := p.home(); err != nil {
		return nil, err
	}
	if place := p.byID[ns.ID()]; place != nil {
		if place.Name == "" && place != p.first {
			place.Name = name
		}
		return place, nil
	}
	h, err := nlcore.NewHandleAt(ns, &p.options)
	if err != nil {
		return nil, err
	}
	place := &decl.Place{Handle: h, Name: name, Ref: val.NetnsFd(h.Netns().Fd(), name)}
	p.keep(ns.ID(), place)
	return place, nil
}

func (p *places) keep(id netns.ID, place *decl.Place) {
	if p.byID == nil {
		p.byID = map[netns.ID]*decl.Place{}
	}
	p.byID[id] = place
}

func (p *places) coroutine() *glua.LState {
	if n := len(p.in.coroutines); n > 0 {
		return p.in.coroutines[n-1]
	}
	return nil
}

// inherit gives a new coroutine the namespace that h:run made current.
func (p *places) inherit(th *glua.LState) {
	if here := p.at[p.coroutine()]; here != nil {
		p.set(th, here)
	}
}

func (p *places) set(co *glua.LState, here *decl.Place) {
	if here == nil {
		delete(p.at, co)
		return
	}
	if p.at == nil {
		p.at = map[*glua.LState]*decl.Place{}
	}
	p.at[co] = here
}

// StartInside runs start, of an exec.Cmd for instance, in the current namespace
// as sys.exec starts programs: with its own /sys and /etc/netns/NAME.
func (in *Interp) StartInside(start func() error) error {
	p, err := in.Place()
	if err != nil {
		return err
	}
	return bindings.Inside(in.host, p)(start)
}

// Adopt takes ns over and returns the one Place of its namespace.
func (h *host) Adopt(ns *netns.NS, name string) (*decl.Place, error) {
	return h.places.adopt(ns, name)
}

// Enter makes p current in the running coroutine until leave is called.
func (h *host) Enter(_ *glua.LState, p *decl.Place) (leave func()) {
	co := h.places.coroutine()
	before := h.places.at[co]
	h.places.set(co, p)
	return func() { h.places.set(co, before) }
}

// Use makes p current where nothing else is.
func (h *host) Use(_ *glua.LState, p *decl.Place) { h.places.main = p }

// Forget closes what is held of a namespace that was deleted.
func (h *host) Forget(p *decl.Place) error {
	if p == h.places.first {
		return errors.New("the namespace that the interpreter began in stays")
	}
	if p.Gone {
		return nil
	}
	p.Gone = true
	delete(h.places.byID, p.Handle.Netns().ID())
	if h.places.main == p {
		h.places.main = nil
	}
	return p.Handle.Close()
}

// close ends all Handles.
func (p *places) close() error {
	var err error
	for _, place := range p.byID {
		place.Gone = true
		err = errors.Join(err, place.Handle.Close())
	}
	p.byID, p.first, p.main, p.at = nil, nil, nil, nil
	if p.own != nil {
		p.own.close()
	}
	return err
}
