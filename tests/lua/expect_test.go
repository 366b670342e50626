package lua_test

import "testing"

func TestExpect(t *testing.T) {
	const lo = `local lo = link.get "lo" `
	runAll(t, []script{
		{"fails as it should", `local e = expect.fails({ errno="ENODEV", op="link get" }, link.get, "nosuch") print(e.object)`, "nosuch\n"},
		{"fails anyhow", `print(expect.fails({}, error, "x", 0))`, "x\n"},
		{"fails with a text", `print(expect.fails("such device", link.get, "nosuch").errno)`, "ENODEV\n"},
		{"fails with part of a message", `expect.fails({ message="ops" }, error, "oops", 0) print "fine"`, "fine\n"},
		{"fails with a table", `expect.fails({ code=5 }, function() error{ code=5 } end) print "fine"`, "fine\n"},
		{"does not fail", `expect.fails({}, link.get, "lo")`, "! t.lua:1: expect fails: expected an error, there was none\n"},
		{"fails otherwise", `expect.fails({ errno="EEXIST", attr="mtu" }, link.get, "nosuch")`,
			"! t.lua:1: expect fails: attr: got nil, want \"mtu\"\n  errno: got \"ENODEV\", want \"EEXIST\"\n  the error was: link get nosuch: no such device (ENODEV)\n"},
		{"fails with another text", `expect.fails("bad", error, "good", 0)`, "! t.lua:1: expect fails: want a text with \"bad\"\n  the error was: good\n"},
		{"os.exit is no failure", `expect.fails({}, os.exit, 4)`, "! exit status 4\n"},
		{"no function", `expect.fails({}, nil)`, "! t.lua:1: expect fails: f wants a function, got nil; its arguments follow it\n"},
		{"no pattern", `expect.fails(link.get, "nosuch")`, "! t.lua:1: expect fails: pattern wants a table of fields or a text, got a function\n"},

		{"matches a part", `print(expect.match({ a=1, b={ c=2, d=3 } }, { b={ d=3 } }).a)`, "1\n"},
		{"matches an object", lo + `print(expect.match(lo, { up=true, mtu=65536, master=false, flags="UP" }))`, "lo\n"},
		{"matches one of a list", lo + `expect.match(lo, { mtu={ 1500, 65536 } }) print "fine"`, "fine\n"},
		{"matches any spelling", `expect.match(addr.get "::1/128", { address="0:0::1/128" }) expect.match({ "0::1" }, { "::1" }) print "fine"`, "fine\n"},
		{"matches in a list", `expect.match({ { x=1, y=2 }, { x=3 } }, { { x=1 }, { x=3 } }) print "fine"`, "fine\n"},
		{"matches stats", lo + `expect.match(lo, { stats={ rx_errors=0 } }) print "fine"`, "fine\n"},
		{"matches itself", `local t = {} t.t = t expect.match(t, t) local u = {} u.t = u expect.match(t, u) print "fine"`, "fine\n"},
		{"does not match", lo + `expect.match(lo, { mtu=1500, up=false })`,
			"! t.lua:1: expect match: values differ\n  .mtu: got 65536, want 1500\n  .up: got true, want false\n"},
		{"lacks a member", `expect.match({ a={} }, { a={ b=1 } }, "so")`, "! t.lua:1: expect match: so: .a.b: got nil, want 1\n"},
		{"is no table", `expect.match(5, { a=1 })`, "! t.lua:1: expect match: got 5, want { a = 1 }\n"},
		{"a wrong field", lo + `expect.match(lo, { mtuu=5 })`, "! t.lua:1: expect match: unknown field \"mtuu\"; did you mean \"mtu\"?\n"},
		{"a failed claim passes try", `try(expect.match, 1, 2)`, "! expect match: got 1, want 2\n"},

		{"eventually", `local n = 0 print(expect.eventually(function() n = n + 1 expect.eq(n, 3) return n end, "60s"))`, "3\n"},
		{"eventually without a value", `local n = 0 expect.eventually(function() n = n + 1 expect.ok(n > 2) end, "60s") print(n)`, "3\n"},
		{"never", `try(expect.eventually, function() expect.eq(1, 2) end, "1ms")`,
			"! expect eventually: not within 1ms: the last error was: t.lua:1: expect eq: got 1, want 2\n"},
		{"never true", `expect.eventually(function() return false end, 0)`, "! t.lua:1: expect eventually: not within 0s: the last value was false\n"},
		{"a mistake", `expect.eventually(function() error "mistake" end, "60s")`, "! t.lua:1: mistake\n"},
	})
}
