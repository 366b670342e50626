package lua

import (
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// gopher-lua looks a constant up by comparing it with all others of the
// function: 60,000 take 26 s to compile, and nothing can stop it. So a
// function keeps its first constants; what comes after them, and templates of
// tables, stand in a list of the chunk from which one function fetches them.

const (
	// mostConstants is how many strings and numbers a function keeps itself.
	mostConstants = 500
	// dataBase is the base in which two digits number the data of a chunk.
	dataBase = 512
)

// datum is a value or a template that a chunk fetches.
type datum struct {
	value glua.LValue // nil: a table
	table *template
	holes int // of the table and those within
}

// keep notes a constant of the function; false says that it has too many.
func (f *fnScope) keep(constant string) bool {
	if f.constants[constant] {
		return true
	}
	if f.isFull() {
		return false
	}
	if f.constants == nil {
		f.constants = map[string]bool{}
	}
	f.constants[constant] = true
	return true
}

func (f *fnScope) isFull() bool { return len(f.constants) >= mostConstants }

// constant rewrites a string or number, which is text in the source.
func (r *rewriter) constant(e ast.Expr, text string) ast.Expr {
	if r.fn.keep(text) {
		return e
	}
	return call(r.data, e.Line(), r.datum(datum{value: literal(e)}, e.Line())...)
}

// datum adds d to the data of the chunk and returns the arguments that fetch
// it. A constructor within a template never gets here: its parent holds it.
func (r *rewriter) datum(d datum, line int) []ast.Expr {
	at := len(r.list)
	r.list = append(r.list, d)
	if at >= dataBase*dataBase {
		r.fail(line, "more than %d long tables and constants", dataBase*dataBase)
	}
	args := []ast.Expr{number(at/dataBase, line), number(at%dataBase, line)}
	return args
}

func number(n, line int) ast.Expr {
	e := &ast.NumberExpr{Value: strconv.Itoa(n)}
	e.SetLine(line)
	return e
}

// literal returns the value that e stands for, nil when that depends on the
// run.
func literal(e ast.Expr) glua.LValue {
	switch e := e.(type) {
	case *ast.StringExpr:
		return glua.LString(e.Value)
	case *ast.NumberExpr:
		return literalNumber(e, 1)
	case *ast.UnaryMinusOpExpr:
		if n, ok := e.Expr.(*ast.NumberExpr); ok {
			return literalNumber(n, -1)
		}
	case *ast.TrueExpr:
		return glua.LTrue
	case *ast.FalseExpr:
		return glua.LFalse
	}
	return nil
}

func literalNumber(e *ast.NumberExpr, sign float64) glua.LValue {
	f, ok := parseNumber(e.Value)
	if !ok {
		return nil
	}
	return glua.LNumber(sign * f)
}

// spell writes a number so that gopher-lua reads what Lua does: it takes
// 0xffffffffffffffff and 1e999 for no numbers.
func spell(e *ast.NumberExpr) {
	if len(e.Value) <= 15 && !strings.ContainsAny(e.Value, "xXeE") {
		return
	}
	if f, ok := parseNumber(e.Value); ok {
		e.Value = strconv.FormatFloat(f, 'g', -1, 64)
	}
}
