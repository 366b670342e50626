package bindings

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
)

// monitor is an open monitor. It is the Source of its callbacks.
type monitor struct {
	reader
	host       decl.Host
	conditions map[string]*decl.Conditions // by kind
	callbacks  []*glua.LFunction
	stop       func()      // the callbacks; nil: there are none
	self       glua.LValue // with callbacks, so that it is not collected
	forget     func()
	closed     bool
}

// monitorRef is what a script holds: when it is collected, the monitor ends.
type monitorRef struct{ m *monitor }

// String is what a monitor prints as.
func (*monitorRef) String() string { return "monitor" }

func newMonitor(L *glua.LState, h decl.Host, m *monitor) *glua.LUserData {
	ref := &monitorRef{m}
	runtime.AddCleanup(ref, func(s *nlcore.Subscription) { _ = s.Close() }, m.sub)
	return &glua.LUserData{Value: ref, Metatable: monitorMeta(L, h)}
}

// end closes the monitor.
func (m *monitor) end() {
	if m.closed {
		return
	}
	m.closed = true
	m.silence()
	m.forget()
	_ = m.sub.Close()
}

// silence ends the callbacks.
func (m *monitor) silence() {
	if m.stop != nil {
		m.stop()
	}
	m.stop, m.callbacks, m.self = nil, nil, nil
}

func (m *monitor) wants(e nlcore.Event) bool {
	x := m.conditions[e.Kind]
	return x != nil && x.Match(e.Object)
}

// Deliver calls the callbacks with what Fill took.
func (m *monitor) Deliver(L *glua.LState) error {
	for len(m.ahead) > 0 && !m.closed {
		e := m.ahead[0]
		if m.ahead = m.ahead[1:]; !m.wants(e) {
			continue
		}
		ev := m.event(L, e)
		for _, f := range slices.Clone(m.callbacks) {
			if _, err := m.host.Call(L, f, ev); err != nil {
				return err
			}
		}
	}
	if m.err != nil && !m.closed {
		err := m.failure()
		m.end()
		return err
	}
	return nil
}

const eventMetaKey = "nlsh.event"

// event is an event as scripts see it.
func (m *monitor) event(L *glua.LState, e nlcore.Event) *glua.LTable {
	t := L.CreateTable(0, 5)
	t.RawSetString("op", glua.LString(e.Op.String()))
	t.RawSetString("kind", glua.LString(e.Kind))
	t.RawSetString("time", glua.LNumber(float64(e.Time.UnixMicro())/1e6))
	if e.Resync {
		t.RawSetString("resync", glua.LTrue)
	}
	t.RawSetString("object", m.conditions[e.Kind].Value(L, e.Object, m.place))
	mt, ok := L.GetTypeMetatable(eventMetaKey).(*glua.LTable)
	if !ok {
		mt = L.NewTypeMetatable(eventMetaKey)
		mt.RawSetString("__tostring", L.NewFunction(eventText))
	}
	t.Metatable = mt
	return t
}

// eventText is an event on one line.
func eventText(L *glua.LState) int {
	t := L.CheckTable(1)
	what := t.RawGetString("object").String()
	if o := decl.ObjectOf(t.RawGetString("object")); o != nil {
		what = o.Line()
	}
	L.Push(glua.LString(fmt.Sprintf("%s %s %s", t.RawGetString("op"), t.RawGetString("kind"), what)))
	return 1
}

// monitorMethods declares the methods; the monitor is their first argument.
func monitorMethods() *decl.Module {
	self := decl.Param{Name: "monitor", Kind: decl.Any, Required: true, Pos: 1, Doc: "what monitor.open returned"}
	timeout := decl.Param{Name: "timeout", Kind: decl.Duration, Default: "none"}
	whole, one := timeout, timeout
	whole.Doc = "end after this long, counted from the call, whatever came"
	one.Doc = "how long to wait"
	return &decl.Module{
		Name: "monitor", Since: since,
		Doc: "An open monitor.",
		Funcs: []decl.Func{
			{
				Name: "each", Since: since, Run: monitorEach,
				Doc:     "Iterates over the events as they come, until the timeout or close. Callbacks of others run meanwhile.",
				Returns: "an iterator for `for`",
				Example: `for ev in monitor.open "link":each{ timeout=0 } do print(ev) end`,
				Params:  []decl.Param{self, whole},
			},
			{
				Name: "next", Since: since, Run: monitorNext,
				Doc:     "Waits for the next event.",
				Returns: "the event; nil at the timeout",
				Example: `assert(monitor.open "link":next{ timeout=0 } == nil)`,
				Params:  []decl.Param{self, one},
			},
			{
				Name: "on", Since: since, Run: monitorOn,
				Doc:     "Has a function called with each event, while the script waits (in sys.sleep, monitor.wait and their like) and between lines at the prompt.",
				Returns: "the monitor",
				Example: `
local names = {}
monitor.open "link":on(function(ev) names[ev.object.name] = true end)
link.add{ "br0", type="bridge" }
monitor.wait{ "link", name="br0", timeout="5s" }`,
				Params: []decl.Param{self, {Name: "f", Kind: decl.Function, Required: true, Pos: 2, Doc: "what to call with an event"}},
			},
			{
				Name: "off", Since: since, Run: monitorOff,
				Doc:     "Ends the callbacks; the monitor stays open.",
				Returns: "the monitor",
				Example: `monitor.open "link":on(print):off():close()`,
				Params:  []decl.Param{self},
			},
			{
				Name: "close", Since: since, Run: monitorClose,
				Doc:     "Ends the monitor. Otherwise it ends with the script, or when nothing refers to it.",
				Example: `monitor.open "link":close()`,
				Params:  []decl.Param{self},
			},
		},
	}
}

