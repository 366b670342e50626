package lua

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRandomPrograms compares random programs of all kinds of statements and
// expressions with lua5.1: what gopher-lua compiles wrongly should show here
// before a user meets it.
func TestRandomPrograms(t *testing.T) {
	var programs []program
	for i := range 300 {
		g := &generator{rnd: rand.New(rand.NewPCG(7, uint64(i)))}
		programs = append(programs, program{fmt.Sprint(i), g.program()})
	}
	sameAsPUC(t, programs)
}

// generator writes programs that end, whose values are numbers, booleans,
// nil and short strings, and which print what they do.
type generator struct {
	rnd    *rand.Rand
	out    strings.Builder
	locals []string
	depth  int
	loop   bool
	names  int
}

func (g *generator) n(n int) int { return g.rnd.IntN(n) }

func (g *generator) pick(list ...string) string { return list[g.n(len(list))] }

func (g *generator) line(format string, args ...any) {
	g.out.WriteString(strings.Repeat(" ", g.depth))
	fmt.Fprintf(&g.out, format+"\n", args...)
}

func (g *generator) program() string {
	g.line(`local budget = 300
local function tick() budget = budget - 1 if budget < 0 then error("done", 0) end end
local function show(...) local t = {...} for i = 1, select("#", ...) do t[i] = type(t[i]) == "table" and "T" or type(t[i]) == "function" and "F" or tostring(t[i]) end print(unpack(t, 1, select("#", ...))) end
local function two(...) tick() return ..., (...) end
G, H = 1, "h"
local function main(p, q, ...)`)
	g.depth = 1
	g.locals = []string{"p", "q"}
	g.line(`local t = {1, 2, 3, x = 4, y = {z = 5}}`)
	g.locals = append(g.locals, "t")
	g.block(6)
	g.line("return %s", g.exprs(3))
	g.depth = 0
	g.line("end\nlocal function run(...) show(pcall(main, ...)) end run(1, 'b', nil, 4) run(nil, 2) show(G, H)")
	return g.out.String()
}

func (g *generator) block(n int) {
	was := len(g.locals)
	g.depth++
	for range 1 + g.n(n) {
		g.statement()
	}
	g.depth--
	g.locals = g.locals[:was]
}

func (g *generator) local() string { return g.locals[g.n(len(g.locals))] }

func (g *generator) fresh() string {
	if g.n(4) == 0 { // hide another
		return g.local()
	}
	g.names++
	return fmt.Sprintf("v%d", g.names)
}

func (g *generator) statement() {
	k := g.n(20)
	if g.depth > 5 && k < 9 {
		k = 9 + g.n(11)
	}
	switch k {
	case 0:
		g.line("if %s then", g.expr(3))
		g.block(3)
		if g.n(2) == 0 {
			g.line("elseif %s then", g.expr(2))
			g.block(2)
		}
		if g.n(2) == 0 {
			g.line("else")
			g.block(2)
		}
		g.line("end")
	case 1, 2:
		g.loopStatement()
	case 3:
		g.line("do")
		g.block(3)
		g.line("end")
	case 4, 5:
		g.functionStatement()
	case 6:
		name := g.fresh()
		g.line("local %s = coroutine.wrap(function(...)", name)
		g.inFunction(func() { g.block(2); g.line(" coroutine.yield(%s) return %s", g.exprs(2), g.exprs(2)) })
		g.line("end) show(pcall(%s, %s)) show(pcall(%s, %s))", name, g.exprs(2), name, g.expr(1))
		g.locals = append(g.locals, name)
	case 7:
		g.line("show(pcall(function(...)")
		g.inFunction(func() { g.block(3); g.line(" return %s", g.exprs(2)) })
		g.line("end, %s))", g.exprs(2))
	case 8:
		g.line("while %s do tick()", g.expr(2))
		was := g.loop
		g.loop = true
		g.block(3)
		g.loop = was
		g.line(" if %s then break end", g.expr(2))
		g.line("end")
	case 9, 10, 11:
		values := g.exprs(3)
		names := []string{g.fresh()}
		for range g.n(3) {
			names = append(names, g.fresh())
		}
		g.line("local %s = %s", strings.Join(names, ", "), values)
		g.locals = append(g.locals, names...)
	case 12, 13, 14, 15:
		targets := []string{g.target()}
		for range g.n(3) {
			targets = append(targets, g.target())
		}
		g.line("%s = %s", strings.Join(targets, ", "), g.exprs(3))
	case 16:
		g.line("two(%s)", g.exprs(2))
	default:
		g.line("show(%s)", g.exprs(4))
	}
}

