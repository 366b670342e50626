package nlcore_test

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/val"
)

// namesNow are the names of the machine's namespaces.
func namesNow(t *testing.T) []string {
	t.Helper()
	names, err := netns.Names()
	must(t, err)
	return names
}

// Undoing gives a deleted name back to the same namespace, with all that is in
// it, and takes an added one away.
func TestNetnsUndo(t *testing.T) {
	h, _ := newHandle(t)
	ctx := t.Context()
	add := nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Netns{Name: "u1", Lo: true}}
	undoAdd := nlcore.UndoOf(t, h, add)
	must(t, h.Apply(ctx, add))
	ns, err := netns.Named("u1")
	must(t, err)
	defer ns.Close()
	there, err := nlcore.NewHandleAt(ns, nil)
	must(t, err)
	defer there.Close()
	must(t, there.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "b0"}}))
	del := nlcore.Change{Verb: nlcore.Del, Object: &nlcore.Netns{Name: "u1", NS: ns}}
	undoDel := nlcore.UndoOf(t, h, del)
	must(t, h.Apply(ctx, del))
	if d := cmp.Diff([]string{}, namesNow(t)); d != "" {
		t.Error("names after del, -want +got:\n", d)
	}
	must(t, h.Apply(ctx, undoDel...))
	again, err := netns.Named("u1")
	must(t, err)
	if again.ID() != ns.ID() {
		t.Errorf("the name is that of %v, want %v", again.ID(), ns.ID())
	}
	must(t, again.Close())
	must(t, h.Apply(ctx, undoAdd...))
	if d := cmp.Diff([]string{}, namesNow(t)); d != "" {
		t.Error("names after all, -want +got:\n", d)
	}
}

// A batch makes a namespace before what goes there, and tries all.
func TestNetnsInBatch(t *testing.T) {
	h, _ := newHandle(t)
	ctx := t.Context()
	object := func(v nlcore.Change, name string) nlcore.Change {
		v.Object = &nlcore.Netns{Name: name}
		return v
	}
	add, del := nlcore.Change{Verb: nlcore.Add}, nlcore.Change{Verb: nlcore.Del}
	veth := &nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "v0"}, Peer: &nlcore.LinkAttrs{Name: "p0", Netns: val.NetnsName("u1")}}
	err := h.Apply(ctx, object(add, "u1"), nlcore.Change{Verb: nlcore.Add, Object: veth},
		object(add, "u1"), object(nlcore.Change{Verb: nlcore.Set}, "u1"), object(del, "u2"), object(add, ""))
	var batch *nlcore.BatchError
	if !errors.As(err, &batch) {
		t.Fatal(err)
	}
	var got []string
	for _, e := range batch.Errors {
		got = append(got, e.Error())
	}
	want := []string{
		"netns add u1: network namespace u1: create: open /run/netns/u1 (EEXIST)",
		"netns set u1: a namespace can be added and deleted only, not set",
		"netns del u2: network namespace u2: delete: unmount (ENOENT)",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("-want +got:\n", d)
	}
	ns, err := netns.Named("u1")
	must(t, err)
	there, err := nlcore.NewHandleAt(ns, nil)
	must(t, err)
	if _, err := there.LinkByName(ctx, "p0"); err != nil {
		t.Error(err)
	}
	must(t, errors.Join(there.Close(), ns.Close()))
	must(t, h.Apply(ctx, object(del, "u1")))
}

// Whoever is given a new namespace may refuse it, and nothing is left.
func TestNetnsMadeRefused(t *testing.T) {
	h, _ := newHandle(t)
	err := h.Apply(t.Context(), nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Netns{Name: "u1", Made: func(ns *netns.NS) error {
		return errors.Join(ns.Close(), syscall.ENFILE)
	}}})
	if !errors.Is(err, syscall.ENFILE) {
		t.Errorf("error %v", err)
	}
	if _, err := netns.Named("u1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the name is left: %v", err)
	}
}
