package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/bindings/render"
	"nlsh/lua"
)

// isDottedName says whether an entry can name a module alone.
func isDottedName(entry string) bool {
	for part := range strings.SplitSeq(entry, ".") {
		for i, c := range []byte(part) {
			letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return true
}

// EvalPrint runs one entry and shows the values that it gives, each on lines of
// its own; the global _ is the first of them then. A module named alone shows
// its list, or its help where it has none. The object of an entry that changed
// something is one line: who set a field knows the others.
func (s *Shell) EvalPrint(ctx context.Context, src string, w io.Writer) error {
	src = withoutEquals(src)
	before := s.in.Applied()
	values, err := s.in.EvalNamed(ctx, chunkName, src)
	if err != nil {
		return exitOf(err)
	}
	if len(values) == 1 && isDottedName(strings.TrimSpace(src)) {
		if m, path, _, ok := decl.ModuleOf(values[0]); ok {
			list, is := values[0].(*glua.LTable).RawGetString("list").(*glua.LFunction)
			if !is {
				_, err := io.WriteString(w, s.in.Catalog().Module(m, path))
				return err
			}
			if values, err = s.in.Call(ctx, list); err != nil {
				return exitOf(err)
			}
		}
	}
	if len(values) > 0 && values[0] != glua.LNil {
		s.in.L.G.Global.RawSetString("_", values[0])
	}
	for _, v := range values {
		if s.in.Applied() != before {
			v = s.asRow(v)
		}
		text, err := s.text(ctx, v, w)
		if err != nil {
			return exitOf(err)
		}
		if _, err := io.WriteString(w, strings.TrimSuffix(text, "\n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// exitOf turns the error of os.exit into that of the prompt, and gives one from
// inside a function its traceback.
func exitOf(err error) error {
	var exit *lua.ExitError
	if errors.As(err, &exit) {
		return &Exit{Code: exit.Code}
	}
	var failed *lua.Error
	if errors.As(err, &failed) && insideFunction(failed.Traceback) {
		return &traced{err, failed.Traceback}
	}
	return err
}

// traced is an error with the calls that were open.
type traced struct {
	error
	traceback string
}

func (t *traced) Error() string { return t.error.Error() + "\n" + t.traceback }
func (t *traced) Unwrap() error { return t.error }

// insideFunction reports that a traceback has a function of Lua: without one it
// says nothing that the message does not.
func insideFunction(traceback string) bool {
	for _, line := range strings.Split(traceback, "\n") {
		if strings.Contains(line, ": in function ") && !strings.HasPrefix(line, "\t[C]") {
			return true
		}
	}
	return false
}

// text is a value as the prompt shows it.
func (s *Shell) text(ctx context.Context, v glua.LValue, w io.Writer) (string, error) {
	if _, f, path, ok := decl.FuncOf(v); ok {
		name := f.Name
		if path != name {
			name = path + "." + name
		}
		return "function " + name + " -- help(" + name + ")", nil
	}
	isList := decl.IsList(s.in.L, v)
	if isList || decl.ObjectOf(v) != nil {
		if err := s.readBack(ctx, v); err != nil {
			return "", err
		}
	}
	switch v := v.(type) {
	case *glua.LTable:
		if isList {
			if v.MaxN() == 0 {
				return "{}", nil
			}
			return decl.ListText(v, render.GridOptions{Color: s.in.Color(), Width: screenWidth(w)}), nil
		}
		if !hasToString(v.Metatable) {
			return render.Inspect(v, render.InspectOptions{}), nil
		}
	case *glua.LUserData:
		if _, is := v.Value.(render.Object); is && decl.ObjectOf(v) != nil {
			return render.Inspect(v, render.InspectOptions{}), nil
		}
	case glua.LString:
		return render.Inspect(v, render.InspectOptions{}), nil
	}
	out, err := s.in.Call(ctx, s.tostring, v)
	if err != nil || len(out) == 0 {
		return "", err
	}
	return out[0].String(), nil
}

// asRow is an object as a list of one, which is shown as a row.
func (s *Shell) asRow(v glua.LValue) glua.LValue {
	if decl.ObjectOf(v) == nil {
		return v
	}
	t := s.in.L.CreateTable(1, 0)
	t.Append(v)
	return decl.NewList(s.in.L, t)
}

// readBack reads objects of a batch that nobody looked at yet.
func (s *Shell) readBack(ctx context.Context, v glua.LValue) error {
	_, err := s.in.Call(ctx, s.in.L.NewFunction(func(L *glua.LState) int {
		if err := decl.ReadBack(L, v); err != nil {
			lua.Raise(L, err)
		}
		return 0
	}))
	return err
}

func hasToString(meta glua.LValue) bool {
	mt, ok := meta.(*glua.LTable)
	return ok && mt.RawGetString("__tostring") != glua.LNil
}

// screenWidth is the columns of the terminal behind w; 0 where there is none.
func screenWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !IsTerminal(f) {
		return 0
	}
	width, _ := (&device{out: f}).size()
	return width
}
