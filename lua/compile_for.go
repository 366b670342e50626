package lua

import "github.com/yuin/gopher-lua/ast"

// genericFor repairs the list of a generic for. gopher-lua fits its values to
// the number of loop variables instead of three: with one variable
// "in next, t" calls next without a control variable of its own, and the
// results of a last call are lost. A single call or ... it fits rightly, so
// any other list becomes the call of a function that returns its arguments.
// Lua reports errors of the iterator where the list begins.
func (r *rewriter) genericFor(st *ast.GenericForStmt) {
	st.SetLine(st.Exprs[0].Line())
	if len(st.Exprs) == 1 && isMulti(st.Exprs[0]) {
		return
	}
	values := call(r.pass, st.Exprs[0].Line(), st.Exprs...)
	values.AdjustRet = false
	st.Exprs = []ast.Expr{values}
}
