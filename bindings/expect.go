package bindings

import (
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func expectModule() *decl.Module {
	message := decl.Param{Name: "message", Kind: decl.String, Doc: "said before what is wrong"}
	third, second := message, message
	third.Pos, second.Pos = 3, 2
	return &decl.Module{
		Name:  "expect",
		Doc:   "Assertions: what does not hold is an error, which try lets pass.",
		Since: since,
		Funcs: []decl.Func{
			{
				Name: "ping", Since: since, Run: expectPing, Params: pingParams(),
				Doc:     "Expects a reply to every echo request.",
				Returns: "what net.ping returns",
				Example: `
local h1 = netns.add "h1"
expect.ping{ "127.0.0.1", netns = h1, count = 3, interval = "10ms" }`,
			},
			{
				Name: "no_ping", Since: since, Run: expectNoPing, Params: pingParams(),
				Doc: "Expects that no reply comes: an answer of the network that there is none will do, as will silence for timeout.",
				Example: `
local h1 = netns.add{ "h1", lo = false }
expect.no_ping{ "127.0.0.1", netns = h1, timeout = "100ms" }`,
			},
			{
				Name: "eq", Since: since, Run: expectEqual,
				Doc:     "Expects that two values are equal; tables are equal when their members are. The error lists what differs.",
				Returns: "the first value",
				Example: `
expect.eq(link.get("lo").type, nil)
expect.eq({ 1, { a = "x" } }, { 1, { a = "x" } })`,
				Params: []decl.Param{
					{Name: "got", Kind: decl.Any, Pos: 1, Doc: "the value"},
					{Name: "want", Kind: decl.Any, Pos: 2, Doc: "what it has to be"},
					third,
				},
			},
			{
				Name: "ok", Since: since, Run: expectOK,
				Doc:     "Expects a value other than nil and false.",
				Returns: "the value",
				Example: `local lo = expect.ok(link.find "lo", "no loopback device")`,
				Params:  []decl.Param{{Name: "value", Kind: decl.Any, Pos: 1, Doc: "the value"}, second},
			},
			eventuallyFunc(), failsFunc(), matchFunc(),
		},
	}
}

// claim is a failed assertion.
func claim(c *decl.Call, object, msg string) *Failure {
	f := fail(c, object, msg, nil)
	f.claim = true
	return f
}

func expectPing(c *decl.Call) error {
	r, f, err := ping(c, nil)
	switch {
	case err != nil:
		return err
	case f != nil:
		f.claim = true
		return f
	case r.Received < r.Sent:
		lost := claim(c, r.Dst.String(), fmt.Sprintf("%d of %d requests got no reply", r.Sent-r.Received, r.Sent))
		_, lost.Netns, err = there(c)
		if err != nil {
			return err
		}
		for i, why := range r.Failures {
			if i > 0 {
				lost.Hint += ", "
			}
			lost.Hint += why.String()
		}
		return lost
	}
	c.Return(pingTable(c.L, r))
	return nil
}

func expectNoPing(c *decl.Call) error {
	patient := false
	r, f, err := ping(c, &patient)
	switch {
	case err != nil:
		return err
	case f != nil:
		return nil
	}
	_, where, err := there(c)
	if err != nil {
		return err
	}
	got := claim(c, r.Dst.String(), fmt.Sprintf("%d of %d requests got a reply", r.Received, r.Sent))
	got.Netns = where
	if len(r.Replies) > 0 {
		got.Hint = "from " + r.Replies[0].From.String()
	}
	return got
}

func expectOK(c *decl.Call) error {
	v := anyArg(c, "value")
	if glua.LVAsBool(v) {
		c.Return(v)
		return nil
	}
	return claim(c, "", said(c)+"got "+shown(v))
}

func expectEqual(c *decl.Call) error {
	got, want := anyArg(c, "got"), anyArg(c, "want")
	diffs := differences(c.L, got, want)
	if len(diffs) == 0 {
		c.Return(got)
		return nil
	}
	return claim(c, "", said(c)+strings.Join(diffs, "\n  "))
}

// said is the message that an assertion was given.
func said(c *decl.Call) string {
	if s, _ := c.Args["message"].(string); s != "" {
		return s + ": "
	}
	return ""
}
