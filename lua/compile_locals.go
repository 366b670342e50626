package lua

import (
	glua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// gopher-lua notes the end of a local variable's life under the number of its
// register, which is another variable's entry once a block has ended. So
// names of locals in errors would be wrong. describer walks the tree in the
// order in which the compiler declared the locals and notes their ends again.

// localLife is one local variable of a function.
type localLife struct {
	name     string
	register int
	lastLine int // of its block; 0 lives to the end of the function
}

type describer struct {
	locals   []localLife
	active   int
	line     int // the last line seen
	children []func(*glua.FunctionProto)
}

// lineUnknown is the lastLine of locals whose block has not been walked yet.
const lineUnknown = -1

// describeLocals corrects the ends of all locals in a chunk.
func describeLocals(p *glua.FunctionProto, stmts []ast.Stmt) {
	d := &describer{}
	d.stmts(stmts, 0)
	d.apply(p)
}

// apply writes what d found into p, if p is what d saw.
func (d *describer) apply(p *glua.FunctionProto) {
	if len(d.children) == len(p.FunctionPrototypes) {
		for i, child := range d.children {
			child(p.FunctionPrototypes[i])
		}
	}
	if len(d.locals) != len(p.DbgLocals) {
		return
	}
	for i, l := range d.locals {
		if p.DbgLocals[i].Name != l.name {
			return
		}
	}
	// ends[r] is where a later local takes register r: by then all locals in
	// r and above have ended.
	var ends [256]int
	for i := range ends {
		ends[i] = len(p.Code)
	}
	for i := len(d.locals) - 1; i >= 0; i-- {
		l, entry := d.locals[i], p.DbgLocals[i]
		end := len(p.Code)
		if l.lastLine > 0 {
			end = firstAfterLine(p, entry.StartPc, l.lastLine)
		}
		for _, at := range ends[:l.register+1] {
			end = min(end, at)
		}
		entry.EndPc = end
		ends[l.register] = entry.StartPc
	}
}

// firstAfterLine returns the first instruction from pc on that stands on a
// later line.
func firstAfterLine(p *glua.FunctionProto, pc, line int) int {
	for ; pc < len(p.Code); pc++ {
		if p.DbgSourcePositions[pc] > line {
			break
		}
	}
	return pc
}

func (d *describer) declare(lastLine int, names ...string) {
	for _, name := range names {
		d.locals = append(d.locals, localLife{name, d.active, lastLine})
		d.active++
	}
}

// block walks statements in a scope that ends in lastLine.
func (d *describer) block(stmts []ast.Stmt, lastLine int, names ...string) {
	n := d.active
	d.declare(lastLine, names...)
	d.stmts(stmts, lastLine)
	d.active = n
}

func (d *describer) stmts(stmts []ast.Stmt, lastLine int) {
	for _, st := range stmts {
		d.stmt(st, lastLine)
	}
}

func endLine(p ast.PositionHolder) int { return max(p.Line(), p.LastLine()) }

func (d *describer) stmt(st ast.Stmt, lastLine int) {
	d.line = max(d.line, st.Line())
	switch st := st.(type) {
	case *ast.AssignStmt:
		d.exprs(st.Lhs)
		d.exprs(st.Rhs)
	case *ast.LocalAssignStmt:
		if len(st.Names) == 1 && len(st.Exprs) == 1 {
			if _, ok := st.Exprs[0].(*ast.FunctionExpr); ok {
				d.declare(lastLine, st.Names...)
				d.exprs(st.Exprs)
				return
			}
		}
		d.exprs(st.Exprs)
		d.declare(lastLine, st.Names...)
	case *ast.FuncCallStmt:
		d.expr(st.Expr)
	case *ast.DoBlockStmt:
		d.block(st.Stmts, endLine(st))
	case *ast.WhileStmt:
		d.expr(st.Condition)
		d.block(st.Stmts, endLine(st))
	case *ast.RepeatStmt:
		n := d.active
		d.stmts(st.Stmts, endLine(st))
		d.expr(st.Condition)
		d.active = n
	case *ast.IfStmt:
		d.ifStmt(st)
	case *ast.NumberForStmt:
		d.numberFor(st)
	case *ast.GenericForStmt:
		n := d.active
		d.declare(endLine(st), "(for generator)", "(for state)", "(for control)")
		d.exprs(st.Exprs)
		d.declare(endLine(st), st.Names...)
		d.stmts(st.Stmts, endLine(st))
		d.active = n
	case *ast.FuncDefStmt:
		d.funcDef(st)
	case *ast.ReturnStmt:
		d.exprs(st.Exprs)
	}
}

// ifStmt walks both branches. The first of two ends on a line that the tree
// does not name: the last one of its own, or that before the second begins.
func (d *describer) ifStmt(st *ast.IfStmt) {
	d.expr(st.Condition)
	if len(st.Else) == 0 {
		d.block(st.Then, endLine(st))
		return
	}
	first := len(d.locals)
	d.block(st.Then, lineUnknown)
	for i := first; i < len(d.locals); i++ {
		if d.locals[i].lastLine == lineUnknown {
			d.locals[i].lastLine = max(d.line, st.Else[0].Line()-1)
		}
	}
	d.block(st.Else, endLine(st))
}

func (d *describer) numberFor(st *ast.NumberForStmt) {
	n := d.active
	d.declare(endLine(st), "(for index)")
	d.expr(st.Init)
	d.declare(endLine(st), "(for limit)")
	d.expr(st.Limit)
	d.declare(endLine(st), "(for step)")
	if st.Step != nil {
		d.expr(st.Step)
	}
	d.declare(endLine(st), st.Name)
	d.stmts(st.Stmts, endLine(st))
	d.active = n
}

func (d *describer) funcDef(st *ast.FuncDefStmt) {
	if st.Name.Func == nil {
		d.expr(st.Name.Receiver)
		d.function(st.Func, "self")
		return
	}
	d.expr(st.Name.Func)
	d.function(st.Func)
}

func (d *describer) function(fn *ast.FunctionExpr, extra ...string) {
	inner := &describer{}
	inner.declare(0, extra...)
	inner.declare(0, fn.ParList.Names...)
	if fn.ParList.HasVargs {
		inner.declare(0, "arg")
	}
	inner.stmts(fn.Stmts, 0)
	d.line = max(d.line, endLine(fn))
	d.children = append(d.children, inner.apply)
}

func (d *describer) exprs(list []ast.Expr) {
	for _, e := range list {
		d.expr(e)
	}
}

func (d *describer) expr(e ast.Expr) {
	d.line = max(d.line, e.Line())
	switch e := e.(type) {
	case *ast.AttrGetExpr:
		d.expr(e.Object)
		d.expr(e.Key)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			if f.Key != nil {
				d.expr(f.Key)
			}
			d.expr(f.Value)
		}
	case *ast.FuncCallExpr:
		if e.Func != nil {
			d.expr(e.Func)
		} else {
			d.expr(e.Receiver)
		}
		d.exprs(e.Args)
	case *ast.LogicalOpExpr:
		d.expr(e.Lhs)
		d.expr(e.Rhs)
	case *ast.RelationalOpExpr:
		d.expr(e.Lhs)
		d.expr(e.Rhs)
	case *ast.ArithmeticOpExpr:
		d.expr(e.Lhs)
		d.expr(e.Rhs)
	case *ast.UnaryMinusOpExpr:
		d.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		d.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		d.expr(e.Expr)
	case *ast.FunctionExpr:
		d.function(e)
	}
}
