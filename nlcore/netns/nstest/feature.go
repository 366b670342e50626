package nstest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"nlsh/nlcore/netns"
)

// A Feature is something that some kernels have and others have not.
type Feature struct {
	// Name is what a user would call it: "vlan", "bridge VLAN filtering".
	Name string
	// Probe tries it in a fresh namespace of its own and returns what the
	// kernel said against it, nil if the feature is there.
	Probe func(t testing.TB, ns *netns.NS) error
	// Since is the first kernel that has it, "6.8"; "" if all we run on do.
	Since string
	// Config is the option it is built with, "CONFIG_VLAN_8021Q"; "" if every
	// kernel from Since on has it.
	Config string
}

// Need skips the test where the running kernel may lack the feature: one
// older than Since, or built without Config. Where a kernel lacks it that
// ought to have it, the test fails: the probe is wrong, or the feature is gone.
//
// Unlike the package's function Need this skips under NLSH_REQUIRE=1 too, for
// no machine has everything; tests/vm fails where no kernel could run a test.
func (f *Feature) Need(t testing.TB) {
	t.Helper()
	why, err := f.Missing(t)
	if err != nil {
		t.Fatal(err)
	}
	if why != "" {
		t.Skip(why)
	}
}

// Missing says why the running kernel has not got the feature, "" if it has.
// The error is for a kernel that ought to have it.
func (f *Feature) Missing(t testing.TB) (why string, err error) {
	t.Helper()
	refusal := f.Probe(t, NewNS(t))
	if refusal == nil {
		return "", nil
	}
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	return f.judge(strings.TrimSpace(string(release)), configOption, refusal)
}

// Older is for a part of a test that the running kernel is too old for: it
// says whether it is older than since ("6.8"), and in the test's output that it
// has not got what. The rest of the test goes on.
func Older(t testing.TB, what, since string) bool {
	t.Helper()
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	is := strings.TrimSpace(string(release))
	older, err := before(is, since)
	if err != nil {
		t.Fatal(err)
	}
	if older {
		t.Logf("no %s: Linux %s is older than %s", what, is, since)
	}
	return older
}

// NeedSince skips the test where the running kernel is older than since; on
// others the test itself shows whether it has what is needed.
func NeedSince(t testing.TB, what, since string) {
	t.Helper()
	if Older(t, what, since) {
		t.SkipNow()
	}
}

// judge decides what the refusal of a kernel means.
func (f *Feature) judge(release string, option func(release, name string) string, refusal error) (why string, err error) {
	older, err := before(release, f.Since)
	if err != nil {
		return "", fmt.Errorf("feature %s: %w", f.Name, err)
	}
	switch {
	case older:
		return fmt.Sprintf("no %s: Linux %s is older than %s (%v)", f.Name, release, f.Since, refusal), nil
	case f.Config == "":
		return "", fmt.Errorf("no %s, though Linux %s ought to have it: %w", f.Name, release, refusal)
	}
	switch option(release, f.Config) {
	case "y", "m":
		return "", fmt.Errorf("no %s, though Linux %s is built with %s: %w", f.Name, release, f.Config, refusal)
	case "n":
		return fmt.Sprintf("no %s: Linux %s is built without %s", f.Name, release, f.Config), nil
	}
	return fmt.Sprintf("no %s: Linux %s may be built without %s (%v)", f.Name, release, f.Config, refusal), nil
}

// before compares two releases by their first two numbers. An empty since is
// older than all.
func before(release, since string) (bool, error) {
	if since == "" {
		return false, nil
	}
	var is, want [2]int
	for _, p := range []struct {
		text string
		to   *[2]int
	}{{release, &is}, {since, &want}} {
		if n, _ := fmt.Sscanf(p.text, "%d.%d", &p.to[0], &p.to[1]); n != 2 {
			return false, fmt.Errorf("kernel release %q: want MAJOR.MINOR", p.text)
		}
	}
	return is[0] < want[0] || is[0] == want[0] && is[1] < want[1], nil
}

// ByIP is a probe that gives ip (see IP) one command after the other:
// "link add d0 type dummy". The first refusal is the answer.
func ByIP(commands ...string) func(testing.TB, *netns.NS) error {
	return func(t testing.TB, ns *netns.NS) error {
		t.Helper()
		path := ipPath(t)
		for _, line := range commands {
			var msg bytes.Buffer
			err := ns.Do(func() error {
				cmd := exec.Command(path, strings.Fields(line)...)
				cmd.Stderr = &msg
				return cmd.Run()
			})
			if err != nil {
				return fmt.Errorf("ip %s: %w: %s", line, err, strings.Join(strings.Fields(msg.String()), " "))
			}
		}
		return nil
	}
}
