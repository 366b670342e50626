package bindings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
)

func monitorModule() *decl.Module {
	kind := decl.Param{
		Name: "kind", Kind: decl.String, Words: nlcore.SubscribeKinds(), Required: true, Pos: 1,
		Doc: "what to wait for: " + strings.Join(nlcore.SubscribeKinds(), ", "),
	}
	kinds := decl.Param{
		Name: "kinds", Kind: decl.String, Words: nlcore.SubscribeKinds(), Pos: 1, Rest: true, Default: "all",
		Doc: "what to hear of: " + strings.Join(nlcore.SubscribeKinds(), ", "),
	}
	where := decl.Param{Name: "netns", Kind: decl.Netns, Default: "the current one", Doc: "the namespace to listen in"}
	return &decl.Module{
		Name:  "monitor",
		Doc:   "Events: what appears, changes and goes, as it happens.",
		Since: since,
		Funcs: []decl.Func{
			{
				Name: "open", Since: since, Run: monitorOpen, Open: true, Conditions: true,
				Doc: "Begins to listen: from here on nothing is missed silently. With one kind, fields are conditions as in its list, which an object meets as it is, one that is gone as it was. Where the kernel had to drop events because nobody read them, the lists are read again and what differs is told (event.resync, m.resyncs).",
				Returns: "a monitor: each{ timeout= } to iterate, next{ timeout= }, on(f) for a callback, off(), close(), and resyncs, " +
					"how often events were lost. An event has op (\"new\": it is there, new or changed; \"del\"), kind, object, time in seconds as os.time() has them, and resync",
				Example: `
local m = monitor.open{ "link", "addr" }
link.add{ "br0", type="bridge" }
for ev in m:each{ timeout="5s" } do
  print(ev.op, ev.kind, ev.object)
  if ev.object.name == "br0" then break end
end
m:close()`,
				Params: []decl.Param{kinds, where, {
					Name: "on_loss", Kind: decl.Word, Words: []string{"resync", "fail"}, Default: "resync",
					Doc: "fail raises an error where events were lost",
				}},
			},
			{
				Name: "wait", Since: since, Run: monitorWait, Open: true, Conditions: true,
				Doc:     "Waits until there is an object of the kind that meets the fields, which are conditions as in its list. It looks at what there is first. Callbacks run meanwhile. An error at the timeout says what there is instead.",
				Returns: "the object; with absent=true nothing",
				Example: `
local m = monitor.open "link"
m:on(function(ev) if ev.object.name == "br0" then link.set{ "br0", mtu=1400 } end end)
link.add{ "br0", type="bridge" }
print(monitor.wait{ "link", name="br0", mtu=1400, timeout="5s" })
link.del "br0"
monitor.wait{ "link", name="br0", absent=true, timeout="5s" }`,
				Params: []decl.Param{kind, where,
					{Name: "timeout", Kind: decl.Duration, Default: "none: it waits until it is interrupted", Doc: "raise an error after this long"},
					{Name: "absent", Kind: decl.Boolean, Default: "false", Doc: "wait until there is none that meets the conditions"},
				},
			},
		},
	}
}

// monitoredModule is the module of a kind of events and its path; the
// interpreter's own set may lack it, ours does not.
func monitoredModule(kind string) (m *decl.Module, path string) {
	name, sub, nested := strings.Cut(kind, ".")
	for _, m := range Modules() {
		if m.Name != name {
			continue
		}
		if nested {
			return m.Sub(sub), kind
		}
		return m, kind
	}
	return nil, kind
}

// checkKinds finds words that are no kinds.
func checkKinds(c *decl.Call, kinds []string) error {
	for _, k := range kinds {
		if slices.Contains(nlcore.SubscribeKinds(), k) {
			continue
		}
		hint := ""
		if s := decl.Suggest(k, nlcore.SubscribeKinds()); s != "" {
			hint = fmt.Sprintf("; did you mean %q?", s)
		}
		return c.Errorf("no events of kind %q: there are %s%s", k, strings.Join(nlcore.SubscribeKinds(), ", "), hint)
	}
	return nil
}

// conditionsOf are those of each kind: the fields that the call names, of one
// kind at most.
func conditionsOf(c *decl.Call, kinds []string) (map[string]*decl.Conditions, error) {
	if c.Extra != nil && len(kinds) != 1 {
		key, _ := c.Extra.Next(glua.LNil)
		return nil, c.Errorf("%s is a condition, which goes with one kind only", key)
	}
	if len(kinds) == 0 {
		kinds = nlcore.SubscribeKinds()
	}
	all := map[string]*decl.Conditions{}
	for _, k := range kinds {
		var fields *glua.LTable
		if c.Extra != nil {
			fields = c.Extra
		}
		m, path := monitoredModule(k)
		x, err := c.Conditions(m, path, fields)
		if err != nil {
			return nil, err
		}
		all[k] = x
	}
	return all, nil
}

func monitorOpen(c *decl.Call) error {
	w, err := waiter(c)
	if err != nil {
		return err
	}
	var kinds []string
	if l, ok := c.Args["kinds"].([]any); ok {
		for _, k := range l {
			kinds = append(kinds, k.(string)) // as the parameter says
		}
	}
	if err := checkKinds(c, kinds); err != nil {
		return err
	}
	conditions, err := conditionsOf(c, kinds)
	if err != nil {
		return err
	}
	// Nothing is known of conditions that were not said: those of route.list
	// without a table are for table main.
	if c.Extra == nil {
		for k, x := range conditions {
			conditions[k] = x.All()
		}
	}
	p, _, err := there(c)
	if err != nil {
		return err
	}
	sub, err := p.Handle.Subscribe(c.Context(), &nlcore.SubscribeOptions{
		Kinds: kinds, FailOnLoss: c.Args["on_loss"] == "fail",
	})
	if err != nil {
		return err
	}
	m := &monitor{reader: reader{sub: sub, place: p}, host: c.Host, conditions: conditions}
	m.forget = w.AtEnd(m.end)
	c.Return(newMonitor(c.L, c.Host, m))
	return nil
}

// monitorWait waits for one object.
func monitorWait(c *decl.Call) error {
	w, err := waiter(c)
	if err != nil {
		return err
	}
	kind, _ := c.Args["kind"].(string)
	if err := checkKinds(c, []string{kind}); err != nil {
		return err
	}
	conditions, err := conditionsOf(c, []string{kind})
	if err != nil {
		return err
	}
	p, where, err := there(c)
	if err != nil {
		return err
	}
	sub, err := p.Handle.Subscribe(c.Context(), &nlcore.SubscribeOptions{Kinds: []string{kind}})
	if err != nil {
		return err
	}
	defer sub.Close()
	x := &expectation{reader: reader{sub: sub, place: p}, Conditions: conditions[kind]}
	x.absent, _ = c.Args["absent"].(bool)
	timeout, limited := c.Args["timeout"].(time.Duration)
	found, err := x.wait(c, w, timeout, limited)
	switch {
	case err != nil:
		return err
	case found != nil:
		c.Return(x.Value(c.L, found, p))
		return nil
	case x.absent && !x.late:
		return nil
	}
	f := fail(c, kind, "", nil)
	f.Netns = where
	f.Msg = fmt.Sprintf("not after %v: %s", timeout, x.Nearest(c.Context(), p))
	if x.absent {
		f.Msg = fmt.Sprintf("still there after %v: %v", timeout, x.last)
	}
	return f
}
