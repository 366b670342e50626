package nlcore

import (
	"context"
	"fmt"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// VRFTable is the routing table of a vrf; a link of another kind is an error.
func (h *Handle) VRFTable(ctx context.Context, vrf val.LinkRef) (uint32, error) {
	c, err := h.take(ctx) // the Handle's own socket may be in a batch
	if err != nil {
		return 0, err
	}
	defer h.give(c)
	var kind string
	var table uint32
	err = askLink(ctx, c, vrf, briefLink, func(body []byte) error {
		kind, table = vrfIn(body)
		return nil
	})
	switch {
	case err != nil:
		return 0, explainOp("link get", vrf.String(), err)
	case kind != "vrf":
		return 0, fmt.Errorf("wants a link of type vrf, %v is of type %q", vrf, kind)
	}
	return table, nil
}

// vrfIn reads a link's kind, and the table of a vrf.
func vrfIn(body []byte) (kind string, table uint32) {
	if len(body) < uapi.SizeofIfInfomsg {
		return "", 0
	}
	info, _ := attr.Find(body[uapi.SizeofIfInfomsg:], uapi.IFLA_LINKINFO)
	word, _ := attr.Find(info, uapi.IFLA_INFO_KIND)
	for len(word) > 0 && word[len(word)-1] == 0 {
		word = word[:len(word)-1]
	}
	data, _ := attr.Find(info, uapi.IFLA_INFO_DATA)
	if b, ok := attr.Find(data, uapi.IFLA_VRF_TABLE); ok && len(b) >= 4 {
		table = ne.Uint32(b)
	}
	return string(word), table
}

// listVRF is like with the table of the vrf that it names.
func (h *Handle) listVRF(ctx context.Context, like *Route) (*Route, error) {
	if like == nil || like.More == nil || like.More.VRF.IsZero() {
		return like, nil
	}
	if !like.Table.IsZero() {
		return like, &attr.FieldError{Field: "vrf", Msg: "is a table, which is said too"}
	}
	t, err := h.VRFTable(ctx, like.More.VRF)
	if err != nil {
		return like, explainOp("route list", "", err)
	}
	c, more := *like, *like.More
	more.VRF = val.LinkRef{}
	c.Table.Set(t)
	c.More = &more
	return &c, nil
}

// vrfTable waits for links that the same batch makes.
func (b *batch) vrfTable(r val.LinkRef) (uint32, error) {
	if b.created {
		return 0, errBarrier
	}
	return b.h.VRFTable(b.ctx, r)
}
