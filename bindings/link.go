package bindings

import (
	"context"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

func linkModule() *decl.Module {
	return &decl.Module{
		Name:         "link",
		Doc:          "Interfaces of every kind: bridges, VLANs, tunnels, veth pairs, bonds and the machine's own.",
		Since:        since,
		Class:        nlcore.ClassByName("link"),
		KindExamples: linkExamples(),
		Fill:         linkFill, Again: linkAgain, Writable: linkWritable, Left: linkLeft, Eager: true,
		Columns: []string{"name", "type", "operstate", "mtu", "address", "master", "link", "link_group", "alias"},
		Funcs: []decl.Func{
			decl.Verb("add", nlcore.Add, decl.About{Since: since, Example: `
local br = link.add{ "br0", type="bridge", up=true, addrs={ "10.0.0.1/24" } }
link.add{ "v1", type="veth", master=br, peer={ "v2" } }`}),
			decl.Verb("replace", nlcore.Replace, decl.About{Since: since,
				Doc:     "Creates the link, or sets what is given of the one that exists; an error if the type differs.",
				Example: `link.replace{ "br0", type="bridge", mtu=9000 }`}),
			decl.Verb("set", nlcore.Set, decl.About{Since: since, Example: `
link.add{ "br0", type="bridge" }
link.set{ "br0", name="br1", mtu=1400, ageing_time="60s" }`}),
			decl.Preset("up", nlcore.Set, "up", attr.BoolOf(true), decl.About{Since: since,
				Doc: "Sets a link up.", Example: `link.up "lo"`}),
			decl.Preset("down", nlcore.Set, "up", attr.BoolOf(false), decl.About{Since: since,
				Doc: "Sets a link down.", Example: `link.down "lo"`}),
			decl.Verb("del", nlcore.Del, decl.About{Since: since, Example: `
link.add{ { "br0", type="bridge" }, { "br1", type="bridge" } }
link.del "br0"
link.del{ { "br1" } }`}),
			decl.Get(decl.About{Since: since, Doc: "The link of that name, altname or index, or an error.",
				Example: `print(link.get("lo").mtu)`}),
			decl.Find(decl.About{Since: since, Example: `assert(link.find "lo".type == nil)`}),
			decl.ListVerb(decl.About{Since: since, Example: `
for _, l in ipairs(link.list{ up=true }) do print(l.name, l.mtu) end`}),
			decl.Each(decl.About{Since: since, Example: `
for l in link.each{ type={ "bridge", "veth" } } do print(l.name) end`}),
			decl.Flush(decl.About{Since: since, Example: `
link.add{ "br0", type="bridge" }
assert(link.flush{ type="bridge" } == 1)`}),
		},
	}
}

// linkWritable knows the fields that are sent by code and not by rows.
func linkWritable(key string) (ok, said bool) {
	switch key {
	case "altnames":
		return true, true
	case "slave_type":
		return false, true
	}
	return false, false
}

// linkFill names links that are created without a name, as the kernel would:
// after their type, with the first number that is free. The other end of such a
// veth gets one too, else the kernel might take ours for it.
func linkFill(ctx context.Context, h *nlcore.Handle, o nlcore.Object, taken map[string]bool) error {
	l, ok := o.(nlcore.Link)
	if !ok || l.Kind() == "" {
		return nil
	}
	ends := []*nlcore.LinkAttrs{l.Attrs()}
	if v, ok := l.(*nlcore.Veth); ok && l.Attrs().Name == "" {
		if v.Peer == nil {
			v.Peer = &nlcore.LinkAttrs{}
		}
		ends = append(ends, v.Peer)
	}
	for _, a := range ends {
		if a.Name == "" {
			name, err := h.FreeLinkName(ctx, l.Kind(), taken)
			if err != nil {
				return err
			}
			a.Name = name
		}
		taken[a.Name] = true
	}
	return nil
}

// linkLeft leaves out of a copy what is off at creation anyway and refused by
// kernels built without bridge VLANs or by drivers; the states that follow from
// what happens; and a veth's lower link: its peer, which goes with it.
func linkLeft(o nlcore.Object, key string, v attr.Value) bool {
	l, ok := o.(nlcore.Link)
	switch key {
	case "vlan_filtering", "mst_enabled", "mcast_vlan_snooping", "fdb_local_vlan_0", "protodown":
		return v.IsFalse()
	case "carrier", "operstate":
		return true
	case "numtxqueues", "numrxqueues":
		return ok && l.Kind() == "tun"
	case "link", "link_netnsid":
		return ok && l.Kind() == "veth"
	}
	return false
}

// linkAgain finds a link by its index; where that is not known, or the link
// went to another namespace, by its name.
func linkAgain(o nlcore.Object) nlcore.Object {
	like := nlcore.NewLink("")
	l, ok := o.(nlcore.Link)
	if !ok {
		return like
	}
	a := l.Attrs()
	name := a.Name
	if name == "" {
		name = a.Of.Name
	}
	switch {
	case !a.Netns.IsZero() && name != "":
		like.Attrs().Of = val.LinkName(name)
	case a.Index != 0:
		like.Attrs().Of = val.LinkIndex(int(a.Index))
	case a.Of.Index != 0:
		like.Attrs().Of = val.LinkIndex(int(a.Of.Index))
	default:
		like.Attrs().Of = val.LinkName(name)
	}
	return like
}
