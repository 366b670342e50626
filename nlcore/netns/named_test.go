package netns_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// current is the sandbox's own namespace, for ip commands.
func current(t *testing.T) *netns.NS {
	t.Helper()
	nstest.Sandboxed(t)
	n, err := netns.Current()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

// ipNames is what iproute2 sees.
func ipNames(t *testing.T, here *netns.NS) []string {
	t.Helper()
	var list []struct{ Name string }
	nstest.IPJSON(t, here, &list, "netns", "list")
	names := []string{}
	for _, n := range list {
		names = append(names, n.Name)
	}
	return names
}

// names is what we see.
func names(t *testing.T) []string {
	t.Helper()
	l, err := netns.Names()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What we make iproute2 lists, enters and deletes.
func TestNamedForIproute2(t *testing.T) {
	here := current(t)
	n, err := netns.NewNamed("ours")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if d := cmp.Diff([]string{"ours"}, ipNames(t, here)); d != "" {
		t.Error("ip netns list, -want +got:\n", d)
	}
	got := nstest.IP(t, here, "netns", "exec", "ours", "readlink", "/proc/self/ns/net")
	if want := fileName(n) + "\n"; got != want {
		t.Errorf("ip netns exec is in %q, want %q", got, want)
	}
	var links []struct{ Flags []string }
	nstest.IPJSON(t, n, &links, "link", "show", "lo")
	if d := cmp.Diff([]struct{ Flags []string }{{[]string{"LOOPBACK"}}}, links); d != "" {
		t.Error("lo, -want +got:\n", d)
	}
	nstest.IP(t, here, "netns", "delete", "ours")
	if d := cmp.Diff([]string{}, names(t)); d != "" {
		t.Error("names after ip netns delete, -want +got:\n", d)
	}
}

// What iproute2 makes we list, open and delete.
func TestNamedOfIproute2(t *testing.T) {
	here := current(t)
	for _, n := range []string{"b", "a"} {
		nstest.IP(t, here, "netns", "add", n)
	}
	if d := cmp.Diff([]string{"a", "b"}, names(t)); d != "" {
		t.Error("names, -want +got:\n", d)
	}
	a, err := netns.Named("a")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	type facts struct {
		Name, Path string
		ID         netns.ID
	}
	want := facts{"a", "/run/netns/a", idAt(t, "/run/netns/a")}
	if d := cmp.Diff(want, facts{a.Name(), a.Path(), a.ID()}); d != "" {
		t.Error("-want +got:\n", d)
	}
	for _, n := range []string{"a", "b"} {
		if err := netns.DeleteNamed(n); err != nil {
			t.Error(err)
		}
	}
	if d := cmp.Diff([]string{}, ipNames(t, here)); d != "" {
		t.Error("ip netns list after DeleteNamed, -want +got:\n", d)
	}
}

// Dir is a shared mount, once, however many names are made; so a mount
// namespace made before sees the names made after.
func TestNamedShares(t *testing.T) {
	current(t)
	first, err := netns.NewNamed("first")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	cmd := exec.Command("unshare", "-m", "--propagation", "slave", "sh", "-c", "echo; read x; stat -f -c %T /run/netns/second; grep -c ' /run/netns ' /proc/self/mountinfo")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	second, err := netns.NewNamed("second")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	in.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, out); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff("nsfs\n1\n", b.String()); d != "" {
		t.Error("seen from an older mount namespace, -want +got:\n", d)
	}
	if err := errors.Join(netns.DeleteNamed("first"), netns.DeleteNamed("second")); err != nil {
		t.Error(err)
	}
}

func TestNamedErrors(t *testing.T) {
	current(t)
	n, err := netns.NewNamed("taken")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	stale := filepath.Join(netns.Dir, "stale")
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open := func(name string) error { _, err := netns.Named(name); return err }
	create := func(name string) error { _, err := netns.NewNamed(name); return err }
	for _, c := range []struct {
		name string
		call func(string) error
		arg  string
		want error
		text string
	}{
		{"create taken", create, "taken", fs.ErrExist, "network namespace taken: create: open /run/netns/taken: file exists"},
		{"create bad", create, "a/b", unix.EINVAL, `network namespace name "a/b": contains a slash or a zero byte: invalid argument`},
		{"open missing", open, "none", fs.ErrNotExist, "network namespace /run/netns/none: no such file or directory"},
		{"open stale", open, "stale", unix.EINVAL, "network namespace /run/netns/stale: a plain file, its namespace is gone; `ip netns delete stale` removes it: invalid argument"},
		{"open bad", open, "..", unix.EINVAL, `network namespace name "..": stands for a directory: invalid argument`},
		{"delete bad", netns.DeleteNamed, "", unix.EINVAL, `network namespace name "": empty: invalid argument`},
		{"delete missing", netns.DeleteNamed, "none", fs.ErrNotExist, "network namespace none: delete: unmount: no such file or directory"},
		{"delete stale", netns.DeleteNamed, "stale", nil, ""},
		{"delete", netns.DeleteNamed, "taken", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.call(c.arg)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if !errors.Is(err, c.want) || text != c.text {
				t.Errorf("got  %v\nwant %s (%v)", err, c.text, c.want)
			}
		})
	}
}

// Where the namespace cannot be made the file goes again. One descriptor is
// left, and making a namespace needs two.
func TestNewNamedCleansUp(t *testing.T) {
	current(t)
	if n, err := netns.NewNamed("before"); err != nil {
		t.Fatal(err)
	} else if err := errors.Join(n.Close(), netns.DeleteNamed("before")); err != nil {
		t.Fatal(err)
	}
	next, err := unix.Dup(0)
	if err != nil {
		t.Fatal(err)
	}
	unix.Close(next)
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(next) + 1, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	_, err = netns.NewNamed("half")
	if e := unix.Setrlimit(unix.RLIMIT_NOFILE, &old); e != nil {
		t.Fatal(e)
	}
	if !errors.Is(err, unix.EMFILE) || !strings.Contains(err.Error(), "network namespace half: create: ") {
		t.Errorf("got error %v, want EMFILE from creating the namespace", err)
	}
	if d := cmp.Diff([]string{}, names(t)); d != "" {
		t.Error("names, -want +got:\n", d)
	}
}

func TestCheckName(t *testing.T) {
	for _, c := range []struct {
		name string
		ok   bool
	}{
		{"h1", true}, {"a b", true}, {"...", true}, {"-x", true}, {strings.Repeat("x", 255), true},
		{"", false}, {".", false}, {"..", false}, {"/", false}, {"a/b", false}, {"a\x00b", false}, {strings.Repeat("x", 256), false},
	} {
		if err := netns.CheckName(c.name); (err == nil) != c.ok || err != nil && !errors.Is(err, unix.EINVAL) {
			t.Errorf("CheckName(%q): got %v, want ok %v", c.name, err, c.ok)
		}
	}
}
