package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// evalGo evaluates an expression that C and Go write alike.
func evalGo(expr string, names map[string]int64) (int64, bool) {
	e, err := parser.ParseExpr(expr)
	if err != nil {
		return 0, false
	}
	return evalNode(e, names)
}

func evalNode(e ast.Expr, names map[string]int64) (int64, bool) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return evalNode(e.X, names)
	case *ast.Ident:
		v, ok := names[e.Name]
		return v, ok
	case *ast.BasicLit:
		v, err := strconv.ParseInt(e.Value, 0, 64)
		return v, err == nil && e.Kind == token.INT
	case *ast.UnaryExpr:
		v, ok := evalNode(e.X, names)
		switch e.Op {
		case token.SUB:
			return -v, ok
		case token.XOR:
			return ^v, ok
		}
	case *ast.CallExpr: // BIT(n), _BITUL(n)
		if len(e.Args) == 1 && isBit(e.Fun) {
			v, ok := evalNode(e.Args[0], names)
			return 1 << (v & 63), ok
		}
	case *ast.BinaryExpr:
		x, ok1 := evalNode(e.X, names)
		y, ok2 := evalNode(e.Y, names)
		v, ok := apply(e.Op, x, y)
		return v, ok && ok1 && ok2
	}
	return 0, false
}

func isBit(f ast.Expr) bool {
	id, ok := f.(*ast.Ident)
	return ok && (id.Name == "BIT" || id.Name == "_BITUL" || id.Name == "_BITULL")
}

func apply(op token.Token, x, y int64) (int64, bool) {
	switch op {
	case token.ADD:
		return x + y, true
	case token.SUB:
		return x - y, true
	case token.MUL:
		return x * y, true
	case token.OR:
		return x | y, true
	case token.AND:
		return x & y, true
	case token.SHL:
		return x << (y & 63), true
	}
	return 0, false
}
