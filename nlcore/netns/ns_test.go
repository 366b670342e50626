package netns_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// idAt is what stat says of a namespace file.
func idAt(t *testing.T, path string) netns.ID {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return netns.ID{Dev: st.Dev, Ino: st.Ino}
}

func TestCurrent(t *testing.T) {
	n, err := netns.Current()
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if d := cmp.Diff(idAt(t, "/proc/self/ns/net"), n.ID()); d != "" {
		t.Error("ID, -want +got:\n", d)
	}
	if got := idAt(t, n.Path()); got != n.ID() {
		t.Errorf("Path %s leads to %v, want %v", n.Path(), got, n.ID())
	}
	if n.Name() != "" {
		t.Errorf("Name: got %q, want none", n.Name())
	}
}

// New differs from the current namespace and from every other one.
func TestNew(t *testing.T) {
	here, err := netns.Current()
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	a, b := nstest.NewNS(t), nstest.NewNS(t)
	if a.ID() == b.ID() || a.ID() == here.ID() {
		t.Errorf("IDs of two new namespaces and the current one: %v %v %v", a.ID(), b.ID(), here.ID())
	}
}

func TestOfPid(t *testing.T) {
	n := nstest.NewNS(t)
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Do(cmd.Start); err != nil {
		t.Fatal(err)
	}
	got, err := netns.OfPid(cmd.Process.Pid)
	in.Close()
	waitErr := cmd.Wait()
	if err := errors.Join(err, waitErr); err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	if got.ID() != n.ID() {
		t.Errorf("OfPid: got %v, want %v", got.ID(), n.ID())
	}
}

// What is no network namespace is refused, and a pipe does not block.
func TestAtPathRefuses(t *testing.T) {
	dir := t.TempDir()
	fifo, plain := filepath.Join(dir, "fifo"), filepath.Join(dir, "plain")
	if err := errors.Join(unix.Mkfifo(fifo, 0o600), os.WriteFile(plain, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		want       error
		text       string
	}{
		{"missing", dir + "/none", fs.ErrNotExist, "network namespace %s: no such file or directory"},
		{"plain file", plain, unix.EINVAL, "network namespace %s: not a namespace file: invalid argument"},
		{"pipe", fifo, unix.EINVAL, "network namespace %s: not a namespace file: invalid argument"},
		{"device", "/dev/null", unix.EINVAL, "network namespace %s: not a namespace file: invalid argument"},
		{"other sort", "/proc/self/ns/uts", unix.EINVAL, "network namespace %s: not a network namespace: invalid argument"},
		{"empty", "", fs.ErrNotExist, "network namespace %s: no such file or directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := netns.AtPath(c.path)
			if n != nil || !errors.Is(err, c.want) {
				t.Fatalf("got %v, %v, want error %v", n, err, c.want)
			}
			if d := cmp.Diff(fmt.Sprintf(c.text, c.path), err.Error()); d != "" {
				t.Error("error, -want +got:\n", d)
			}
		})
	}
}

func TestLoUp(t *testing.T) {
	nstest.Sandboxed(t)
	n, err := netns.New()
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	type addr struct{ Local string }
	type link struct {
		Flags    []string
		AddrInfo []addr `json:"addr_info"`
	}
	look := func() (l []link) { nstest.IPJSON(t, n, &l, "addr"); return l }
	down := look()
	for range 2 { // the second time nothing changes
		if err := n.LoUp(); err != nil {
			t.Fatal(err)
		}
	}
	got := [][]link{down, look()}
	want := [][]link{
		{{Flags: []string{"LOOPBACK"}, AddrInfo: []addr{}}},
		{{Flags: []string{"LOOPBACK", "UP", "LOWER_UP"}, AddrInfo: []addr{{"127.0.0.1"}, {"::1"}}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("ip addr before and after LoUp, -want +got:\n", d)
	}
}
