package bindings

import (
	"errors"
	"fmt"
	"syscall"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/val"
)

func netnsModule() *decl.Module {
	which := decl.Param{Name: "name", Kind: decl.Netns, Required: true, Pos: 1,
		Doc: "a name, a process id, the path of a namespace file (with a slash), or a namespace"}
	whichGet := which
	whichGet.Required = false
	return &decl.Module{
		Name:  "netns",
		Doc:   "Network namespaces. One carries the modules: h1.route.list() acts in h1.",
		Since: since,
		Call:  netnsCall,
		Funcs: []decl.Func{
			{
				Name: "add", Since: since, Plain: true, Mutates: true, Run: netnsAdd,
				Doc:     "Makes a namespace and sets its lo up. Without a name it goes with the script.",
				Returns: "the namespace; of a list a list",
				Example: `
local h1 = netns.add "h1"
netns.add{ "h2", lo = false }
local hidden = netns.add()
h1.addr.add("10.0.0.1/24", "lo")`,
				Params: []decl.Param{
					{Name: "name", Kind: decl.String, Pos: 1, Default: "none", Doc: "the name under /run/netns"},
					{Name: "lo", Kind: decl.Boolean, Default: "true", Doc: "set lo up"},
				},
			},
			{
				Name: "get", Since: since, Run: netnsGet,
				Params: []decl.Param{whichGet, {Name: "nsid", Kind: decl.Integer, Lo: 0, Hi: 1<<31 - 1,
					Doc: "the number that the current namespace has for it, as in link_netnsid; found where it has a name, a process, or is held by nlsh"}},
				Doc:     "The namespace of that name, process, path or number, or an error. netns \"h1\" is the same.",
				Returns: "the namespace",
				Example: `
netns.add "h1"
print(netns.get("h1").link.list())
assert(netns.get(1).name == nil and netns.get "/run/netns/h1" == netns "h1")
link.add{ "v1", type="veth", peer={ "eth0", netns="h1" } }
assert(netns.get{ nsid = link.get("v1").link_netnsid } == netns "h1")`,
			},
			{
				Name: "set", Since: since, Mutates: true, Run: netnsSet,
				Doc:     "Gives a namespace a number in the current one, as ip netns set does. It has one number for as long as it lives.",
				Returns: "the namespace",
				Example: `
local h1 = netns.add "h1"
netns.set{ h1, nsid = 7 }
assert(h1.nsid == 7 and netns.get{ nsid = 7 } == h1)`,
				Params: []decl.Param{which, {Name: "nsid", Kind: decl.Integer, Lo: 0, Hi: 1<<31 - 1,
					Default: "one that is free", Doc: "the number"}},
			},
			{
				Name: "list", Since: since, Run: netnsList,
				Doc:     "The namespaces that have a name, sorted.",
				Returns: "a list of namespaces",
				Example: `
netns.add{ {"h1"}, {"h2"} }
for _, h in ipairs(netns.list()) do print(h.name, #h.link.list()) end`,
			},
			{
				Name: "del", Since: since, Plain: true, Mutates: true, Run: netnsDel,
				Doc:     "Takes the name away and closes what nlsh holds open; the namespace goes when no process is in it. What came from it raises an error from then on.",
				Returns: "nothing",
				Example: `
local h1 = netns.add "h1"
netns.del "h1"
assert(not pcall(function() h1.link.list() end))`,
				Params: []decl.Param{
					{Name: "name", Kind: decl.Netns, Required: true, Pos: 1, Doc: "a name or a namespace"},
					{Name: "kill", Kind: decl.Boolean, Default: "false", Doc: "kill the processes in it"},
				},
			},
			{
				Name: "use", Since: since, Run: netnsUse, Params: []decl.Param{which},
				Doc:     "Makes a namespace the current one, in which unbound modules act: of the script from here on, or of the prompt.",
				Returns: "the namespace",
				Example: `
local before = netns.current()
netns.use(netns.add "h1")
link.add{ "br0", type = "bridge" }
netns.use(before)
assert(not link.find "br0")`,
			},
			{
				Name: "current", Since: since, Run: netnsCurrent,
				Doc:     "The namespace in which unbound modules act here.",
				Returns: "the namespace",
				Example: `print(netns.current().path)`,
			},
		},
	}
}

// netnsCall reads: nothing lists, anything else gets.
func netnsCall(c *decl.Call) error {
	if c.Arg(1) == glua.LNil {
		return netnsList(c)
	}
	c.Func = c.Module.Func("get")
	r, err := netnsRef(c, c.Arg(1))
	if err != nil {
		return err
	}
	return netnsReturn(c, r)
}

func netnsGet(c *decl.Call) error {
	r, ok := c.Args["name"].(val.NetnsRef)
	id, numbered := c.Args["nsid"].(int64)
	switch {
	case ok == numbered:
		return c.Errorf(`needs to know which: a name, process or path, or nsid`)
	case numbered:
		r = val.NetnsNsid(int(id))
	}
	return netnsReturn(c, r)
}

func netnsSet(c *decl.Call) error {
	here, err := c.Place()
	if err != nil {
		return err
	}
	r, _ := c.Args["name"].(val.NetnsRef)
	p, err := placeOf(c, r)
	if err != nil {
		return err
	}
	id := -1
	if n, said := c.Args["nsid"].(int64); said {
		id = int(n)
	}
	if !c.Host.Dry(c.L) {
		if err := here.Handle.Netns().SetNsid(c.Context(), p.Handle.Netns(), id); err != nil {
			return nsidFailure(c, r.String(), id, err)
		}
	}
	c.Return(newNamespace(c.L, c.Host, p))
	return nil
}

// nsidFailure words what the kernel says against a number.
func nsidFailure(c *decl.Call, object string, id int, err error) error {
	f := fail(c, object, "", err)
	switch {
	case errors.Is(err, syscall.EEXIST):
		f.Msg = fmt.Sprintf("nsid %d is taken, or it has a number already (EEXIST)", id)
	case errors.Is(err, syscall.EPERM):
		f.Msg, f.Hint = "operation not permitted (EPERM)", "needs CAP_NET_ADMIN: run as root or with --sandbox"
	default:
		f.Msg = err.Error()
	}
	return f
}

func netnsReturn(c *decl.Call, r val.NetnsRef) error {
	p, err := placeOf(c, r)
	if err != nil {
		return err
	}
	c.Return(newNamespace(c.L, c.Host, p))
	return nil
}

func netnsList(c *decl.Call) error {
	names, err := namesOf(c.Host).List()
	if err != nil {
		return fail(c, "", err.Error(), err)
	}
	l := c.L.CreateTable(len(names), 0)
	for _, name := range names {
		l.Append((&namespace{host: c.Host, name: name}).userdata(c.L))
	}
	c.Return(decl.NewList(c.L, l))
	return nil
}

func netnsUse(c *decl.Call) error {
	n, err := namespaces(c)
	if err != nil {
		return err
	}
	r, _ := c.Args["name"].(val.NetnsRef)
	p, err := placeOf(c, r)
	if err != nil {
		return err
	}
	n.Use(c.L, p)
	c.Return(newNamespace(c.L, c.Host, p))
	return nil
}

func netnsCurrent(c *decl.Call) error {
	p, err := c.Place()
	if err != nil {
		return err
	}
	c.Return(newNamespace(c.L, c.Host, p))
	return nil
}
