package decl

import (
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestObjects(t *testing.T) {
	const one = `local o = thing.add{ "a", mtu=100, local_="::1", type="box", size=5 } `
	tests := []struct{ name, src, want string }{
		{"a snapshot", one + `thing.set{ "a", mtu=200 } print(o.mtu, thing.get("a").mtu)`, "100 200\n"},
		{"refresh returns it", one + `thing.set{ "a", mtu=200 } print(o:refresh().mtu, o.mtu)`, "200 200\n"},
		{"set in place", one + `print(o:set{ mtu=300 } == o, o.mtu)`, "true 300\n"},
		{"set follows rename", one + `o:set{ name="z" } print(o.name, o:refresh().name)`, "z z\n"},
		{"follows rename by others", one + `thing.set{ "a", name="z" } print(o:refresh().name)`, "z\n"},
		{"set with a mistake", one + `o:set{ mut=3 }`, `! thing set a: unknown field "mut" for type box; did you mean "mtu"?` + "\n"},
		{"set without a table", one + `o:set(5)`, "! thing set: wants a table of fields, got 5\n"},
		{"a batch is read at first use", `local l = thing.add{ {"a"}, {"b"} } thing.set{ "a", mtu=99 } print(l[1].mtu)`, "99\n"},
		{"del", one + `o:del() print(#thing.list(), o.mtu)`, "0 100\n"},
		{"after del", one + `o:del() o:refresh()`, "! thing refresh a: was deleted (ENODEV)\n"},
		{"set after del", one + `o:del() o:set{ mtu=100 }`, "! thing set a: was deleted (ENODEV)\n"},
		{"del twice", one + `o:del() o:del()`, "! thing del a: was deleted (ENODEV)\n"},
		{"deleted in a list", `local l = thing.add{ {"a"}, {"b"} } thing.del(l) l[1]:refresh()`, "! thing refresh a: was deleted (ENODEV)\n"},
		{"deleted by another", one + `thing.del "a" o:refresh()`, "! thing refresh a: no such device (ENODEV)\n"},
		{"unknown field", one + `print(o.mut)`, `! thing a: no field "mut"; did you mean "mtu"?` + "\n"},
		{"unset field", one + `print(o.up, o.dev_index)`, "nil nil\n"},
		{"field of another kind", `print(thing.add{ "a" }.size)`, "nil\n"},
		{"assigning", one + `o.mtu = 5`, "! thing a: a field is not set by assigning to it; use :set{ mtu = 5 }\n"},
		{"method with a dot", one + `o.set{ mtu=5 }`, "! thing set: is called with a colon: x:set(...)\n"},
		{"tostring", one + `print(o)`, "a\n"},
		{"equality", one + `print(o == thing.get "a", o == thing.add "b", o ~= thing.get "b")`, "true false true\n"},
		{"ident", one + `print(o:ident() == thing.get("a"):ident())`, "true\n"},
		{"totable", one + `local t = o:totable() print(t.name, t.mtu, t.local_, t.size, t.type, t.state, t.index)`, "a 100 ::1 5 box nil nil\n"},
		{"totable can be added", one + `local t = o:totable() o:del() print(thing.add(t).size)`, "5\n"},
		{"an object can be added", one + `o:del() print(thing.add(o).size)`, "5\n"},
		{"a list can be added", one + `local l = thing.list() thing.del(l) print(#thing.add(l), thing.get("a").size)`, "1 5\n"},
		{"an object with fields", one + `print(thing.set{ o, mtu=77 }.mtu)`, "77\n"},
		{"an object alone is a list", one + `thing.del{ o } print(#thing.list())`, "0\n"},
		{"an object bare is a key", one + `thing.del(o) print(#thing.list())`, "0\n"},
		{"an object copied", one + `print(thing.add{ o, name="c" }.size)`, "5\n"},
		{"fields", one + `for k, v in o:fields() do print(k, v) end`,
			"name a\ntype box\nindex 1\nmtu 100\nlocal_ ::1\nstate up\nsize 5\n"},
		{"json", one + `print(o:json())`,
			`{"name":"a","type":"box","index":1,"mtu":100,"local":"::1","state":"up","size":5}` + "\n"},
		{"raw", one + `print(o:raw("state"), o:raw("mtu"), thing.up("a"):raw("up"))`, "1 100 1\n"},
		{"raw of an unknown field", one + `o:raw "x"`, `! thing a: no field "x"` + "\n"},
		{"flags", one + `print(#o.flags, thing.up("a").flags[1])`, "0 up\n"},
		{"list filter and map", `thing.add{ {"a", mtu=100}, {"b", mtu=200} }
			print(thing.list():filter(function(o) return o.mtu > 150 end):map(function(o) return o.name end)[1])`, "b\n"},
		{"list filter without function", `thing.list():filter(5)`, "! list filter: wants a function, as in l:filter(function(x) ... end), got 5\n"},
		{"list json", `thing.add{ {"a"}, {"b"} } print(thing.list{ name="b" }:json())`, `[{"name":"b","index":2,"state":"up"}]` + "\n"},
		{"list prints", `thing.add{ {"a", mtu=1500}, {"long", type="box", mtu=99} } print(thing.list())`,
			"name  type   mtu  state\na           1500  up\nlong  box     99  up\n"},
		{"empty list prints", `print(thing.list())`, "\n"},
		{"empty list json", `print(thing.list():json())`, "[]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, newLab(t).run(t, tt.src)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, diff)
			}
		})
	}
}

