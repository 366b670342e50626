package nlcore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"syscall"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// LinkByName reads the link with this name or altname. A missing one is
// ENODEV.
func (h *Handle) LinkByName(ctx context.Context, name string) (Link, error) {
	return h.LinkGet(ctx, val.LinkName(name))
}

// LinkByIndex reads the link with this index. A missing one is ENODEV.
func (h *Handle) LinkByIndex(ctx context.Context, index int) (Link, error) {
	return h.LinkGet(ctx, val.LinkIndex(index))
}

// LinkGet reads the link that a reference means; an index goes before a name.
func (h *Handle) LinkGet(ctx context.Context, ref val.LinkRef) (Link, error) {
	var l Link
	err := askLink(ctx, h.conn, ref, wholeLink, func(body []byte) (err error) {
		l, err = decodeLink(h.oneEnv(ctx), body)
		return err
	})
	if err == nil && l == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, explainOp("link get", ref.String(), err)
	}
	return l, nil
}

// How much of a link is asked for. A list without any IFLA_EXT_MASK leaves out
// what is long, so wholeLink asks for virtual functions, as ip does. The
// counters cost 28 % more bytes and hardly time.
const (
	wholeLink = uapi.RTEXT_FILTER_VF
	briefLink = uapi.RTEXT_FILTER_SKIP_STATS
)

// askLink asks for one link, as much of it as mask says.
func askLink(ctx context.Context, c *nl.Conn, ref val.LinkRef, mask uint32, read func([]byte) error) error {
	body := func(b []byte) ([]byte, error) { return appendLinkQuery(b, ref, mask) }
	return c.Query(ctx, nl.Header{Type: uapi.RTM_GETLINK}, body, func(m nl.Message) error {
		if m.Type != uapi.RTM_NEWLINK {
			return nil
		}
		return read(m.Data)
	})
}

// linkName is the name of a link, "" where there is none. It may be asked
// while the Handle's own socket is in use.
func (h *Handle) linkName(ctx context.Context, index int32) (name string) {
	c, err := h.take(ctx)
	if err != nil {
		return ""
	}
	defer h.give(c)
	_ = askLink(ctx, c, val.LinkIndex(int(index)), briefLink, func(body []byte) error {
		name = nameIn(body)
		return nil
	})
	return name
}

// nameIn is the name in a link's message, "" where it has none.
func nameIn(body []byte) string {
	if len(body) < uapi.SizeofIfInfomsg {
		return ""
	}
	name, _ := attr.Find(body[uapi.SizeofIfInfomsg:], uapi.IFLA_IFNAME)
	return string(name[:max(len(name)-1, 0)])
}

// appendLinkQuery writes a request for one link.
func appendLinkQuery(b []byte, ref val.LinkRef, mask uint32) ([]byte, error) {
	var head [uapi.SizeofIfInfomsg]byte
	ne.PutUint32(head[4:], uint32(ref.Index))
	b = attr.AppendU32(append(b, head[:]...), uapi.IFLA_EXT_MASK, mask)
	switch {
	case ref.Index != 0:
		return b, nil
	case ref.Name == "":
		return b, errNoName
	case len(ref.Name) >= uapi.ALTIFNAMSIZ:
		return b, syscall.ENODEV
	case len(ref.Name) >= uapi.IFNAMSIZ:
		return attr.AppendString(b, uapi.IFLA_ALT_IFNAME, ref.Name)
	}
	return attr.AppendString(b, uapi.IFLA_IFNAME, ref.Name)
}

// linkIndex resolves a reference to an index.
func (h *Handle) linkIndex(ctx context.Context, ref val.LinkRef) (int32, error) {
	if ref.Index != 0 {
		return ref.Index, nil
	}
	var index int32
	err := askLink(ctx, h.conn, ref, briefLink, func(body []byte) error {
		if len(body) >= uapi.SizeofIfInfomsg {
			index = int32(ne.Uint32(body[4:]))
		}
		return nil
	})
	if err == nil && index == 0 {
		err = syscall.ENODEV
	}
	if errors.Is(err, syscall.ENODEV) {
		err = fmt.Errorf("there is no link %s: %w", ref, syscall.ENODEV)
	}
	return index, err
}

// linkNames reads the names of all links; what fails leaves them unnamed.
func (h *Handle) linkNames(ctx context.Context) map[int32]string {
	names := map[int32]string{}
	_ = h.messages(ctx, linkQuery(briefDump), func() { clear(names) }, func(body []byte) error {
		if name := nameIn(body); name != "" {
			names[int32(ne.Uint32(body[4:]))] = name
		}
		return nil
	})
	return names
}

// linkDumpBody asks for all links, briefDump for their names.
var (
	linkDumpBody = attr.AppendU32(make([]byte, uapi.SizeofIfInfomsg), uapi.IFLA_EXT_MASK, wholeLink)
	briefDump    = attr.AppendU32(make([]byte, uapi.SizeofIfInfomsg), uapi.IFLA_EXT_MASK, briefLink)
)

func linkQuery(body []byte) *query {
	return &query{op: "link list", ask: uapi.RTM_GETLINK, answer: uapi.RTM_NEWLINK, bodies: [][]byte{body}}
}

// LinkList reads all links.
func (h *Handle) LinkList(ctx context.Context) ([]Link, error) {
	return h.linkList(ctx, nil)
}

func (h *Handle) linkList(ctx context.Context, like Link) ([]Link, error) {
	body, err := h.linkDump(ctx, like)
	if err != nil {
		return nil, explainOp("link list", "", err)
	}
	var l []Link
	env := h.Env()
	err = h.messages(ctx, linkQuery(body), func() { l = nil }, func(body []byte) error {
		link, err := decodeLink(env, body)
		l = append(l, link)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := h.nameLinks(ctx, l, len(body) == len(linkDumpBody)); err != nil {
		return nil, explainOp("link list", "", err)
	}
	return l, nil
}

// linkDump writes the request for the links of a kind or a master.
func (h *Handle) linkDump(ctx context.Context, like Link) ([]byte, error) {
	body := slices.Clone(linkDumpBody)
	if like == nil {
		return body, nil
	}
	if m := like.Attrs().Master; !m.IsZero() && !m.IsNone() {
		index, err := h.linkIndex(ctx, m)
		if err != nil {
			return nil, err
		}
		body = attr.AppendU32(body, uapi.IFLA_MASTER, uint32(index))
	}
	if like.Kind() == "" {
		return body, nil
	}
	body, start := attr.Open(body, uapi.IFLA_LINKINFO|uapi.NLA_F_NESTED)
	body, err := attr.AppendString(body, uapi.IFLA_INFO_KIND, like.Kind())
	if err != nil {
		return nil, err
	}
	return attr.Close(body, start)
}

// eachLink lists links for their class; a list is small, so it is read whole.
func eachLink(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		pattern, _ := like.(Link)
		l, err := h.linkList(ctx, pattern)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, link := range l {
			if !yield(link, nil) {
				return
			}
		}
	}
}
