package lua

import (
	"errors"
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// SyntaxError is a source that is no Lua or exceeds a limit of the compiler.
type SyntaxError struct {
	Chunk   string // the name that the source was given
	Line    int    // from 1
	Message string
	// More is set when the source is right so far but ends too early.
	More bool
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.Chunk, e.Line, e.Message)
}

// chunkInfo is what the compile step learns about a chunk.
type chunkInfo struct {
	// hides are the module names that the chunk assigns as globals, with the
	// line of the first assignment.
	hides map[string]int
}

// compile makes a function of source text. Every source passes here: files,
// lines of the prompt, require, load. name is how messages call it.
func (in *Interp) compile(src, name string) (*glua.LFunction, error) {
	fn, _, err := in.compileInfo(src, name)
	return fn, err
}

func (in *Interp) compileInfo(src, name string) (fn *glua.LFunction, info chunkInfo, err error) {
	stmts, err := in.parse(src, name)
	if err != nil {
		return nil, info, err
	}
	r := &rewriter{
		concat:    freshName(src, "nlsh:concat"),
		concatAll: freshName(src, "nlsh:concat all"),
		pass:      freshName(src, "nlsh:pass"),
		data:      freshName(src, "nlsh:data"),
	}
	r.globals = func(global string, line int) {
		if _, seen := info.hides[global]; !seen && in.isModule(global) {
			if info.hides == nil {
				info.hides = map[string]int{}
			}
			info.hides[global] = line
		}
	}
	stmts = r.chunk(stmts)
	if r.err != nil {
		r.err.Chunk = name
		return nil, info, r.err
	}
	proto, err := compileTree(stmts, name)
	if err != nil {
		return nil, info, err
	}
	fns := map[string]*glua.LFunction{
		r.concat:    in.fns.concat,
		r.concatAll: in.fns.concatAll,
		r.pass:      in.fns.pass,
	}
	if len(r.list) > 0 {
		fns[r.data] = in.L.NewFunction(fetch(r.list))
	}
	link(proto, fns)
	describeLocals(proto, stmts)
	return in.L.NewFunctionFromProto(proto), info, nil
}

// parse checks the limits of src and parses it.
func (in *Interp) parse(src, name string) (stmts []ast.Stmt, err error) {
	if err := scanLimits(src, in.limits); err != nil {
		var se *scanError
		errors.As(err, &se)
		return nil, &SyntaxError{Chunk: name, Line: se.line, Message: se.msg}
	}
	defer recoverCompile(name, &err)
	stmts, err = parse.Parse(strings.NewReader(src), name)
	if err != nil {
		return nil, syntaxError(err, src, name)
	}
	return stmts, nil
}

func compileTree(stmts []ast.Stmt, name string) (proto *glua.FunctionProto, err error) {
	defer recoverCompile(name, &err)
	proto, err = glua.Compile(stmts, name)
	if err != nil {
		return nil, syntaxError(err, "", name)
	}
	if line := longJump(proto); line > 0 {
		return nil, &SyntaxError{Chunk: name, Line: line, Message: tooLong}
	}
	return proto, nil
}

// tooLong is how Lua calls a statement that no jump can cross.
const tooLong = "control structure too long"

// recoverCompile turns a panic of gopher-lua's parser or compiler into an
// error: a source must not end the process.
func recoverCompile(name string, err *error) {
	if r := recover(); r != nil {
		*err = &SyntaxError{Chunk: name, Line: 1, Message: fmt.Sprintf("the compiler failed: %v", r)}
	}
}

// syntaxError gives an error of gopher-lua the form of Lua's own.
func syntaxError(err error, src, name string) error {
	var pe *parse.Error
	if errors.As(err, &pe) {
		e := &SyntaxError{Chunk: name, Line: pe.Pos.Line, Message: pe.Message}
		if pe.Pos.Line == parse.EOF {
			e.Line = 1 + strings.Count(strings.TrimRight(src, "\n"), "\n")
			e.Message += " near '<eof>'"
			e.More = !strings.HasPrefix(pe.Message, "unterminated string") || endsInBackslash(src)
		} else if pe.Token != "" {
			e.Message += " near '" + strings.TrimSpace(pe.Token) + "'"
			if strings.HasPrefix(pe.Message, "unterminated string") {
				e.Line-- // the newline that ended it was counted
			}
		}
		return e
	}
	var ce *glua.CompileError
	if errors.As(err, &ce) {
		if ce.Message == "too long to jump." {
			ce.Message = tooLong
		}
		return &SyntaxError{Chunk: name, Line: max(ce.Line, 1), Message: ce.Message}
	}
	return &SyntaxError{Chunk: name, Line: 1, Message: err.Error()}
}

func endsInBackslash(src string) bool {
	return strings.HasSuffix(strings.TrimRight(src, "\n"), "\\")
}

// link replaces the string constants that stand for Go functions, in proto
// and all functions within, by the functions themselves. Nothing that a
// script can reach changes what these calls do.
func link(proto *glua.FunctionProto, fns map[string]*glua.LFunction) {
	for i, c := range proto.Constants {
		if s, ok := c.(glua.LString); ok {
			if fn := fns[string(s)]; fn != nil {
				proto.Constants[i] = fn
			}
		}
	}
	for _, p := range proto.FunctionPrototypes {
		link(p, fns)
	}
}

// stripShebang blanks a first line that begins with #, keeping its newline so
// that line numbers stay.
func stripShebang(src string) string {
	if !strings.HasPrefix(src, "#") {
		return src
	}
	if i := strings.IndexByte(src, '\n'); i >= 0 {
		return src[i:]
	}
	return ""
}

// Longest names in messages, as Lua has them.
const (
	mostName   = 59
	mostFile   = 52
	mostSource = 43
)

// displayName is how messages call the chunk that load was given under this
// name: "=name" and "@file" without the mark, a source text by its first line.
func displayName(chunk string) string {
	if name, ok := strings.CutPrefix(chunk, "="); ok {
		return name[:min(len(name), mostName)]
	}
	if name, ok := strings.CutPrefix(chunk, "@"); ok {
		if len(name) > mostFile {
			name = "..." + name[len(name)-mostFile:]
		}
		return name
	}
	line := chunk
	if i := strings.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	}
	line = line[:min(len(line), mostSource)]
	if line != chunk {
		line += "..."
	}
	return `[string "` + line + `"]`
}
