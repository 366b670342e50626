package nlcore_test

import (
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
)

// catSysctl is what cat reads of settings in a namespace, by path below net.
func catSysctl(t *testing.T, ns *netns.NS, paths ...string) string {
	t.Helper()
	var out strings.Builder
	err := ns.Do(func() error {
		cmd := exec.Command("cat", paths...)
		cmd.Dir, cmd.Stdout = "/proc/sys/net", &out
		return cmd.Run()
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Split(strings.TrimSpace(out.String()), "\n"), " ")
}

// Two namespaces have their own, whichever thread asks.
func TestSysctlOfNamespace(t *testing.T) {
	a, nsA := newHandle(t)
	b, nsB := newHandle(t)
	ctx := t.Context()
	const key = "net.ipv4.ip_default_ttl"
	must(t, a.SetSysctl(ctx, key, "11"))
	must(t, b.SetSysctl(ctx, key, "22"))
	read := func(h *nlcore.Handle) string {
		v, err := h.Sysctl(ctx, key)
		must(t, err)
		return v
	}
	got := []string{read(a), read(b), catSysctl(t, nsA, "ipv4/ip_default_ttl"), catSysctl(t, nsB, "ipv4/ip_default_ttl")}
	if d := cmp.Diff([]string{"11", "22", "11", "22"}, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}

// Keys are those of sysctl(8).
func TestSysctlKeys(t *testing.T) {
	h, _ := newHandle(t)
	ctx := t.Context()
	must(t, h.LinkAdd(ctx, &nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "v0.5"}}))
	for _, c := range []struct{ key, want string }{
		{"net.ipv4.conf.v0/5.forwarding", "0"},
		{"net/ipv4/conf/v0.5/forwarding", "0"},
		{"net.ipv4.ip_local_reserved_ports", ""},
		{"net.ipv4.ip_local_port_range", "32768\t60999"},
		{"net.ipv4.conf.v0.5.forwarding", "sysctl get net.ipv4.conf.v0.5.forwarding: no such setting here (ENOENT)"},
		{"net.ipv4.route.flush", "sysctl get net.ipv4.route.flush: may not be accessed so (EACCES)"},
		{"net.ipv4", "sysctl get net.ipv4: is a folder of settings (EISDIR)"},
		{"kernel.hostname", `sysctl get kernel.hostname: key wants a name that begins with net., got "kernel.hostname": others belong to no network namespace`},
		{"net", `sysctl get net: key wants a name that begins with net., got "net": others belong to no network namespace`},
		{"net/../kernel/hostname", `sysctl get net/../kernel/hostname: key wants a name like net.ipv4.ip_forward, got "net/../kernel/hostname"`},
		{"net..ipv4", `sysctl get net..ipv4: key wants a name like net.ipv4.ip_forward, got "net..ipv4"`},
		{"", `sysctl get: key wants a name like net.ipv4.ip_forward, got ""`},
	} {
		t.Run(c.key, func(t *testing.T) {
			got, err := h.Sysctl(ctx, c.key)
			if err != nil {
				got = err.Error()
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

// What fails leaves everything as it was, also what a general setting writes
// through to.
func TestSysctlsUndo(t *testing.T) {
	h, ns := newHandle(t)
	ctx := t.Context()
	must(t, h.LinkAdd(ctx, &nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "v0"}}))
	must(t, h.SetSysctl(ctx, "net.ipv4.conf.v0.forwarding", "1"))
	must(t, h.SetSysctl(ctx, "net.ipv4.conf.all.accept_redirects", "0"))
	must(t, h.SetSysctl(ctx, "net.ipv6.conf.v0.disable_ipv6", "1"))
	look := func() string {
		return catSysctl(t, ns, "ipv4/ip_forward", "ipv4/conf/lo/forwarding", "ipv4/conf/v0/forwarding",
			"ipv4/conf/all/accept_redirects", "ipv6/conf/v0/disable_ipv6", "ipv6/conf/lo/disable_ipv6", "ipv4/ip_default_ttl")
	}
	const before = "0 0 1 0 1 0 64"
	if d := cmp.Diff(before, look()); d != "" {
		t.Fatal("before, -want +got:\n", d)
	}
	good := nlcore.Sysctls{
		{Key: "net.ipv4.conf.v0.forwarding", Value: "0"},
		{Key: "net/ipv6/conf/all/disable_ipv6", Value: "1"},
		{Key: "net.ipv4.ip_forward", Value: "1"},
		{Key: "net.ipv4.ip_default_ttl", Value: "33"},
	}
	for _, c := range []struct {
		name string
		last nlcore.Sysctl
		want string
	}{
		{"a value", nlcore.Sysctl{Key: "net.ipv6.conf.v0.hop_limit", Value: "many"}, "sysctl set net.ipv6.conf.v0.hop_limit: the kernel refuses the value (EINVAL)"},
		{"a key", nlcore.Sysctl{Key: "net.ipv4.ip_forwar", Value: "1"}, "sysctl set 5 settings: net.ipv4.ip_forwar: no such setting here (ENOENT)"},
		{"a word", nlcore.Sysctl{Key: "ip_forward", Value: "1"}, `sysctl set 5 settings: ip_forward: key wants a name that begins with net., got "ip_forward": others belong to no network namespace`},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := append(append(nlcore.Sysctls{}, good...), c.last)
			err := h.Apply(ctx, nlcore.Change{Verb: nlcore.Set, Object: all})
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
			if d := cmp.Diff(before, look()); d != "" {
				t.Error("afterwards, -want +got:\n", d)
			}
		})
	}
	must(t, h.Apply(ctx, nlcore.Change{Verb: nlcore.Set, Object: good}))
	if d := cmp.Diff("1 1 0 0 1 1 33", look()); d != "" {
		t.Error("when all are good, -want +got:\n", d)
	}
}

// In a batch a setting comes between the messages before and after it.
func TestSysctlInBatch(t *testing.T) {
	h, ns := newHandle(t)
	ctx := t.Context()
	link := func(name string) nlcore.Change {
		return nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: name}}}
	}
	err := h.Apply(ctx, link("b0"),
		nlcore.Change{Verb: nlcore.Set, Object: &nlcore.Sysctl{Key: "net.ipv4.conf.b0.forwarding", Value: "1"}},
		nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Sysctl{Key: "net.ipv4.ip_forward", Value: "1"}},
		nlcore.Change{Verb: nlcore.Set, Object: &nlcore.Sysctl{Key: "net.ipv4.conf.default.forwarding", Value: "1"}},
		link("b1"))
	const want = "sysctl add net.ipv4.ip_forward: a sysctl can be set only, not add (element 3; 1 of 5 failed)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if d := cmp.Diff("1 1 0", catSysctl(t, ns, "ipv4/conf/b0/forwarding", "ipv4/conf/b1/forwarding", "ipv4/ip_forward")); d != "" {
		t.Error("-want +got:\n", d)
	}
	names, err := h.SysctlNames(ctx, "net.ipv4.conf")
	must(t, err)
	if d := cmp.Diff([]string{"all", "b0", "b1", "default", "lo"}, names); d != "" {
		t.Error("names, -want +got:\n", d)
	}
	if err := h.SetSysctl(ctx, "net.ipv4.conf.b2.forwarding", "1"); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("a link that is not there: %v", err)
	}
}
