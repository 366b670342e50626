package lua

import (
	"fmt"
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// rewriter changes the tree of one chunk where gopher-lua compiles it wrongly
// or without a limit. It knows which names are local variables of the function
// at hand, because only those are assigned too early.
type rewriter struct {
	fn *fnScope
	// concat, concatAll, pass and data are string constants that stand for
	// Go functions until link puts those in their place.
	concat, concatAll, pass, data string
	// list is what data fetches.
	list []datum
	// globals is called with the name and line of every global assigned to.
	globals func(name string, line int)
	// err is the first thing that cannot be compiled.
	err *SyntaxError
}

// maxPowers is how many ^ may follow each other: each takes a register, and
// gopher-lua tries to fold each with all that follow.
const maxPowers = 190

// powers counts the operators ^ in a row, up to one more than maxPowers.
func powers(e *ast.ArithmeticOpExpr) (n int) {
	for ok := true; ok && e.Operator == "^" && n <= maxPowers; n++ {
		e, ok = e.Rhs.(*ast.ArithmeticOpExpr)
	}
	return n
}

func (r *rewriter) fail(line int, format string, args ...any) {
	if r.err == nil {
		r.err = &SyntaxError{Line: line, Message: fmt.Sprintf(format, args...)}
	}
}

// fnScope is the state of one function: the names of its active locals, one a
// register, hidden ones included.
type fnScope struct {
	outer  *fnScope
	locals []string
	// constants are the strings and numbers that it keeps.
	constants map[string]bool
	// upvalues are the variables of other functions that it uses.
	upvalues map[string]bool
	line     int // 0: the chunk
}

func (f *fnScope) has(name string) bool {
	for i := len(f.locals) - 1; i >= 0; i-- {
		if f.locals[i] == name {
			return true
		}
	}
	return false
}

// isLocal reports whether name is a local variable of the current function.
func (r *rewriter) isLocal(name string) bool { return r.fn.has(name) }

// isGlobal reports whether name is local to no function around.
func (r *rewriter) isGlobal(name string) bool {
	for f := r.fn; f != nil; f = f.outer {
		if f.has(name) {
			return false
		}
	}
	return true
}

func (r *rewriter) declare(names ...string) { r.fn.locals = append(r.fn.locals, names...) }

// chunk rewrites a whole chunk.
func (r *rewriter) chunk(stmts []ast.Stmt) []ast.Stmt {
	r.fn = &fnScope{}
	return r.stmts(stmts)
}

// block rewrites statements in a scope of their own, in which names exist.
func (r *rewriter) block(stmts []ast.Stmt, names ...string) []ast.Stmt {
	n := len(r.fn.locals)
	r.declare(names...)
	stmts = r.stmts(stmts)
	r.fn.locals = r.fn.locals[:n]
	return stmts
}

func (r *rewriter) stmts(stmts []ast.Stmt) []ast.Stmt {
	for i, st := range stmts {
		stmts[i] = r.stmt(st)
	}
	return stmts
}

func (r *rewriter) stmt(st ast.Stmt) ast.Stmt {
	switch st := st.(type) {
	case *ast.AssignStmt:
		r.exprs(st.Lhs)
		r.exprs(st.Rhs)
		for _, lhs := range st.Lhs {
			r.noteGlobal(lhs)
		}
		return r.assign(st)
	case *ast.LocalAssignStmt:
		r.localAssign(st)
	case *ast.FuncCallStmt:
		st.Expr = r.expr(st.Expr)
	case *ast.DoBlockStmt:
		st.Stmts = r.block(st.Stmts)
	case *ast.WhileStmt:
		st.Condition = r.expr(st.Condition)
		st.Stmts = r.block(st.Stmts)
	case *ast.RepeatStmt:
		n := len(r.fn.locals)
		st.Stmts = r.stmts(st.Stmts)
		st.Condition = r.expr(st.Condition) // sees the locals of the block
		r.fn.locals = r.fn.locals[:n]
	case *ast.IfStmt:
		st.Condition = r.expr(st.Condition)
		st.Then = r.block(st.Then)
		st.Else = r.block(st.Else)
	case *ast.NumberForStmt:
		st.Init, st.Limit = r.expr(st.Init), r.expr(st.Limit)
		if st.Step != nil {
			st.Step = r.expr(st.Step)
		}
		st.Stmts = r.block(st.Stmts, "(for index)", "(for limit)", "(for step)", st.Name)
	case *ast.GenericForStmt:
		r.exprs(st.Exprs)
		r.genericFor(st)
		names := append([]string{"(for generator)", "(for state)", "(for control)"}, st.Names...)
		st.Stmts = r.block(st.Stmts, names...)
	case *ast.FuncDefStmt:
		r.funcDef(st)
	case *ast.ReturnStmt:
		r.exprs(st.Exprs)
	}
	return st
}

func (r *rewriter) localAssign(st *ast.LocalAssignStmt) {
	if len(st.Names) == 1 && len(st.Exprs) == 1 {
		if _, ok := st.Exprs[0].(*ast.FunctionExpr); ok { // sees its own name
			r.declare(st.Names...)
			r.exprs(st.Exprs)
			return
		}
	}
	r.exprs(st.Exprs)
	r.declare(st.Names...)
}

func (r *rewriter) funcDef(st *ast.FuncDefStmt) {
	if st.Name.Func == nil {
		st.Name.Receiver = r.expr(st.Name.Receiver)
		r.function(st.Func, "self")
		return
	}
	r.noteGlobal(st.Name.Func)
	st.Name.Func = r.expr(st.Name.Func)
	r.function(st.Func)
}

// function rewrites a function that has the extra parameter before its own.
func (r *rewriter) function(fn *ast.FunctionExpr, extra ...string) {
	r.fn = &fnScope{outer: r.fn, line: fn.Line()}
	r.declare(extra...)
	r.declare(fn.ParList.Names...)
	if fn.ParList.HasVargs {
		r.declare("arg")
	}
	fn.Stmts = r.stmts(fn.Stmts)
	r.fn = r.fn.outer
}

func (r *rewriter) noteGlobal(lhs ast.Expr) {
	if id, ok := lhs.(*ast.IdentExpr); ok && r.globals != nil && r.isGlobal(id.Value) {
		r.globals(id.Value, id.Line())
	}
}

func (r *rewriter) exprs(list []ast.Expr) {
	for i, e := range list {
		list[i] = r.expr(e)
	}
}

func (r *rewriter) expr(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.IdentExpr:
		r.use(e.Value)
	case *ast.AttrGetExpr:
		e.Object, e.Key = r.expr(e.Object), r.key(e.Key)
	case *ast.StringExpr:
		return r.constant(e, "s"+e.Value)
	case *ast.NumberExpr:
		spell(e)
		return r.constant(e, "n"+e.Value)
	case *ast.TableExpr:
		return r.table(e)
	case *ast.FuncCallExpr:
		if e.Func != nil {
			e.Func = r.expr(e.Func)
		} else {
			e.Receiver = r.expr(e.Receiver)
		}
		r.exprs(e.Args)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.ArithmeticOpExpr:
		if powers(e) > maxPowers {
			r.fail(e.Line(), "more than %d operators ^ in a row", maxPowers)
			return e
		}
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
		e.SetLine(max(e.Line(), e.Rhs.Line())) // where Lua reports errors
	case *ast.StringConcatOpExpr:
		return r.concatChain(e)
	case *ast.UnaryMinusOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.FunctionExpr:
		r.function(e)
	}
	return e
}

// freshName returns a string that does not occur in src.
func freshName(src, name string) string {
	for strings.Contains(src, name) {
		name += "'"
	}
	return name
}
