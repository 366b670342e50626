package bindings_test

import "testing"

func TestExpect(t *testing.T) {
	runScripts(t, []script{
		{"ping", pair + `print(expect.ping{ "10.0.0.2", netns="h1", count=2 }.received)`, "2\n"},
		{"ping without a reply", pair + `print(refused(function() expect.ping{ "10.0.0.3", netns="h1", timeout="100ms", patient=false } end, "op", "netns"))`,
			"expect ping 10.0.0.3 in h1: no reply expect ping h1 false\n"},
		{"ping that cannot be tried", `print(refused(function() expect.ping{ "10.0.0.3", netns="h9" } end))`, "expect ping h9: no such namespace (ENOENT) true\n"},
		{"no_ping", pair + `expect.no_ping{ "10.0.0.3", netns="h1", timeout="100ms" }`, ""},
		{"no_ping with a reply", pair + `print(refused(function() expect.no_ping{ "10.0.0.2", netns="h1" } end))`,
			"expect no_ping 10.0.0.2 in h1: 1 of 1 requests got a reply; from 10.0.0.2 false\n"},
		{"no_ping with a wrong word", `expect.no_ping{ "10.0.0.2", netnss="h1" }`, "! expect no_ping: unknown field \"netnss\"; did you mean \"netns\"?\n"},

		{"ok", `print(expect.ok(7), expect.ok(0), expect.ok "", expect.ok(true, "said"))`, "7 0  true\n"},
		{"ok, a table", `local t = {} print(expect.ok(t) == t)`, "true\n"},
		{"not ok", `print(refused(function() expect.ok(nil) end))`, "expect ok: got nil false\n"},
		{"not ok, with words", `expect.ok(false, "no default route")`, "! expect ok: no default route: got false\n"},

		{"eq", `print(expect.eq(1, 1), expect.eq("a", "a"), expect.eq(nil, nil), expect.eq(false, false))`, "1 a nil false\n"},
		{"eq, tables", `local a = { 1, { x="y", [true]=2 }, n=0/1 } print(expect.eq(a, { 1, { [true]=2, x="y" }, n=0 }) == a)`, "true\n"},
		{"eq, tables that hold themselves", `local a, b = { 1 }, { 1 } a.me, b.me = a, b expect.eq(a, b) b.me = { 1, me=b } expect.eq(a, b) b.x = 1 expect.eq(a, b)`,
			"! expect eq: .x: missing, want 1\n"},
		{"eq, bigints", `expect.eq(bigint "18446744073709551615", bigint "0xffffffffffffffff") expect.eq(bigint(5), 5) expect.eq(5, bigint(5)) expect.eq(bigint(5), bigint(6))`,
			"! expect eq: got 5, want 6\n"},
		{"eq, objects", `expect.eq(link.get "lo", link.get "lo") expect.eq({ link.get "lo" }, { link.get(1) }) expect.eq(link.get "lo", link.add{ "b0", type="bridge" })`,
			"! expect eq: got <lo>, want <b0>\n"},
		{"eq, namespaces", `local h = netns.add "h1" expect.eq(h, netns "h1") expect.eq(h, netns.add "h2")`, "! expect eq: got <h1>, want <h2>\n"},
		{"eq, numbers and texts", `expect.eq(1, "1")`, "! expect eq: got 1, want \"1\"\n"},
		{"eq, not a number", `expect.eq(0/0, 0/0)`, "! expect eq: got NaN, want NaN\n"},
		{"eq, nothing", `print(refused(function() expect.eq(nil, 1) end))`, "expect eq: got nil, want 1 false\n"},
		{"eq, with words", `expect.eq(1, 2, "count of routes")`, "! expect eq: count of routes: got 1, want 2\n"},
		{"eq, one difference", `expect.eq({ a={ b={ 1, 2 } } }, { a={ b={ 1, 3 } } })`, "! expect eq: .a.b[2]: got 2, want 3\n"},
		{"eq, several", `expect.eq({ 1, 2, x="a", ["a b"]=1, [true]=1 }, { 1, 3, 4, y={ z=1 }, ["a b"]=2, [false]=0 })`, `
! expect eq: values differ
  [2]: got 2, want 3
  [3]: missing, want 4
  ["a b"]: got 1, want 2
  .y: missing, want { z = 1 }
  [false]: missing, want 0
  .x: got "a", which is not wanted
  [true]: got 1, which is not wanted
`},
		{"eq, many", `local a, b = {}, {} for i = 1, 30 do a[i] = i b[i] = -i end print((refused(function() expect.eq(a, b) end):match "%[10%].*"))`,
			"[10]: got 10, want -10\n  and 20 more\n"},
		{"eq, long values", `print(#refused(function() expect.eq(("x"):rep(5000), 1) end))`, "226\n"},
	})
}
