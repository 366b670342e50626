package nlshtest

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"syscall"
	"testing"

	glua "github.com/yuin/gopher-lua"

	"nlsh/lua"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// Lab is a network that a script made, and the interpreter that made it.
type Lab struct {
	t     testing.TB
	start *netns.NS

	run      sync.Mutex // one goroutine at a time uses the interpreter
	in       *lua.Interp
	tostring glua.LValue

	mu     sync.Mutex
	netns  map[string]*Netns
	closed bool
}

// Option is a choice of Run.
type Option func(*setup)

type setup struct {
	args []string
	lua  lua.Options
}

// Args gives the script arguments.
func Args(args ...string) Option { return func(s *setup) { s.args = args } }

// With lets f change the options of the interpreter: an FS, Modules, a limit.
// What Run decides itself is set already: Netns, PrivateNetns, Stdout, Stderr.
func With(f func(*lua.Options)) Option { return func(s *setup) { f(&s.lua) } }

// Run makes a fresh namespace, runs the script there and returns what it made.
// The end of the test closes the Lab. What the script prints goes to the test's
// log; what it defers runs when the Lab is closed. A script that fails, fails
// the test and names its line. Where there can be no namespace the test skips,
// or fails with NLSH_REQUIRE=1; it also fails where only Main is missing.
func Run(t testing.TB, path string, opts ...Option) *Lab {
	t.Helper()
	l := &Lab{t: t, start: fresh(t), netns: map[string]*Netns{}}
	s := setup{lua: lua.Options{Netns: l.start, PrivateNetns: true, Stdout: t.Output(), Stderr: t.Output()}}
	for _, o := range opts {
		o(&s)
	}
	var err error
	if l.in, err = lua.New(s.lua); err != nil {
		l.start.Close()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	l.tostring = l.in.L.GetGlobal("tostring")
	fail(t, l.in.StartFile(t.Context(), path, s.args...))
	return l
}

// fresh makes the namespace that a script begins in.
func fresh(t testing.TB) *netns.NS {
	t.Helper()
	nstest.Need(t, refused == "", refused)
	ns, err := netns.New()
	if errors.Is(err, syscall.EPERM) {
		t.Fatalf("%v; the package of this test needs: func TestMain(m *testing.M) { nlshtest.Main(m) }", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := ns.LoUp(); err != nil {
		ns.Close()
		t.Fatal(err)
	}
	return ns
}

// fail ends the test when a script failed. os.exit(0) is no failure.
func fail(t testing.TB, err error) {
	t.Helper()
	var exit *lua.ExitError
	var at *lua.Error
	switch {
	case err == nil, errors.As(err, &exit) && exit.Code == 0:
	case errors.As(err, &at) && at.Traceback != "":
		t.Fatalf("%v\n%s", err, at.Traceback)
	default:
		t.Fatal(err)
	}
}

// Eval runs code in the Lab: an expression, or a chunk. It returns its values
// as print shows them. A failure fails t and names the line of the code.
func (l *Lab) Eval(t testing.TB, code string) []string {
	t.Helper()
	l.run.Lock()
	defer l.run.Unlock()
	values, err := l.in.Eval(t.Context(), code)
	fail(t, err)
	texts := make([]string, len(values))
	for i, v := range values {
		r, err := l.in.Call(t.Context(), l.tostring, v)
		fail(t, err)
		texts[i] = r[0].String()
	}
	return texts
}

// Close runs what the script deferred and removes the namespaces, once nothing
// else is in them. The end of the test does it too; a second call does nothing.
func (l *Lab) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	l.run.Lock()
	defer l.run.Unlock()
	errs := []error{l.in.Close()}
	for _, name := range slices.Sorted(maps.Keys(l.netns)) {
		errs = append(errs, l.netns[name].close())
	}
	return errors.Join(append(errs, l.start.Close())...)
}
