package lua

import (
	"fmt"
	"testing"
)

func TestCoroutines(t *testing.T) {
	var programs []program
	for i, src := range []string{
		`local co = coroutine.create(function(...) print(...) local a, b = coroutine.yield(1, 2) print(a, b) return "end" end) print(coroutine.resume(co, "a", "b")) print(coroutine.resume(co, "c")) print(coroutine.resume(co)) print(coroutine.status(co))`,
		`local co = coroutine.create(function() local a, b, c = coroutine.yield() print(a, b, c) local d = coroutine.yield() print(d) print(coroutine.yield()) end) coroutine.resume(co) coroutine.resume(co, 1) coroutine.resume(co) coroutine.resume(co, 7, 8, 9)`,
		`local co = coroutine.create(function() local t = {coroutine.yield()} print(#t, t[1], t[3]) local x = {n = coroutine.yield()} print(x.n) end) coroutine.resume(co) coroutine.resume(co, 1, 2, 3) coroutine.resume(co, 4, 5)`,
		`local co = coroutine.wrap(function() return coroutine.yield(1) end) print(co()) print(co(5, 6)) print(pcall(co))`,
		`local co = coroutine.create(function() return coroutine.yield(1) end) print(coroutine.resume(co)) print(coroutine.status(co)) print(coroutine.resume(co, 5)) print(coroutine.status(co))`,
		`local function put(x) return coroutine.yield(x) end local co = coroutine.wrap(function() local a = put(1) local b, c = put(a) return b, c end) print(co()) print(co(2)) print(co(3, 4))`,
		`local function put(x) return coroutine.yield(x) end local co = coroutine.wrap(function() return put(1) end) print(co()) print(co(3, 4))`,
		`for a, b in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i, i * i) end end) do print(a, b) end`,
		`local co co = coroutine.create(function() print(coroutine.status(co), coroutine.running() == co) print(coroutine.resume(co)) local inner = coroutine.wrap(function() print(coroutine.status(co)) print(coroutine.resume(co)) end) inner() end) print(coroutine.status(co), coroutine.running()) coroutine.resume(co) print(coroutine.status(co)) print(coroutine.resume(co))`,
		`local co = coroutine.create(function() error("boom") end) print(coroutine.resume(co)) print(coroutine.resume(co)) print(coroutine.status(co))`,
		`local co = coroutine.create(function() error({code = 5}) end) local ok, e = coroutine.resume(co) print(ok, e.code)`,
		`print(coroutine.wrap(function() return pcall(function() coroutine.yield(1) end) end)())`,
		`print(coroutine.wrap(function() return pcall(coroutine.yield, 1) end)())`,
		`local co = coroutine.create(function() for x in function() coroutine.yield(2) end do end end) print(coroutine.resume(co))`,
		`local co = coroutine.create(function() return setmetatable({}, {__index = function() coroutine.yield(3) end}).x end) print(coroutine.resume(co)) print(coroutine.status(co))`,
		`local co = coroutine.create(function() return setmetatable({}, {__add = function() coroutine.yield(3) end}) + 1 end) print(coroutine.resume(co))`,
		`local co = coroutine.create(function() table.sort({1, 2, 3}, function() coroutine.yield() end) end) print(coroutine.resume(co))`,
		`local co = coroutine.create(function() return setmetatable({}, {__call = function(_, x) return coroutine.yield(x) end})(4) end) print(coroutine.resume(co)) print(coroutine.resume(co, 5))`,
		`print(pcall(coroutine.yield, 1))`,
		`print(pcall(function() coroutine.create(5) end))`, `print(pcall(function() coroutine.wrap(math.floor) end))`, `print(pcall(function() coroutine.status({}) end))`,
		`local out = {} local function perm(a, n) if n <= 1 then coroutine.yield(a) else for i = 1, n do a[n], a[i] = a[i], a[n] perm(a, n - 1) a[n], a[i] = a[i], a[n] end end end for p in coroutine.wrap(function() perm({1, 2, 3, 4}, 4) end) do out[#out + 1] = table.concat(p) end print(table.concat(out, " "))`,
		`local function gen(n) return coroutine.wrap(function() for i = 2, n do coroutine.yield(i) end end) end local function filter(p, g) return coroutine.wrap(function() for n in g do if n % p ~= 0 then coroutine.yield(n) end end end) end local x, out = gen(60), {} while true do local n = x() if n == nil then break end out[#out + 1] = n x = filter(n, x) end print(table.concat(out, " "))`,
		`local co = coroutine.wrap(function(...) local n = select("#", ...) while true do n = select("#", coroutine.yield(n)) end end) print(co(1, nil, 3), co(), co(nil), co(nil, nil))`,
		`local co = coroutine.create(function() local ok, e = pcall(error, "in") coroutine.yield(ok, e) pcall(function() end) coroutine.yield("again") end) print(coroutine.resume(co)) print(coroutine.resume(co)) print(coroutine.resume(co)) print(coroutine.resume(co))`,
		`local a = coroutine.wrap(function() local b = coroutine.wrap(function() coroutine.yield(1) error("inner") end) coroutine.yield(b()) print(pcall(b)) return "out" end) print(a()) print(a())`,
		`local co = coroutine.wrap(function(a) a = coroutine.yield(a) a = coroutine.yield(a) return a end) print(co(1), co(2), co(3))`,
		`local co = coroutine.create(function() end) print(coroutine.resume(co, 1, 2)) print(coroutine.resume(co))`,
		`local t = {} for i = 1, 100 do t[i] = coroutine.create(function(x) local y = coroutine.yield(x) return x + y end) end local s = 0 for i = 1, 100 do coroutine.resume(t[i], i) end for i = 1, 100 do local _, v = coroutine.resume(t[i], i) s = s + v end print(s)`,
	} {
		programs = append(programs, program{fmt.Sprint(i), src})
	}
	sameAsPUC(t, programs)
}

// TestWrapKeepsTheTraceback holds that an error which passes through
// coroutine.wrap shows the calls inside.
func TestWrapKeepsTheTraceback(t *testing.T) {
	got := output(t, `
local function inner() local x; x.y = 1 end
local f = coroutine.wrap(function() inner() end)
print(xpcall(function() f() end, debug.traceback))`)
	want := `false	t:2: attempt to index local 'x' (a nil value)
stack traceback:
	t:2: in function 'inner'
	t:3: in function <t:3>
	[C]: in function 'f'
	t:4: in function <t:4>
	[C]: in function 'xpcall'
	t:4: in main chunk
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}
