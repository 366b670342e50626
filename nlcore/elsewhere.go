package nlcore

import (
	"nlsh/nlcore/netns"
	"nlsh/nlcore/val"
)

// at opens a Handle in another namespace, with this one's options.
func (h *Handle) at(r val.NetnsRef) (*Handle, error) {
	ns, err := h.ns.OfRef(r)
	if err != nil {
		return nil, err
	}
	return newHandle(ns, &h.o)
}

// openFiles are the descriptors that requests carry; they are closed when the
// kernel has answered.
type openFiles struct {
	from *netns.NS // where a number for a namespace (nsid) counts
	list []*netns.NS
}

func (o *openFiles) open(r val.NetnsRef) (int, error) {
	ns, err := o.from.OfRef(r)
	if err != nil {
		return 0, err
	}
	o.list = append(o.list, ns)
	return ns.Fd(), nil
}

func (o *openFiles) close() {
	for _, ns := range o.list {
		_ = ns.Close()
	}
	o.list = o.list[:0]
}
