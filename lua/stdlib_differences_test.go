package lua

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// differences are the programs that are meant to write something else than under PUC Lua 5.1.
var differences = []struct {
	name, program, ours string
	// why is the reason for the difference.
	why string
}{
	{"whole numbers", `print(1e15, -2^53, 2^53 - 1, string.format("%s", 1e14), table.concat{1e15})`,
		"1000000000000000\t-9007199254740992\t9007199254740991\t100000000000000\t1000000000000000\n",
		"counters and handles stay readable: whole numbers up to 2^53 read in full"},
	{"whole numbers joined", `print(1e15 .. "", 2^60 .. "", -0.1 .. 2^53)`, "1000000000000000\t1.1529215046068e+18\t-0.19007199254740992\n",
		"as above"},
	{"nan", `print(0/0, -(0/0), string.format("%f %5.1f|%G", 0/0, 0/0, 0/0))`, "nan\tnan\tnan   nan|NAN\n",
		"the sign of a NaN depends on the processor"},
	{"missing format argument", `string.format("%d")`,
		"error\tt:1: bad argument #2 to 'format' (number expected, got no value)\n", "PUC says '(no value)' without the type"},
	{"format %s of objects", `print(string.format("%s|%5s", setmetatable({}, {__tostring = function() return "obj" end}), setmetatable({}, {__tostring = function() return 1 end})))`,
		"obj|    1\n", "errors are objects here, and messages are made of them"},
	{"format %s of an object without text", `string.format("%s", setmetatable({}, {__tostring = function() return {} end}))`,
		"error\tt:1: bad argument #2 to 'format' ('__tostring' must return a string)\n", "as above"},
	{"format of zero bytes", `print(#string.format("%s", "a\0b"), #string.format("%c", 0), #string.format("%5s", "a\0b"))`, "3\t1\t5\n",
		"PUC stops at a zero byte"},
	{"format %d beyond 64 bits", `print(string.format("%d %d %u %x", 2^63, -2^70, 2^70, 2^64))`,
		"9223372036854775808 -1180591620717411303424 1180591620717411303424 10000000000000000\n", "undefined in C"},
	{"format %d of infinity", `string.format("%d", math.huge)`,
		"error\tt:1: bad argument #2 to 'format' (number has no integer representation)\n", "undefined in C"},
	{"infinity as a position", `print(("hello"):sub(2, math.huge), ("hello"):sub(-math.huge, 2), ("hello"):byte(1, math.huge))`,
		"ello\the\t104\t101\t108\t108\t111\n", "undefined in C; PUC returns nothing"},
	{"repeat without end", `string.rep("x", math.huge)`,
		"error\tt:1: resulting string of 'rep' is too long (limit 268435456 bytes)\n", "PUC takes infinity for zero"},
	{"patterns with zero bytes", `print(string.find("a\0b", "\0b"), string.find("ab", "a\0?b"), string.find("a\0", "[\0]"))`, "2\t1\t2\t2\n",
		"a pattern ends at a zero byte in PUC"},
	{"name through a computed key", `local k = "rep" string[k]()`,
		"error\tt:1: bad argument #1 to 'rep' (string expected, got no value)\n", "PUC says '?'"},
	{"name through pcall", `print(pcall(string.rep))`, "false\tbad argument #1 to 'rep' (string expected, got no value)\n", "PUC says '?'"},
	{"name of an iterator", `for k in string.rep, nil, nil do end`,
		"error\tt:1: bad argument #1 to 'rep' (string expected, got nil)\n", "PUC says '(for generator)'"},
	{"position of errors in comparisons", `table.sort({3, 1, {}})`, "error\tt:1: attempt to compare table with number\n",
		"PUC gives no position inside a library function"},
	{"position of table errors", `rawset({}, nil, 1)`, "error\tt:1: table index is nil\n", "as above"},
	{"order of equal elements", `local t = {} for i = 1, 20 do t[i] = {k = i % 3, i = i} end
table.sort(t, function(a, b) return a.k < b.k end)
for i = 1, 20 do t[i] = t[i].i end print(table.concat(t, " "))`,
		"3 6 9 12 15 18 1 4 7 10 13 16 19 2 5 8 11 14 17 20\n", "a stable sort gives the same result everywhere"},
	{"contradicting order function", `local t = {} for i = 1, 100 do t[i] = i end
table.sort(t, function() return true end) local s = 0 for i = 1, 100 do s = s + t[i] end print(#t, s)`, "100\t5050\n",
		"PUC may say 'invalid order function for sorting', and may not"},
	{"assert with an object", `local e = {} print(select(2, pcall(assert, nil, e)) == e, select(2, pcall(assert, false, true)))`, "true\ttrue\n",
		"errors are objects here; PUC takes text only"},
	{"unknown key for next", `print(next({}, "no such key"))`, "nil\n", "gopher-lua cannot tell it from a key that was removed on the way"},
	{"dump", `string.dump(function() end)`, "error\tt:1: unable to dump given function\n", "there is no bytecode of PUC's here"},
	{"trailing zero byte in a number", `print(tonumber("10\0"), tonumber("10\0abc"))`, "nil\tnil\n", "PUC stops at a zero byte"},
	{"many results", `local t = {} for i = 1, 100000 do t[i] = i end
print(select("#", unpack(t)), select("#", ("x"):rep(100000):byte(1, -1)))`, "100000\t100000\n", "PUC's stack holds 8000 values of a library function"},
	{"remainder by infinity", `print(5 % math.huge, "5" % math.huge, -5 % math.huge)`, "5\t5\tinf\n", "as later Luas define it; 5.1 gives nan"},
	{"operators of strings", `print(type(getmetatable("").__add))`, "function\n", "a string reads as a number as Lua reads it, not as Go does"},
	{"text in a numerical for", `for i = "1", 2 do end`, "error\tt:1: 'for' initial value must be a number\n", "later Luas refuse it too"},
	{"setlocale", `print(os.setlocale(""))`, "C\n", "there is no other locale"},
}

func TestStdlibDifferences(t *testing.T) {
	programs := make([]string, len(differences))
	for i, d := range differences {
		programs[i] = d.program
	}
	puc, ours := runPUC(t, programs), runOurs(t, programs)
	for i, d := range differences {
		t.Run(d.name, func(t *testing.T) {
			if diff := cmp.Diff(d.ours, ours[i]); diff != "" {
				t.Errorf("%s\n(-want +ours)\n%s", d.program, diff)
			}
			if puc[i] == ours[i] {
				t.Errorf("%s\nlua5.1 writes the same, %q: no difference any more (%s)", d.program, ours[i], d.why)
			}
		})
	}
}
