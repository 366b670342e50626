package lua

import "github.com/yuin/gopher-lua/ast"

// tempName is how debug.getlocal calls any register without a name.
const tempName = "(*temporary)"

// assign repairs an assignment to several variables. gopher-lua (issue 440)
// stores into a local variable as soon as its value is known, so that
// a, b = b, a gives b twice; Lua stores when all values are known, the last
// variable first. Assignments that come out right are left alone.
// TestRandomAssignments holds all this against Lua.
func (r *rewriter) assign(st *ast.AssignStmt) ast.Stmt {
	if len(st.Lhs) == 1 && len(st.Rhs) == 1 {
		// A call in parentheses, assigned to the last parameter, is built on
		// top of that parameter, and (...) wipes the locals above its target.
		// Without parentheses neither happens, and the assignment takes one
		// value anyway.
		unadjust(st.Rhs[0])
		return st
	}
	if r.comesOutRight(st) {
		return st
	}
	if allNames(st.Lhs) {
		if temps := r.temporaries(st); len(r.fn.locals)+temps <= 200 {
			return assignByLocals(st, temps)
		}
	}
	return r.assignByCall(st)
}

// comesOutRight reports whether gopher-lua compiles st as Lua does.
func (r *rewriter) comesOutRight(st *ast.AssignStmt) bool {
	targets := map[string]bool{}
	for _, lhs := range st.Lhs {
		if id, ok := lhs.(*ast.IdentExpr); ok && r.isLocal(id.Value) {
			if targets[id.Value] {
				return false // the first of two values must win
			}
			targets[id.Value] = true
		}
	}
	for _, lhs := range st.Lhs {
		if at, ok := lhs.(*ast.AttrGetExpr); ok {
			if id, ok := at.Object.(*ast.IdentExpr); ok && targets[id.Value] {
				return false // t[i], t = ...: the new t would be indexed
			}
		}
	}
	if len(st.Rhs) == 1 && isMulti(st.Rhs[0]) {
		return true // all values come at once
	}
	if r.losesCount(st) {
		return false
	}
	if len(targets) > 0 {
		for _, rhs := range st.Rhs {
			if !isPlain(rhs, targets) {
				return false
			}
		}
		return true
	}
	// Without local targets only a local variable given as a value is at
	// risk: it is read when it is stored, after a later value was computed.
	atRisk := false
	for _, rhs := range st.Rhs {
		if atRisk && !isPlain(rhs, nil) {
			return false
		}
		if id, ok := rhs.(*ast.IdentExpr); ok && r.isLocal(id.Value) {
			atRisk = true
		}
	}
	return true
}

// losesCount reports whether a field is given a local variable and a name
// some other value: gopher-lua takes the register of the local for one it used
// itself, and stores the wrong one into the name.
func (r *rewriter) losesCount(st *ast.AssignStmt) bool {
	names, fields := false, false
	for i, lhs := range st.Lhs {
		if _, ok := lhs.(*ast.IdentExpr); ok {
			names = true
		} else if i < len(st.Rhs) {
			id, ok := st.Rhs[i].(*ast.IdentExpr)
			fields = fields || ok && r.isLocal(id.Value)
		}
	}
	return names && fields
}

// isPlain reports whether computing e cannot fail, run code, or read one of
// the targets.
func isPlain(e ast.Expr, targets map[string]bool) bool {
	switch e := e.(type) {
	case *ast.NilExpr, *ast.TrueExpr, *ast.FalseExpr, *ast.NumberExpr, *ast.StringExpr, *ast.FunctionExpr:
		return true
	case *ast.IdentExpr:
		return !targets[e.Value]
	}
	return false
}

// temporaries returns how many locals assignByLocals needs.
func (r *rewriter) temporaries(st *ast.AssignStmt) int {
	last := len(st.Lhs) - 1
	if len(st.Rhs) == len(st.Lhs) && !isMulti(st.Rhs[last]) {
		return last
	}
	return len(st.Lhs)
}

// assignByLocals computes the values into temps new locals, one a register,
// and stores them from the last to the first. With as many values as
// variables the last value goes straight to its variable, so a swap needs one
// register, as in a function with 199 locals.
func assignByLocals(st *ast.AssignStmt, temps int) ast.Stmt {
	body := make([]ast.Stmt, 0, len(st.Lhs)+1)
	values := st.Rhs
	if temps < len(st.Lhs) {
		values = st.Rhs[:temps]
	}
	names := make([]string, temps)
	for i := range names {
		names[i] = tempName
	}
	// The register of temporary i is found by its name, which must differ
	// from the others: blanks make it so, and print as nothing.
	for i := range names {
		names[i] += blanks(i)
	}
	local := &ast.LocalAssignStmt{Names: names, Exprs: values}
	copyLines(local, st)
	body = append(body, local)
	for i := len(st.Lhs) - 1; i >= 0; i-- {
		var value ast.Expr
		if i < temps {
			value = &ast.IdentExpr{Value: names[i]}
		} else {
			value = st.Rhs[i]
			unadjust(value)
		}
		if i < temps {
			copyLines(value, st.Lhs[i])
		}
		store := &ast.AssignStmt{Lhs: []ast.Expr{st.Lhs[i]}, Rhs: []ast.Expr{value}}
		copyLines(store, st)
		body = append(body, store)
	}
	do := &ast.DoBlockStmt{Stmts: body}
	copyLines(do, st)
	return do
}

// assignByCall passes the values through a function that returns them: those
// of a call gopher-lua stores rightly, when all are known.
func (r *rewriter) assignByCall(st *ast.AssignStmt) ast.Stmt {
	for i, lhs := range st.Lhs {
		at, ok := lhs.(*ast.AttrGetExpr)
		if !ok {
			continue
		}
		// A later variable is stored first: keep the table indexed here.
		if id, ok := at.Object.(*ast.IdentExpr); ok && namesLater(st.Lhs[i+1:], id.Value) {
			at.Object = call(r.pass, at.Line(), id)
		}
	}
	values := call(r.pass, st.Rhs[0].Line(), st.Rhs...)
	values.AdjustRet = false
	st.Rhs = []ast.Expr{values}
	return st
}

func namesLater(lhs []ast.Expr, name string) bool {
	for _, e := range lhs {
		if id, ok := e.(*ast.IdentExpr); ok && id.Value == name {
			return true
		}
	}
	return false
}

func allNames(lhs []ast.Expr) bool {
	for _, e := range lhs {
		if _, ok := e.(*ast.IdentExpr); !ok {
			return false
		}
	}
	return true
}

// isMulti reports whether e gives as many values as are wanted.
func isMulti(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}

func unadjust(e ast.Expr) {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = false
	case *ast.Comma3Expr:
		e.AdjustRet = false
	}
}

func blanks(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = ' '
	}
	return string(b)
}

func copyLines(to, from ast.PositionHolder) {
	to.SetLine(from.Line())
	to.SetLastLine(from.LastLine())
}
