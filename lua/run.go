package lua

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// Run runs the Lua text src, which messages call name, with args as its
// arguments, until it ends or ctx does; then the functions that it deferred.
// It returns nil, an *ExitError when the script called os.exit, a
// *SyntaxError, or an *Error.
func (in *Interp) Run(ctx context.Context, name, src string, args ...string) error {
	_, err := in.RunResults(ctx, name, src, args...)
	return err
}

// RunFile runs the file path from Options.FS, if it has it, else from disk.
func (in *Interp) RunFile(ctx context.Context, path string, args ...string) error {
	src, err := in.readSource(path)
	if err != nil {
		return err
	}
	in.scriptDir = filepath.Dir(path)
	return in.Run(ctx, path, src, args...)
}

// StartFile is RunFile, but what the file defers runs with RunDeferred or Close:
// what it set up is to be used first.
func (in *Interp) StartFile(ctx context.Context, path string, args ...string) error {
	src, err := in.readSource(path)
	if err != nil {
		return err
	}
	in.scriptDir = filepath.Dir(path)
	fn, err := in.chunk(path, src)
	if err == nil {
		_, err = in.start(ctx, fn, path, args)
	}
	return err
}

// RunResults is Run and returns what the chunk returned.
func (in *Interp) RunResults(ctx context.Context, name, src string, args ...string) ([]glua.LValue, error) {
	fn, err := in.chunk(name, src)
	if err != nil {
		return nil, err
	}
	results, err := in.start(ctx, fn, name, args)
	return results, errors.Join(oneOf(err, in.RunDeferred(ctx))...)
}

// chunk compiles the text of a script.
func (in *Interp) chunk(name, src string) (*glua.LFunction, error) {
	in.interrupts.Store(0)
	return in.compile(stripShebang(src), name)
}

// start calls a script and closes the iterators that it left open.
func (in *Interp) start(ctx context.Context, fn *glua.LFunction, name string, args []string) ([]glua.LValue, error) {
	in.setArg(name, args)
	values := make([]glua.LValue, len(args))
	for i, a := range args {
		values[i] = glua.LString(a)
	}
	keep := decl.OpenIterators(in.L)
	results, err := in.Call(ctx, fn, values...)
	decl.CloseIterators(in.L, keep)
	return results, err
}

// oneOf lists the errors that are not nil; one alone is not wrapped.
func oneOf(errs ...error) (list []error) {
	for _, err := range errs {
		if err != nil {
			list = append(list, err)
		}
	}
	return list
}

// setArg sets the global table arg: the script at 0, its arguments from 1.
func (in *Interp) setArg(name string, args []string) {
	t := in.L.CreateTable(len(args), 1)
	t.RawSetInt(0, glua.LString(name))
	for i, a := range args {
		t.RawSetInt(i+1, glua.LString(a))
	}
	in.L.G.Global.RawSetString("arg", t)
}

// Eval runs src and returns its values: src is an expression or a chunk that
// returns them. Functions that it defers run with Close or RunDeferred.
func (in *Interp) Eval(ctx context.Context, src string) ([]glua.LValue, error) {
	return in.EvalNamed(ctx, "=eval", src)
}

// EvalNamed is Eval for a source that load would call name.
func (in *Interp) EvalNamed(ctx context.Context, name, src string) ([]glua.LValue, error) {
	in.interrupts.Store(0)
	fn, err := in.compile("return "+src, displayName(name))
	if err != nil {
		fn, err = in.compile(src, displayName(name))
	}
	if err != nil {
		return nil, err
	}
	keep := decl.OpenIterators(in.L)
	defer decl.CloseIterators(in.L, keep)
	return in.Call(ctx, fn)
}

// Incomplete reports whether src is the beginning of a chunk or expression
// that more lines could finish.
func (in *Interp) Incomplete(src string) bool {
	if _, err := in.parse("return "+src, "=stdin"); err == nil {
		return false
	}
	_, err := in.parse(src, "=stdin")
	var se *SyntaxError
	return errors.As(err, &se) && se.More
}

// Call calls a function of this interpreter under ctx and returns its
// results. A builtin that calls Lua back may use it while a script runs.
func (in *Interp) Call(ctx context.Context, fn glua.LValue, args ...glua.LValue) ([]glua.LValue, error) {
	if in.closed {
		return nil, errors.New("lua: the interpreter is closed")
	}
	end := in.begin(ctx)
	defer end()
	L := in.running()
	base := L.GetTop()
	L.Push(fn)
	for _, a := range args {
		L.Push(a)
	}
	n, obj, ok := in.protect(L, len(args), nil)
	if !ok {
		L.SetTop(base)
		return nil, in.outcome(obj)
	}
	results := make([]glua.LValue, n)
	for i := range results {
		results[i] = L.Get(base + 1 + i)
	}
	L.SetTop(base)
	return results, nil
}

// running is the thread that runs, the main thread when none does.
func (in *Interp) running() *glua.LState {
	if n := len(in.threads); n > 0 {
		return in.threads[n-1].L
	}
	return in.L
}

// readSource reads a Lua file from Options.FS or disk.
func (in *Interp) readSource(path string) (string, error) {
	if in.opts.FS != nil {
		name := strings.TrimPrefix(filepath.Clean(path), "/")
		if b, err := fs.ReadFile(in.opts.FS, name); err == nil {
			return string(b), nil
		}
	}
	b, err := os.ReadFile(path)
	return string(b), err
}
