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
	mostConstants = 256
	// mostNames is how many these are with names of fields.
	mostNames = 3000
	// dataBase is the base in which three digits number the data of a chunk:
	// these digits are constants again, which must be few.
	dataBase = 128
	mostData = dataBase * dataBase * dataBase
)

// datum is a value or a template that a chunk fetches.
type datum struct {
	value glua.LValue // nil: a table
	table *template
	holes int // of the table and those within
}

// keep notes a constant of the function; false says that it has most already.
func (f *fnScope) keep(constant string, most int) bool {
	if f.constants[constant] {
		return true
	}
	if len(f.constants) >= most {
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
	if r.fn.keep(text, mostConstants) {
		return e
	}
	return call(r.data, e.Line(), r.datum(datum{value: literal(e)}, e.Line())...)
}

// key rewrites what stands in brackets or after a dot. Names last longer than
// other constants, because errors call fields by them.
func (r *rewriter) key(e ast.Expr) ast.Expr {
	if s, ok := e.(*ast.StringExpr); ok && isName(s.Value) && r.fn.keep("s"+s.Value, mostNames) {
		return e
	}
	return r.expr(e)
}

// datum adds d to the data of the chunk and returns the arguments that fetch
// it. A constructor within a template never gets here: its parent holds it.
func (r *rewriter) datum(d datum, line int) []ast.Expr {
	at := len(r.list)
	r.list = append(r.list, d)
	if at >= mostData {
		r.fail(line, "more than %d constants and tables of constants", mostData)
	}
	return []ast.Expr{
		number(at/dataBase/dataBase, line), number(at/dataBase%dataBase, line), number(at%dataBase, line),
	}
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
