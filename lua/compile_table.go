package lua

import "github.com/yuin/gopher-lua/ast"

// A table constructor becomes a template (template.go) where gopher-lua
// compiles it wrongly, where its constants are many, or where the constants
// of the function are. What the template does not hold, its holes, are the
// arguments of the call that fills it, in the order of the source.

const (
	// fieldsPerFlush is how many positional fields one instruction stores.
	fieldsPerFlush = 50
	// mostPositional is how many such instructions can number their fields.
	mostPositional = 511 * fieldsPerFlush
	// dataLiterals is from how many constants on a constructor is data.
	dataLiterals = 100
	// holeRegisters is how many holes, or groups of them, are passed as
	// arguments; a group is a table of holesPerGroup.
	holeRegisters = 40
	holesPerGroup = fieldsPerFlush - 1
)

// table rewrites a constructor.
func (r *rewriter) table(e *ast.TableExpr) ast.Expr {
	if n := countLiterals(e); miscompiled(e) || n >= dataLiterals || n > 0 && r.fn.isFull() {
		return r.fillTemplate(e)
	}
	for _, f := range e.Fields {
		if f.Key != nil {
			f.Key = r.expr(f.Key)
		}
		f.Value = r.expr(f.Value)
	}
	// In {a, k = f()} gopher-lua takes the call for one at the end of the
	// list and adds what stands above it on the stack.
	if n := len(e.Fields); n > 0 && e.Fields[n-1].Key != nil {
		adjust(e.Fields[n-1].Value)
	}
	return e
}

// miscompiled reports whether gopher-lua stores fields of e wrongly. When the
// positional fields so far fill whole instructions, it stores the last of
// these again after every keyed field, and in place of the results of a last
// call; and it cannot number more than mostPositional.
func miscompiled(e *ast.TableExpr) bool {
	count := 0
	for i, f := range e.Fields {
		open := f.Key != nil || i == len(e.Fields)-1 && isMulti(f.Value)
		if open && count > 0 && count%fieldsPerFlush == 0 {
			return true
		}
		if !open {
			count++
		}
	}
	return count >= mostPositional
}

// countLiterals counts the literals in e and the constructors within.
func countLiterals(e *ast.TableExpr) (n int) {
	for _, f := range e.Fields {
		for _, part := range []ast.Expr{f.Key, f.Value} {
			if t, ok := part.(*ast.TableExpr); ok {
				n += countLiterals(t)
			} else if part != nil && literal(part) != nil {
				n++
			}
		}
	}
	return n
}

// fillTemplate makes a template of e and returns the call that fills it.
func (r *rewriter) fillTemplate(e *ast.TableExpr) ast.Expr {
	var holes []ast.Expr
	var rest ast.Expr
	if n := len(e.Fields); n > 0 && e.Fields[n-1].Key == nil && isMulti(e.Fields[n-1].Value) {
		rest = e.Fields[n-1].Value
		e.Fields = e.Fields[:n-1]
	}
	t := r.template(e, &holes)
	args := r.datum(datum{table: t, holes: len(holes)}, e.Line())
	args = append(args, groupHoles(holes)...)
	if rest != nil {
		args = append(args, r.expr(rest))
	}
	return call(r.data, e.Line(), args...)
}

// template makes the template of e and appends what is no literal to holes.
func (r *rewriter) template(e *ast.TableExpr, holes *[]ast.Expr) *template {
	t := &template{fields: make([]templateField, len(e.Fields))}
	for i, f := range e.Fields {
		if f.Key != nil {
			t.fields[i].keyed = true
			t.fields[i].key = r.slot(f.Key, holes)
		} else {
			t.positional++
		}
		t.fields[i].value = r.slot(f.Value, holes)
	}
	return t
}

func (r *rewriter) slot(e ast.Expr, holes *[]ast.Expr) slot {
	if v := literal(e); v != nil {
		return slot{value: v}
	}
	if t, ok := e.(*ast.TableExpr); ok && !endsInMulti(t) {
		return slot{table: r.template(t, holes)}
	}
	e = r.expr(e)
	adjust(e)
	*holes = append(*holes, e)
	return slot{}
}

func endsInMulti(e *ast.TableExpr) bool {
	n := len(e.Fields)
	return n > 0 && e.Fields[n-1].Key == nil && isMulti(e.Fields[n-1].Value)
}

// groupHoles packs holes into tables until there are few enough to pass.
func groupHoles(holes []ast.Expr) []ast.Expr {
	for len(holes) > holeRegisters {
		var groups []ast.Expr
		for len(holes) > 0 {
			n := min(len(holes), holesPerGroup)
			g := &ast.TableExpr{}
			g.SetLine(holes[0].Line())
			for _, h := range holes[:n] {
				g.Fields = append(g.Fields, &ast.Field{Value: h})
			}
			groups = append(groups, g)
			holes = holes[n:]
		}
		holes = groups
	}
	return holes
}
