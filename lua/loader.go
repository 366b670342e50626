package lua

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// openLoader replaces everything that makes functions of source text.
func (in *Interp) openLoader() {
	in.setGlobals(map[string]glua.LGFunction{
		"load": in.load, "loadstring": in.loadString, "loadfile": in.loadFile,
		"dofile": in.doFile, "require": in.require,
	})
	lib := in.L.GetGlobal("package").(*glua.LTable)
	lib.RawSetString("path", glua.LString(in.opts.Path))
	loaders := lib.RawGetString("loaders").(*glua.LTable)
	loaders.RawSetInt(2, in.L.NewFunction(in.searchFile))
}

// loaded gives the result of compiling the form that load returns.
func (in *Interp) loaded(L *glua.LState, src, name string) int {
	fn, err := in.compile(src, name)
	if err != nil {
		L.Push(glua.LNil)
		L.Push(glua.LString(err.Error()))
		return 2
	}
	fn.Env = L.Env
	L.Push(fn)
	return 1
}

func (in *Interp) loadString(L *glua.LState) int {
	src := needString(L, 1)
	return in.loaded(L, src, displayName(optString(L, 2, src)))
}

// load joins the pieces that a function returns until nil or "".
func (in *Interp) load(L *glua.LState) int {
	reader := needFunction(L, 1)
	name := optString(L, 2, "=(load)")
	var src strings.Builder
	for {
		L.Push(reader)
		in.callNested(L, 0, 1)
		piece := L.Get(-1)
		L.Pop(1)
		if piece == glua.LNil || piece == glua.LString("") {
			return in.loaded(L, src.String(), displayName(name))
		}
		text, ok := stringOf(piece)
		if !ok {
			L.Push(glua.LNil)
			L.Push(glua.LString("reader function must return a string"))
			return 2
		}
		if src.Len()+len(text) > in.StringBytes {
			throw(L, "source longer than %d bytes", in.StringBytes)
		}
		src.WriteString(text)
	}
}

// sourceArgument reads the file that the argument names, or standard input.
func (in *Interp) sourceArgument(L *glua.LState) (src, name string, err error) {
	if L.Get(1) == glua.LNil {
		b, err := io.ReadAll(in.opts.Stdin)
		return stripShebang(string(b)), "stdin", err
	}
	name = needString(L, 1)
	src, err = in.readSource(name)
	if err != nil {
		return "", "", &fileError{name, err}
	}
	return stripShebang(src), name, nil
}

// fileError words an error as Lua does: "cannot open x.lua: ...".
type fileError struct {
	path string
	err  error
}

func (e *fileError) Error() string {
	text, _ := systemMessage(e.err)
	return "cannot open " + e.path + ": " + text
}
func (e *fileError) Unwrap() error { return e.err }

func (in *Interp) loadFile(L *glua.LState) int {
	src, name, err := in.sourceArgument(L)
	if err != nil {
		L.Push(glua.LNil)
		L.Push(glua.LString(err.Error()))
		return 2
	}
	return in.loaded(L, src, name)
}

func (in *Interp) doFile(L *glua.LState) int {
	src, name, err := in.sourceArgument(L)
	if err != nil {
		raise(L, err)
	}
	fn, err := in.compile(src, name)
	if err != nil {
		rethrow(L, glua.LString(err.Error()))
	}
	fn.Env = L.Env
	L.SetTop(0)
	L.Push(fn)
	in.callNested(L, 0, glua.MultRet)
	return L.GetTop()
}

// loading marks a module whose chunk runs.
var loading = &glua.LUserData{}

// require returns package.loaded[name], running the first of package.loaders
// that finds it.
func (in *Interp) require(L *glua.LState) int {
	name := needString(L, 1)
	loaded, ok := L.G.Registry.RawGetString("_LOADED").(*glua.LTable)
	if !ok {
		throw(L, "'package.loaded' must be a table")
	}
	if v := loaded.RawGetString(name); glua.LVAsBool(v) {
		if v == glua.LValue(loading) {
			throw(L, "loop or previous error loading module '%s'", name)
		}
		L.Push(v)
		return 1
	}
	loader := in.findLoader(L, name)
	loaded.RawSetString(name, loading)
	L.Push(loader)
	L.Push(glua.LString(name))
	in.callNested(L, 1, 1)
	if v := L.Get(-1); v != glua.LNil {
		loaded.RawSetString(name, v)
	}
	if loaded.RawGetString(name) == glua.LValue(loading) {
		loaded.RawSetString(name, glua.LTrue)
	}
	L.Push(loaded.RawGetString(name))
	return 1
}

// findLoader asks package.loaders for the function that loads name.
func (in *Interp) findLoader(L *glua.LState, name string) glua.LValue {
	loaders, ok := L.G.Registry.RawGetString("_LOADERS").(*glua.LTable)
	if !ok {
		throw(L, "'package.loaders' must be a table")
	}
	var tried strings.Builder
	for i := 1; ; i++ {
		search := loaders.RawGetInt(i)
		if search == glua.LNil {
			throw(L, "module '%s' not found:%s", name, tried.String())
		}
		L.Push(search)
		L.Push(glua.LString(name))
		in.callNested(L, 1, 1)
		found := L.Get(-1)
		L.Pop(1)
		switch found := found.(type) {
		case *glua.LFunction:
			return found
		case glua.LString:
			tried.WriteString("\n\t" + strings.TrimPrefix(string(found), "\n\t"))
		}
	}
}

// searchFile is the loader for files: each template of package.path, in
// Options.FS, in the folder of the script, and from the working directory.
func (in *Interp) searchFile(L *glua.LState) int {
	name := needString(L, 1)
	lib, _ := in.L.G.Global.RawGetString("package").(*glua.LTable)
	if lib == nil {
		throw(L, "'package' must be a table")
	}
	templates, ok := lib.RawGetString("path").(glua.LString)
	if !ok {
		throw(L, "'package.path' must be a string")
	}
	file := strings.ReplaceAll(name, ".", "/")
	var tried []string
	for _, template := range strings.Split(string(templates), ";") {
		for _, path := range in.places(strings.ReplaceAll(template, "?", file)) {
			src, err := in.readModule(path)
			if err != nil {
				tried = append(tried, "no file '"+path.name+"'")
				continue
			}
			fn, info, err := in.compileInfo(stripShebang(src), path.name)
			if err != nil {
				throw(L, "error loading module '%s' from file '%s':\n\t%s", name, path.name, err)
			}
			fn.Env = L.Env
			in.libraryEnv(fn, path.name, info)
			L.Push(fn)
			return 1
		}
	}
	return pushText(L, strings.Join(tried, "\n\t"))
}

// place is where a file may be.
type place struct {
	name string
	inFS bool
}

// places lists where a path of package.path is looked for.
func (in *Interp) places(p string) (list []place) {
	if in.opts.FS != nil {
		if in.scriptDir != "" && !filepath.IsAbs(p) {
			list = append(list, place{path.Join(in.scriptDir, p), true})
		}
		if name := path.Clean(strings.TrimPrefix(p, "/")); len(list) == 0 || list[0].name != name {
			list = append(list, place{name, true})
		}
	}
	if in.scriptDir != "" && in.scriptDir != "." && !filepath.IsAbs(p) {
		list = append(list, place{filepath.Join(in.scriptDir, p), false})
	}
	return append(list, place{p, false})
}

func (in *Interp) readModule(p place) (string, error) {
	if p.inFS {
		b, err := fs.ReadFile(in.opts.FS, p.name)
		return string(b), err
	}
	b, err := os.ReadFile(p.name)
	return string(b), err
}
