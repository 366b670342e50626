package decl

import (
	glua "github.com/yuin/gopher-lua"
)

// state is what this package keeps for one interpreter, in the registry that
// no script reaches.
type state struct {
	host    Host
	classes map[string]*class // by the class's name
	iters   iterators
}

const stateKey = "nlsh.decl"

func stateOf(L *glua.LState) *state {
	if u, ok := L.G.Registry.RawGetString(stateKey).(*glua.LUserData); ok {
		if s, ok := u.Value.(*state); ok {
			return s
		}
	}
	return nil
}

func ensureState(L *glua.LState, h Host) *state {
	if s := stateOf(L); s != nil {
		return s
	}
	s := &state{host: h, classes: map[string]*class{}}
	L.G.Registry.RawSetString(stateKey, &glua.LUserData{Value: s, Metatable: glua.LNil})
	return s
}

// class is the interpreter's view of a module's class.
func (s *state) class(m *Module, path string) *class {
	c := s.classes[m.Class.Name]
	if c == nil {
		c = &class{Class: m.Class, mod: m, path: path, host: s.host, kinds: map[string]*fields{}}
		s.classes[m.Class.Name] = c
	}
	return c
}