func TestDeletedNamespace(t *testing.T) {
	l := newLab(t)
	l.here.Name = "h1"
	l.run(t, `o = thing.add{ "a" }`)
	l.here.Gone = true
	for _, src := range []string{`o:refresh()`, `o:set{ mtu=100 }`, `o:del()`, `thing.list()`, `thing.add "b"`, `thing.get "a"`} {
		if got := l.run(t, src); got != "! namespace h1 was deleted\n" {
			t.Errorf("%s: %q", src, got)
		}
	}
	if got := l.run(t, `print(o.name)`); got != "a\n" {
		t.Errorf("fields: %q", got)
	}
}

func TestIterators(t *testing.T) {
	l := newLab(t)
	l.run(t, `thing.add{ {"a"}, {"b"} }`)
	keep := OpenIterators(l.L)
	l.run(t, `its = {} for i = 1, 16 do its[i] = thing.each() its[i]() end`)
	if l.w.open != 16 {
		t.Errorf("%d open, want 16", l.w.open)
	}
	got := l.run(t, `its[17] = thing.each() its[17]() print(its[2]().name) its[1]()`)
	if want := "b\n! thing each: this iterator was closed: it was the oldest of 17 open ones\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if l.w.open != 16 {
		t.Errorf("%d open after the 17th, want 16", l.w.open)
	}
	CloseIterators(l.L, keep)
	if l.w.open != 0 {
		t.Errorf("%d open after the chunk", l.w.open)
	}
	got = l.run(t, `its[3]()`)
	if want := "! thing each: this iterator was closed: the chunk that opened it has ended\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestIteratorCollected holds that what a script dropped is closed by the
// collector. The state may hold on to the last few in its registers.
func TestIteratorCollected(t *testing.T) {
	l := newLab(t)
	l.run(t, `thing.add{ {"a"}, {"b"} }`)
	l.w.closed = make(chan struct{}, 16)
	l.run(t, `for i = 1, 12 do thing.each()() end`)
	deadline := time.After(20 * time.Second)
	for n := 0; n < 6; {
		runtime.GC()
		select {
		case <-l.w.closed:
			n++
		case <-deadline:
			t.Fatalf("%d of 12 closed", n)
		default:
			runtime.Gosched()
		}
	}
}

func TestForeignLink(t *testing.T) {
	l := newLab(t)
	l.L.SetGlobal("there", Install(l.L, l.fakeHost, l.w.module(), &Place{Name: "h1"}))
	got := l.run(t, `o = there.add "a" thing.add{ "b", dev=o }`)
	if want := "! thing add b: dev is a in namespace h1, and an index there means nothing here\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got = l.run(t, `thing.set{ o, mtu=100 }`)
	if want := "! thing set a: is in namespace h1; objects act where they came from\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got = l.run(t, `print(o:set{ mtu=100 }.mtu)`); got != "100\n" {
		t.Errorf("got %q", got)
	}
}

func TestBigInt(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"small is a number", `print(type(thing.get("a").mtu))`, "number\n"},
		{"sum", `print(bigint(2^53) + 1)`, "9007199254740993\n"},
		{"number first", `print(1 + bigint(2^53))`, "9007199254740993\n"},
		{"difference", `print(bigint("18446744073709551615") - 1)`, "18446744073709551614\n"},
		{"product", `print(bigint("4294967296") * bigint("4294967296"))`, "18446744073709551616\n"},
		{"division truncates", `print(bigint(-7) / 2, bigint(7) / 2)`, "-3 3\n"},
		{"remainder as in Lua", `print(bigint(-7) % 3, bigint(7) % -3, -7 % 3, 7 % -3)`, "2 -2 2 -2\n"},
		{"minus", `print(-bigint(5))`, "-5\n"},
		{"concatenation", `print("x" .. bigint(5) .. 1)`, "x51\n"},
		{"comparison", `print(bigint(5) < bigint(6), bigint(5) == bigint(5), bigint(6) <= bigint(5))`, "true true false\n"},
		{"mixed equality is false", `print(bigint(5) == 5)`, "false\n"},
		{"hexadecimal", `print(bigint "0xffffffffffffffff")`, "18446744073709551615\n"},
		{"by zero", `print(select(2, pcall(function() return bigint(1) / 0 end)))`, "<string>:1: bigint: division by zero\n"},
		{"a fraction", `bigint(1.5)`, "! bigint: wants a whole number, got 1.5\n"},
		{"text", `bigint "x"`, `! bigint: wants digits, got "x"` + "\n"},
		{"mixed comparison raises", `print(pcall(function() return bigint(5) < 6 end))`, "false <string>:1: attempt to compare userdata with number\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			l.run(t, `thing.add{ "a", mtu=100 }`)
			if diff := cmp.Diff(tt.want, l.run(t, tt.src)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, diff)
			}
		})
	}
	l := newLab(t)
	l.run(t, `thing.add "a"`)
	l.w.things[0].self().Count.Set(1<<63 + 1)
	got := l.run(t, `local o = thing.get "a" print(o.count, o.count + 1, o:json())`)
	want := `9223372036854775809 9223372036854775810 {"name":"a","index":1,"count":9223372036854775809,"state":"up"}` + "\n"
	if got != want {
		t.Errorf("got %s want %s", got, want)
	}
}
