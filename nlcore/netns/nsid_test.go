package netns_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// ipNsids are the numbers that iproute2 lists in n, with the names it finds.
func ipNsids(t *testing.T, n *netns.NS) map[int]string {
	t.Helper()
	var list []struct {
		Nsid int
		Name string
	}
	nstest.IPJSON(t, n, &list, "netns", "list-id")
	ids := map[int]string{}
	for _, e := range list {
		ids[e.Nsid] = e.Name
	}
	return ids
}

// nsidOf is the number of peer in n, "none", or the error.
func nsidOf(t *testing.T, n, peer *netns.NS) string {
	t.Helper()
	id, ok, err := n.Nsid(t.Context(), peer)
	switch {
	case err != nil:
		return err.Error()
	case !ok:
		return "none"
	}
	return fmt.Sprint(id)
}

// What we number iproute2 lists, and the other way round.
func TestNsidForIproute2(t *testing.T) {
	here, n := current(t), nstest.NewNS(t)
	a, b, c := named(t, "a"), named(t, "b"), named(t, "c")
	if got := nsidOf(t, n, a); got != "none" {
		t.Errorf("before: %s", got)
	}
	nstest.IP(t, n, "netns", "set", "a", "7")
	if err := errors.Join(n.SetNsid(t.Context(), b, 1000000), n.SetNsid(t.Context(), c, -1)); err != nil {
		t.Fatal(err)
	}
	auto := nsidOf(t, n, c)
	ids, err := n.Nsids(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]string{}
	for _, id := range ids {
		peer, err := n.ByNsid(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		got[id] = peer.Name()
		peer.Close()
	}
	if d := cmp.Diff(ipNsids(t, n), got); d != "" {
		t.Error("-ip +ours:\n", d)
	}
	if d := cmp.Diff([]string{"7", "1000000", "0"}, []string{nsidOf(t, n, a), nsidOf(t, n, b), auto}); d != "" {
		t.Error("numbers, -want +got:\n", d)
	}
	if got := nsidOf(t, here, a); got != "none" {
		t.Errorf("a in another namespace: %s", got)
	}
}

// A namespace without a name is found while a process is in it or somebody
// holds it.
func TestByNsid(t *testing.T) {
	n, hidden, held := nstest.NewNS(t), nstest.NewNS(t), nstest.NewNS(t)
	if err := errors.Join(n.SetNsid(t.Context(), hidden, 3), n.SetNsid(t.Context(), held, 4)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err := errors.Join(err, hidden.Do(cmd.Start)); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}()
	for _, c := range []struct {
		name string
		open func() (*netns.NS, error)
		want *netns.NS
		text string
	}{
		{"of a process", func() (*netns.NS, error) { return n.ByNsid(t.Context(), 3) }, hidden, ""},
		{"held", func() (*netns.NS, error) { return n.ByNsid(t.Context(), 4, hidden, held) }, held, ""},
		{"by a reference", func() (*netns.NS, error) { return n.OfRef(val.NetnsNsid(3)) }, hidden, ""},
		{"no way", func() (*netns.NS, error) { return n.ByNsid(t.Context(), 4) }, nil,
			"nsid 4: no name and no process leads to its network namespace: file does not exist"},
		{"unknown", func() (*netns.NS, error) { return n.ByNsid(t.Context(), 5) }, nil,
			"nsid 5: no network namespace has it here: file does not exist"},
		{"from elsewhere", func() (*netns.NS, error) { return netns.OfRef(val.NetnsNsid(3)) }, nil,
			"nsid 3: no network namespace has it here: file does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.open()
			if c.want == nil {
				if got != nil || err == nil || err.Error() != c.text || !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("got %v, %v", got, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer got.Close()
			if got.ID() != c.want.ID() {
				t.Errorf("got %v, want %v", got.ID(), c.want.ID())
			}
		})
	}
}

func TestSetNsidRefused(t *testing.T) {
	n, a, b, closed := nstest.NewNS(t), nstest.NewNS(t), nstest.NewNS(t), nstest.NewNS(t)
	if err := errors.Join(n.SetNsid(t.Context(), a, 1), closed.Close()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		peer *netns.NS
		id   int
		want error
	}{
		{"has one", a, 2, unix.EEXIST},
		{"is taken", b, 1, unix.EEXIST},
		{"closed", closed, 3, unix.EINVAL},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := n.SetNsid(t.Context(), c.peer, c.id); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if d := cmp.Diff(map[int]string{1: ""}, ipNsids(t, n)); d != "" {
		t.Error("numbers, -want +got:\n", d)
	}
}
