package netns

import (
	"context"

	"nlsh/nlcore/val"
)

// OfRef opens the namespace that r refers to, seen from the current one, which
// the zero value refers to.
func OfRef(r val.NetnsRef) (*NS, error) {
	if name, ok := r.Name(); ok {
		return Named(name)
	}
	if path, ok := r.Path(); ok {
		return AtPath(path)
	}
	if pid, ok := r.Pid(); ok {
		return OfPid(pid)
	}
	if fd, ok := r.Fd(); ok {
		return OfFd(fd)
	}
	here, err := Current()
	if err != nil || r.IsZero() {
		return here, err
	}
	defer here.Close()
	return here.OfRef(r)
}

// OfRef opens the namespace that r refers to, seen from n.
func (n *NS) OfRef(r val.NetnsRef) (*NS, error) {
	if id, ok := r.Nsid(); ok {
		return n.ByNsid(context.Background(), id)
	}
	return OfRef(r)
}