func (g *generator) loopStatement() {
	was, n := g.loop, len(g.locals)
	g.loop = true
	switch g.n(3) {
	case 0:
		g.line("for i = %s do tick()", g.pick("1, 3", "3, 1, -1", "1, 2, 0.5", "5, 1"))
		g.locals = append(g.locals, "i")
		g.block(3)
		g.line("end")
	case 1:
		g.line("for k, v in ipairs({%s}) do tick()", g.exprs(3))
		g.locals = append(g.locals, "k", "v")
		g.block(3)
		g.line("end")
	case 2:
		g.line("repeat tick() local r = %s", g.expr(2))
		g.locals = append(g.locals, "r")
		g.block(3)
		g.line("until r or %s", g.expr(2))
	}
	g.loop = was
	g.locals = g.locals[:n]
}

func (g *generator) functionStatement() {
	name := g.fresh()
	g.line("local function %s(a, b, ...) tick()", name)
	g.inFunction(func() { g.locals = append(g.locals, "a", "b"); g.block(3); g.line(" return %s", g.exprs(3)) })
	g.line("end")
	g.locals = append(g.locals, name)
	g.line("show(pcall(%s, %s))", name, g.exprs(3))
}

func (g *generator) inFunction(body func()) {
	was, n := g.loop, len(g.locals)
	g.loop = false
	body()
	g.loop = was
	g.locals = g.locals[:n]
}

func (g *generator) target() string {
	return g.pick(g.local(), g.local(), "G", "H", "t.x", "t.y", "t[1]", "t["+g.pick("2", "'k'")+"]")
}

func (g *generator) exprs(most int) string {
	list := []string{g.expr(3)}
	for range g.n(most) {
		list = append(list, g.expr(3))
	}
	return strings.Join(list, ", ")
}

func (g *generator) expr(depth int) string {
	if depth == 0 || g.n(3) == 0 {
		return g.pick(g.local(), g.local(), g.local(), "1", "2.5", "'s'", "nil", "true", "false", "G", "H", "t.x", "t[1]")
	}
	sub := func() string { return g.expr(depth - 1) }
	switch g.n(16) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", sub(), g.pick("+", "-", "*", "/", "%", "^"), sub())
	case 2:
		return fmt.Sprintf("(%s .. %s .. %s)", g.pick("'a'", "1", sub()), g.pick("'b'", "G", sub()), sub())
	case 3, 4:
		return fmt.Sprintf("%s %s %s", sub(), g.pick("and", "or"), sub())
	case 5:
		return fmt.Sprintf("(%s %s %s)", sub(), g.pick("==", "~="), sub())
	case 6:
		return fmt.Sprintf("(%s %s %s)", sub(), g.pick("<", "<=", ">", ">="), sub())
	case 7:
		return "not " + sub()
	case 8:
		return fmt.Sprintf("two(%s, %s)", sub(), sub())
	case 9:
		return fmt.Sprintf("(two(%s))", sub())
	case 10:
		return fmt.Sprintf("#('%s' .. (%s))", "x", g.pick("G", "'y'", "1"))
	case 11:
		return fmt.Sprintf("({%s, k = %s})[%s]", sub(), sub(), g.pick("1", "2", "'k'"))
	case 12:
		return fmt.Sprintf("select('#', %s, %s)", sub(), sub())
	case 13:
		return fmt.Sprintf("(function(c) %s return c, %s end)(%s)", g.pick("", "c = c or 1 ", "c, G = G, c "), g.pick("c", "1"), sub())
	case 14:
		return "- " + sub()
	}
	return fmt.Sprintf("type(%s)", sub())
}
