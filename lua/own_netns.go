package lua

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/val"
)

// ownNetns are names of namespaces that one interpreter alone knows. Only
// descriptors hold the namespaces, so nothing is left when it is closed or the
// process ends. It is safe for concurrent use.
type ownNetns struct {
	mu    sync.Mutex
	known map[string]*netns.NS
}

// List lists the names, sorted.
func (o *ownNetns) List() ([]string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(maps.Keys(o.known)), nil
}

// New makes a namespace that has a name until Delete; the result is the
// caller's.
func (o *ownNetns) New(name string) (*netns.NS, error) {
	ns, err := netns.New()
	if err != nil {
		return nil, err
	}
	if err := o.Give(name, ns); err != nil {
		return nil, errors.Join(err, ns.Close())
	}
	return ns, nil
}

// Give gives ns, which stays the caller's, a name until Delete.
func (o *ownNetns) Give(name string, ns *netns.NS) error {
	if err := netns.CheckName(name); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known[name] != nil {
		return fmt.Errorf("network namespace %s: create: %w", name, fs.ErrExist)
	}
	kept, err := ns.Dup()
	if err != nil {
		return err
	}
	if o.known == nil {
		o.known = map[string]*netns.NS{}
	}
	o.known[name] = kept
	return nil
}

// Delete takes the name away.
func (o *ownNetns) Delete(name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	ns := o.known[name]
	if ns == nil {
		return fmt.Errorf("network namespace %s: delete: %w", name, fs.ErrNotExist)
	}
	delete(o.known, name)
	return ns.Close()
}

// Path is a file that opens the namespace while the name stands; "" where
// there is no such name.
func (o *ownNetns) Path(name string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if ns := o.known[name]; ns != nil {
		return ns.Path()
	}
	return ""
}

// open opens the namespace of that name once more.
func (o *ownNetns) open(name string) (*netns.NS, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if ns := o.known[name]; ns != nil {
		return ns.Dup()
	}
	return nil, fmt.Errorf("network namespace %s: open: %w", name, fs.ErrNotExist)
}

// all are the namespaces that have a name. They stay ours.
func (o *ownNetns) all() []*netns.NS {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Collect(maps.Values(o.known))
}

// close forgets all names.
func (o *ownNetns) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, ns := range o.known {
		_ = ns.Close()
	}
	o.known = nil
}

// ref is what a row that takes a namespace is given for a name.
func (p *places) ref(name string) (val.NetnsRef, error) {
	ns, err := p.own.open(name)
	if err != nil {
		return val.NetnsRef{}, fmt.Errorf("is no namespace of this interpreter: %q; netns.list() has them", name)
	}
	place, err := p.adopt(ns, name)
	if err != nil {
		return val.NetnsRef{}, err
	}
	return val.NetnsFd(place.Handle.Netns().Fd(), name), nil
}

// OpenNetns opens the namespace that scripts call name: one that a script of
// this interpreter made where Options.PrivateNetns is set, else one under
// /run/netns. The caller closes it. The error wraps fs.ErrNotExist if there is
// none. Any goroutine may call it until Close.
func (in *Interp) OpenNetns(name string) (*netns.NS, error) {
	if own := in.host.places.own; own != nil {
		return own.open(name)
	}
	return netns.Named(name)
}
