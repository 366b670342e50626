package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// mostUpvalues is how many variables of the functions around it a function
// may use; gopher-lua counts them in a byte and does not notice more.
const mostUpvalues = 255

// use notes that the current function uses a variable, of its own or not.
func (r *rewriter) use(name string) {
	owner := r.fn
	for owner != nil && !owner.has(name) {
		owner = owner.outer
	}
	if owner == nil {
		return // a global
	}
	for f := r.fn; f != owner; f = f.outer {
		if f.upvalues == nil {
			f.upvalues = map[string]bool{}
		}
		f.upvalues[name] = true
		if len(f.upvalues) > mostUpvalues {
			r.fail(f.line, "function at line %d has more than %d upvalues", f.line, mostUpvalues)
		}
	}
}

// longJump returns the line of a statement that is too long for its jumps
// where gopher-lua does not notice: a numerical for, or the way back of a
// repeat. 0 when there is none.
func longJump(p *glua.FunctionProto) int {
	for pc := 0; len(p.Code) > sbxZero && pc < len(p.Code); pc++ {
		i := code(p, pc)
		to := pc + 1 + i.sbx()
		switch i.op() {
		case glua.OP_JMP:
			if to < 0 || to >= len(p.Code) {
				return p.DbgSourcePositions[pc]
			}
		case glua.OP_FORPREP:
			if loop := code(p, to); to <= pc || loop.op() != glua.OP_FORLOOP || to+1+loop.sbx() != pc+1 {
				return p.DbgSourcePositions[pc]
			}
		}
	}
	for _, inner := range p.FunctionPrototypes {
		if line := longJump(inner); line > 0 {
			return line
		}
	}
	return 0
}
