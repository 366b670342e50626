package bindings

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

const namespaceMetaKey = "nlsh.netns"

// namespaceMeta is the metatable of all namespaces of an interpreter.
func namespaceMeta(L *glua.LState, h decl.Host) *glua.LTable {
	if mt, ok := L.GetTypeMetatable(namespaceMetaKey).(*glua.LTable); ok {
		return mt
	}
	mt := L.NewTypeMetatable(namespaceMetaKey)
	methods := L.CreateTable(0, 4)
	for name, f := range map[string]glua.LGFunction{
		"exec": namespaceExec, "run": namespaceRun, "del": namespaceDel, "ident": namespaceIdent,
	} {
		methods.RawSetString(name, L.NewFunction(f))
	}
	mods := map[string]*decl.Module{}
	for _, m := range carriedModules(h) {
		mods[m.Name] = m
	}
	mt.RawSetString("__index", L.NewFunction(func(L *glua.LState) int {
		return namespaceIndex(L, methods, mods)
	}))
	mt.RawSetString("__newindex", L.NewFunction(func(L *glua.LState) int {
		n := self(L, "")
		n.raise(L, fmt.Sprintf("%s is not set by assigning to it", L.Get(2)), "")
		return 0
	}))
	mt.RawSetString("__tostring", L.NewFunction(func(L *glua.LState) int {
		L.Push(glua.LString(self(L, "").String()))
		return 1
	}))
	mt.RawSetString("__eq", L.NewFunction(namespaceEqual))
	mt.RawSetString("__metatable", glua.LString("namespace"))
	return mt
}

// self is the namespace that a method or field is asked of.
func self(L *glua.LState, method string) *namespace {
	n := objectOf(L.Get(1))
	if n == nil {
		L.RaiseError("namespace %s: write h:%s(...), with a colon, where h is a namespace", method, method)
	}
	return n
}

func (n *namespace) raise(L *glua.LState, msg, hint string) {
	n.host.Raise(L, &decl.Error{Op: "netns", Object: n.String(), Msg: msg, Hint: hint})
}

// namespaceIndex reads a method, a field or a module.
func namespaceIndex(L *glua.LState, methods *glua.LTable, mods map[string]*decl.Module) int {
	n := self(L, "")
	key := L.Get(2).String()
	if f := methods.RawGetString(key); f != glua.LNil {
		L.Push(f)
		return 1
	}
	switch key {
	case "name":
		if n.name == "" {
			L.Push(glua.LNil)
		} else {
			L.Push(glua.LString(n.name))
		}
		return 1
	case "path":
		L.Push(glua.LString(n.path()))
		return 1
	case "nsid":
		id, ok, err := n.nsid(L)
		switch {
		case err != nil:
			n.host.Raise(L, err)
		case ok:
			L.Push(glua.LNumber(id))
		default:
			L.Push(glua.LNil)
		}
		return 1
	}
	m := mods[key]
	if m == nil {
		var words []string
		for _, e := range n.Entries() {
			words = append(words, e.Name)
		}
		hint := ""
		if s := decl.Suggest(key, words); s != "" {
			hint = fmt.Sprintf("did you mean %q?", s)
		}
		n.raise(L, fmt.Sprintf("no field %q", key), hint)
	}
	t, err := n.module(L, m)
	if err != nil {
		n.host.Raise(L, err)
	}
	L.Push(t)
	return 1
}

// namespaceEqual compares what two values refer to.
func namespaceEqual(L *glua.LState) int {
	a, b := objectOf(L.Get(1)), objectOf(L.Get(2))
	same := false
	if a != nil && b != nil {
		p, errA := a.open(L, "")
		q, errB := b.open(L, "")
		same = a == b || errA == nil && errB == nil && p == q || a.place != nil && a.place == b.place
	}
	L.Push(glua.LBool(same))
	return 1
}

// namespaceIdent is h:ident(): a text that no other namespace has while this
// one lives, for the key of a table.
func namespaceIdent(L *glua.LState) int {
	n := self(L, "ident")
	p, err := n.open(L, "netns ident")
	if err != nil {
		n.host.Raise(L, err)
	}
	id := p.Handle.Netns().ID()
	L.Push(glua.LString(fmt.Sprintf("netns %d:%d", id.Dev, id.Ino)))
	return 1
}

// namespaceExec is h:exec{...}: sys.exec in the namespace.
func namespaceExec(L *glua.LState) int {
	n := self(L, "exec")
	t, err := n.module(L, sysModule())
	if err != nil {
		n.host.Raise(L, err)
	}
	f, ok := t.RawGetString("exec").(*glua.LFunction)
	if !ok {
		n.raise(L, "sys has no exec", "")
	}
	L.Remove(1)
	return f.GFunction(L)
}

// namespaceRun is h:run(f, ...): calls f with the namespace as the current
// one and returns what f returns.
func namespaceRun(L *glua.LState) int {
	n := self(L, "run")
	f, isFunc := L.Get(2).(*glua.LFunction)
	if !isFunc {
		n.raise(L, "run wants a function, got "+shown(L.Get(2)), "")
	}
	h, ok := n.host.(Namespaces)
	if !ok {
		n.raise(L, "this interpreter has no namespaces", "")
	}
	p, err := n.open(L, "netns run")
	if err != nil {
		n.host.Raise(L, err)
	}
	args := make([]glua.LValue, 0, L.GetTop())
	for i := 3; i <= L.GetTop(); i++ {
		args = append(args, L.Get(i))
	}
	leave := h.Enter(L, p)
	out, err := n.host.Call(L, f, args...)
	leave()
	if err != nil {
		n.host.Raise(L, err)
	}
	for _, v := range out {
		L.Push(v)
	}
	return len(out)
}

// namespaceDel is h:del().
func namespaceDel(L *glua.LState) int {
	n := self(L, "del")
	h, ok := n.host.(Namespaces)
	if !ok {
		n.raise(L, "this interpreter has no namespaces", "")
	}
	kill := false
	if t, ok := L.Get(2).(*glua.LTable); ok {
		var a nsArgs
		if err := a.table(&decl.Call{Func: &decl.Func{Name: "del"}}, t, "kill"); err != nil {
			n.raise(L, "del "+err.Error(), "")
		}
		kill = a.option
	}
	if err := n.remove(L, "netns del", h, kill); err != nil {
		n.host.Raise(L, err)
	}
	return 0
}
