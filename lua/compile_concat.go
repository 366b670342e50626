package lua

import (
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// chainRegisters is the longest chain of .. whose operands are passed as
// arguments; a function has 200 registers. A longer one goes through a table.
const chainRegisters = 50

// concatChain turns a .. b .. c into one call of our own concatenation, which
// limits the result and names the operand in errors.
func (r *rewriter) concatChain(e *ast.StringConcatOpExpr) ast.Expr {
	var operands []ast.Expr
	var next ast.Expr = e
	for {
		c, ok := next.(*ast.StringConcatOpExpr)
		if !ok {
			operands = append(operands, r.expr(next))
			break
		}
		operands = append(operands, r.expr(c.Lhs))
		next = c.Rhs
	}
	for _, op := range operands {
		adjust(op)
	}
	line := operands[len(operands)-1].Line() // where Lua reports errors
	if len(operands) <= chainRegisters {
		return call(r.concat, line, operands...)
	}
	// The count goes along because an operand may be nil.
	count := &ast.NumberExpr{Value: strconv.Itoa(len(operands))}
	count.SetLine(line)
	list := &ast.TableExpr{}
	list.SetLine(line)
	for _, op := range operands {
		list.Fields = append(list.Fields, &ast.Field{Value: op})
	}
	return call(r.concatAll, line, count, list)
}

// call makes a call of the Go function that the constant name stands for,
// adjusted to one result.
func call(name string, line int, args ...ast.Expr) *ast.FuncCallExpr {
	fn := &ast.StringExpr{Value: name}
	fn.SetLine(line)
	c := &ast.FuncCallExpr{Func: fn, Args: args, AdjustRet: true}
	c.SetLine(line)
	c.SetLastLine(line)
	return c
}

// adjust makes a call or ... give exactly one value, as an operand does.
func adjust(e ast.Expr) {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
}