func monitorMeta(L *glua.LState, h decl.Host) *glua.LTable {
	return liveMeta(L, h, "monitor", monitorMethods, func(_ *glua.LState, value any, key string) (glua.LValue, bool) {
		ref, ok := value.(*monitorRef)
		if !ok || key != "resyncs" {
			return nil, false
		}
		return glua.LNumber(ref.m.sub.Resyncs()), true
	})
}

// monitorOf is the monitor that a method was called on.
func monitorOf(c *decl.Call) (*monitor, error) {
	if u, ok := anyArg(c, "monitor").(*glua.LUserData); ok {
		if ref, ok := u.Value.(*monitorRef); ok {
			return ref.m, nil
		}
	}
	return nil, c.Errorf("is called with a colon: m:%s(...)", c.Func.Name)
}

// reading is the monitor of a method that takes its events.
func reading(c *decl.Call) (*monitor, Waiter, error) {
	m, err := monitorOf(c)
	if err != nil {
		return nil, nil, err
	}
	if m.closed {
		return nil, nil, c.Errorf("the monitor is closed")
	}
	if text := m.taken(); text != "" {
		return nil, nil, c.Errorf("%s", text)
	}
	w, err := waiter(c)
	return m, w, err
}

// taken says who else gets the events; "" for nobody.
func (m *monitor) taken() string {
	switch {
	case m.stop != nil:
		return "the monitor has callbacks, which get the events; m:off() ends them"
	case m.busy:
		return "the monitor is waited for already"
	}
	return ""
}

// following is the next event as scripts see it; nil at the end.
func (m *monitor) following(L *glua.LState, w Waiter, until time.Time) (glua.LValue, error) {
	e, ok, err := m.next(L, w, until, m.wants)
	switch {
	case m.closed: // by a callback meanwhile
		return glua.LNil, nil
	case err != nil || !ok:
		return glua.LNil, err
	}
	return m.event(L, e), nil
}

func monitorNext(c *decl.Call) error {
	m, w, err := reading(c)
	if err != nil {
		return err
	}
	d, limited := c.Args["timeout"].(time.Duration)
	ev, err := m.following(c.L, w, deadline(d, limited))
	c.Return(ev)
	return err
}

func monitorEach(c *decl.Call) error {
	m, w, err := reading(c)
	if err != nil {
		return err
	}
	u := anyArg(c, "monitor") // lives as long as the loop
	d, limited := c.Args["timeout"].(time.Duration)
	until := deadline(d, limited)
	c.Return(c.L.NewFunction(func(L *glua.LState) int {
		if m.closed {
			L.Push(glua.LNil)
			return 1
		}
		if text := m.taken(); text != "" {
			m.host.Raise(L, c.Errorf("%s", text))
		}
		ev, err := m.following(L, w, until)
		runtime.KeepAlive(u)
		if err != nil {
			m.host.Raise(L, err)
		}
		L.Push(ev)
		return 1
	}))
	return nil
}

func monitorOn(c *decl.Call) error {
	m, err := monitorOf(c)
	if err != nil {
		return err
	}
	if m.closed {
		return c.Errorf("the monitor is closed")
	}
	if m.busy {
		return c.Errorf("%s", m.taken())
	}
	w, err := waiter(c)
	if err != nil {
		return err
	}
	f, _ := c.Args["f"].(*glua.LFunction)
	m.callbacks = append(m.callbacks, f)
	if m.self = anyArg(c, "monitor"); m.stop == nil {
		m.stop = w.Watch(m)
	}
	c.Return(m.self)
	return nil
}

func monitorOff(c *decl.Call) error {
	m, err := monitorOf(c)
	if err != nil {
		return err
	}
	m.silence()
	c.Return(anyArg(c, "monitor"))
	return nil
}

func monitorClose(c *decl.Call) error {
	m, err := monitorOf(c)
	if err == nil {
		m.end()
	}
	return err
}
