package decl

import (
	"testing"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

// routeTables makes n tables as a script with many routes does.
func routeTables(L *glua.LState, n int) *glua.LTable {
	t := L.CreateTable(n, 0)
	for range n {
		r := L.CreateTable(1, 2)
		r.RawSetInt(1, glua.LString("10.9.1.0/24"))
		r.RawSetString("via", glua.LString("10.0.0.1"))
		r.RawSetString("dev", glua.LString("eth0"))
		t.Append(r)
	}
	return t
}

func routeLab(b *testing.B) (*builder, *glua.LState) {
	L := glua.NewState()
	b.Cleanup(L.Close)
	h := &fakeHost{w: &world{}, here: &Place{}, dry: true}
	m := &Module{Name: "route", Class: nlcore.ClassByName("route")}
	Install(L, h, m, nil)
	c := &Call{L: L, Host: h, Module: m, Func: &Func{Name: "add"}, Path: "route"}
	return &builder{c: c, cl: c.class(), verb: val.Add, place: h.here, env: h.Env()}, L
}

// BenchmarkTableToRoute is one table {dst, via=, dev=} to a Route.
func BenchmarkTableToRoute(b *testing.B) {
	bu, L := routeLab(b)
	t := routeTables(L, 1).RawGetInt(1)
	b.ReportAllocs()
	for b.Loop() {
		r, err := bu.c.element(bu.cl, t)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := bu.build(&r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkList100k is a list of 100,000 tables to its batch and back to a
// list of objects, without the kernel.
func BenchmarkList100k(b *testing.B) {
	bu, L := routeLab(b)
	t := routeTables(L, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		bu.c.out = nil
		if err := bu.changeList(t, 100_000, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkField is reading one field from Lua, ten times a loop.
func BenchmarkField(b *testing.B) {
	l := newLab(b)
	l.run(b, `o = thing.add{ "a", mtu=100, local_="10.0.0.1" }
		function number() local o, x = o for i = 1, 1000 do x = o.mtu end end
		function text() local o, x = o for i = 1, 1000 do x = o.name end end
		function method() local o, x = o for i = 1, 1000 do x = o.set end end
		function none() local o, x = o for i = 1, 1000 do x = i end end`)
	for _, name := range []string{"none", "method", "number", "text"} {
		f := l.L.GetGlobal(name)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := l.L.CallByParam(glua.P{Fn: f, Protect: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
