package nstest

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A feature that is missing is excused by the kernel's age or configuration,
// else it is an error.
func TestFeatureJudge(t *testing.T) {
	type verdict struct{ Why, Err string }
	refusal := errors.New("Unknown device type.")
	for _, c := range []struct {
		name, release, since, config, option string
		want                                 verdict
	}{
		{"older", "6.1.176-2", "6.8", "", "", verdict{"no x: Linux 6.1.176-2 is older than 6.8 (Unknown device type.)", ""}},
		{"older by the first number", "5.19", "6.0", "", "", verdict{"no x: Linux 5.19 is older than 6.0 (Unknown device type.)", ""}},
		{"two digits are a number", "6.12.1", "6.8", "", "", verdict{"", "no x, though Linux 6.12.1 ought to have it: Unknown device type."}},
		{"the first one", "6.8.0", "6.8", "", "", verdict{"", "no x, though Linux 6.8.0 ought to have it: Unknown device type."}},
		{"newer by the first number", "7.0", "6.8", "", "", verdict{"", "no x, though Linux 7.0 ought to have it: Unknown device type."}},
		{"in all", "3.2", "", "", "", verdict{"", "no x, though Linux 3.2 ought to have it: Unknown device type."}},
		{"built without", "6.18", "", "CONFIG_X", "n", verdict{"no x: Linux 6.18 is built without CONFIG_X", ""}},
		{"built in", "6.18", "", "CONFIG_X", "y", verdict{"", "no x, though Linux 6.18 is built with CONFIG_X: Unknown device type."}},
		{"a module", "6.18", "6.8", "CONFIG_X", "m", verdict{"", "no x, though Linux 6.18 is built with CONFIG_X: Unknown device type."}},
		{"configuration unknown", "6.18", "", "CONFIG_X", "", verdict{"no x: Linux 6.18 may be built without CONFIG_X (Unknown device type.)", ""}},
		{"age before configuration", "6.1", "6.8", "CONFIG_X", "y", verdict{"no x: Linux 6.1 is older than 6.8 (Unknown device type.)", ""}},
		{"no release", "next", "6.8", "", "", verdict{"", `feature x: kernel release "next": want MAJOR.MINOR`}},
		{"no version", "6.8", "new", "", "", verdict{"", `feature x: kernel release "new": want MAJOR.MINOR`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &Feature{Name: "x", Since: c.since, Config: c.config}
			var got verdict
			why, err := f.judge(c.release, func(release, name string) string {
				if release != c.release || name != c.config {
					t.Errorf("asked for %s of %s", name, release)
				}
				return c.option
			}, refusal)
			got.Why = why
			if err != nil {
				got.Err = err.Error()
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

func TestFindOption(t *testing.T) {
	const config = "#\n# Networking\n#\nCONFIG_NET=y\nCONFIG_VXLAN=m\n# CONFIG_VLAN_8021Q is not set\nCONFIG_CMDLINE=\"CONFIG_HSR=y\"\n"
	for name, want := range map[string]string{
		"CONFIG_NET": "y", "CONFIG_VXLAN": "m", "CONFIG_VLAN_8021Q": "n", "CONFIG_HSR": "n", "CONFIG_VX": "n",
	} {
		if got := findOption(strings.NewReader(config), name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// The running kernel has user namespaces or we would not be here, says so
// where it says anything, and knows veth but no kind called unheard-of.
func TestFeatureMissing(t *testing.T) {
	Sandboxed(t)
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	if got := configOption(strings.TrimSpace(string(release)), "CONFIG_NET_NS"); got != "y" && got != "" {
		t.Errorf("CONFIG_NET_NS is %q", got)
	}
	veth := Feature{Name: "veth", Probe: ByIP("link add v0 type veth peer name v1", "link del v0")}
	if why, err := veth.Missing(t); why != "" || err != nil {
		t.Errorf("veth: %q, %v", why, err)
	}
	none := Feature{Name: "none", Probe: ByIP("link add v0 type veth peer name v1", "link add x type unheard-of"), Since: "1000.0"}
	why, err := none.Missing(t)
	if !strings.Contains(why, "is older than 1000.0 (ip link add x type unheard-of: exit status") || err != nil {
		t.Errorf("unheard-of: %q, %v", why, err)
	}
}
