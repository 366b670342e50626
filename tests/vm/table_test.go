package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Three kernels: one has all, one is older, one is built with less and did not
// run everything.
func TestPrintTable(t *testing.T) {
	run := func(kernel string, packages ...packageResult) *result {
		return &result{kernel: kernel, packages: packages}
	}
	pkg := func(name string, l ...outcome) packageResult {
		for i := range l {
			l[i].pkg = name
		}
		return packageResult{section: section{pkg: name}, outcomes: l}
	}
	said := func(test, action, output string) outcome { return outcome{"", test, action, output} }
	ok := func(test string) outcome { return said(test, "pass", "") }
	const older = "    a_test.go:1: no dscp: Linux 6.1.0 is older than 6.13 (EINVAL)\n"
	runs := []*result{
		run("uml 7.2", pkg("a", ok("TestRules"), ok("TestRules/plain"), ok("TestRules/dscp"), ok("TestKinds"), ok("TestKinds/vlan_x"), ok("TestAttrs"))),
		run("6.1", pkg("a", ok("TestRules"), ok("TestRules/plain"), said("TestRules/dscp", "skip", older), ok("TestKinds"),
			said("TestKinds/vlan_x", "skip", "    a_test.go:2: no vlan: Linux 6.1 is built without CONFIG_V\n"),
			said("TestAttrs", "pass", "    link_diff_test.go:9: no vxlan localbypass: Linux 6.1.0 is older than 6.5\n"))),
		run("6.12", pkg("a", ok("TestRules"), said("TestRules/plain", "fail", ""), ok("TestRules/dscp"))),
	}
	list := []feature{
		{"rules", compared, []string{"a TestRules"}},
		{"link *", created, []string{"a TestKinds/*"}},
		{"attributes", compared, []string{"a TestAttrs"}},
		{"elsewhere", compared, []string{"b TestX"}},
		{"stale", compared, []string{"a TestGone"}},
	}
	const want = `feature               uml 7.2     6.1              6.12
rules                 compared 2  compared 1 of 2  FAIL 1 of 2
  dscp                compared    since 6.13       compared
link vlan x           created     not built        not run
attributes            compared    compared         not run
  vxlan localbypass   compared    since 6.5        not run
FAIL no kernel knows the test a TestGone of features.go
`
	for _, c := range []struct {
		name string
		list []feature
		want verdict
	}{
		{"stale", list, verdict{false, want}},
		{"part", list, verdict{true, strings.Join(strings.SplitAfter(want, "\n")[:6], "")}},
		{"good", list[:1], verdict{true, strings.Join(strings.SplitAfter(want, "\n")[:3], "")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w strings.Builder
			got := verdict{OK: printTable(&w, runs, c.list, c.name != "part")}
			got.Text = w.String()
			squeeze := func(s string) string {
				var l []string
				for line := range strings.Lines(s) {
					l = append(l, strings.Join(strings.Fields(line), " "))
				}
				return strings.Join(l, "\n")
			}
			got.Text, c.want.Text = squeeze(got.Text), squeeze(c.want.Text)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

// The table replaces the one before, however long, and nothing else.
func TestWriteTable(t *testing.T) {
	p := &project{dir: t.TempDir()}
	path := filepath.Join(p.dir, tableFile)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("head\n```\nold\n```\ntail\n")
	for _, table := range []string{"a  b\nc  d\n", "e\n"} {
		if err := p.writeTable(table); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff("head\n```\n"+table+"```\ntail\n", string(b)); d != "" {
			t.Error("-want +got:\n", d)
		}
	}
	write("head\n```\nno end\n")
	const want = tableFile + " has no block for the table"
	if err := p.writeTable("x"); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
