package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a test binary said becomes one outcome a test; one that did not end
// has failed.
func TestOutcomes(t *testing.T) {
	const said = "\x16=== RUN   TestA\n\x16=== RUN   TestA/x\n    a_test.go:7: no vlan: old\n\x16--- SKIP: TestA/x (0.00s)\n\x16=== NAME  TestA\n" +
		"\x16--- PASS: TestA (0.00s)\n\x16=== NAME  \n\x16=== RUN   TestB\n    b_test.go:1: bad\n\x16--- FAIL: TestB (0.10s)\n\x16=== NAME  \n" +
		"\x16=== RUN   TestC\npanic: boom\n"
	got, rest, err := outcomes("p", []byte(said))
	if err != nil {
		t.Fatal(err)
	}
	want := []outcome{
		{"p", "TestA", "pass", ""},
		{"p", "TestA/x", "skip", "    a_test.go:7: no vlan: old\n"},
		{"p", "TestB", "fail", "    b_test.go:1: bad\n"},
		{"p", "TestC", "fail", "panic: boom\ndid not end\n"},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(outcome{})); d != "" {
		t.Error("-want +got:\n", d)
	}
	if rest != "" {
		t.Errorf("rest %q", rest)
	}
}

// verdict is what a run prints and whether it passes.
type verdict struct {
	OK   bool
	Text string
}

func TestJudge(t *testing.T) {
	good := section{pkg: "a", output: []byte("\x16=== RUN   TestA\n\x16--- PASS: TestA (0.00s)\n\x16=== NAME  \nPASS\n")}
	leaking := section{pkg: "a", code: 1, output: []byte("PASS\nnstest: left over after the tests:\n\tmount x\n")}
	failing := section{pkg: "a", code: 1, output: []byte("\x16=== RUN   TestA\n    a_test.go:1: bad\n\x16--- FAIL: TestA (0.00s)\n\x16=== NAME  \nFAIL\n")}
	ended := func(s ...section) *console { return &console{release: "7.2", sections: s, ended: true} }
	for _, c := range []struct {
		name string
		c    *console
		boot error
		want verdict
	}{
		{"good", ended(good), nil, verdict{true, "ok   a                           0.0s  1 passed, 0 failed, 0 skipped\n"}},
		{"failure", ended(failing), nil, verdict{false, "FAIL a                           0.0s  0 passed, 1 failed, 0 skipped, exit code 1\n    --- FAIL: TestA\n            a_test.go:1: bad\n"}},
		{"left over", ended(leaking), nil, verdict{false, "FAIL a                           0.0s  0 passed, 0 failed, 0 skipped, exit code 1\n        nstest: left over after the tests:\n        \tmount x\n"}},
		{"a package is missing", ended(), nil, verdict{false, "FAIL the guest stopped early; its last lines follow\n\n"}},
		{"no end", &console{release: "7.2", sections: []section{good}, last: []string{"Oops"}}, errors.New("not finished after 1s"), verdict{false,
			"ok   a                           0.0s  1 passed, 0 failed, 0 skipped\nFAIL not finished after 1s\nthe guest stopped early; its last lines follow\nOops\n"}},
		{"the kernel warns", &console{release: "7.2", sections: []section{good}, ended: true, kernel: []string{"WARNING: x"}}, nil, verdict{true,
			"ok   a                           0.0s  1 passed, 0 failed, 0 skipped\nkernel: WARNING: x\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := judge("uml", c.c, c.boot, 1, 0)
			if err != nil {
				t.Fatal(err)
			}
			var w strings.Builder
			got := verdict{OK: r.print(&w)}
			got.Text = strings.TrimPrefix(w.String(), "\numl 7.2: init after 0.0s, 0.0s in all\n")
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

// A test that is skipped on one kernel and runs on another is listed; one that
// is skipped everywhere fails the run, however its siblings do.
func TestSkippedEverywhere(t *testing.T) {
	run := func(kernel string, l ...outcome) *result {
		return &result{kernel: kernel, packages: []packageResult{{outcomes: l}}}
	}
	skip := func(test, why string) outcome { return outcome{"p", test, "skip", "    a_test.go:1: " + why + "\n"} }
	pass := func(test string) outcome { return outcome{"p", test, "pass", ""} }
	const listed = "skipped on a: no vlan: old\n        p TestA\n"
	for _, c := range []struct {
		name string
		runs []*result
		lost []testName
		want verdict
	}{
		{"ran all", []*result{run("a", pass("TestA"))}, nil, verdict{true, ""}},
		{"ran elsewhere", []*result{run("a", skip("TestA", "no vlan: old")), run("b", pass("TestA"))}, nil, verdict{true, listed}},
		{"failed elsewhere", []*result{run("a", skip("TestA", "no vlan: old")), run("b", outcome{"p", "TestA", "fail", ""})}, nil, verdict{true, listed}},
		{"ran nowhere", []*result{run("a", skip("TestA", "no vlan: old")), run("b", skip("TestA", "no vlan: new"), pass("TestB"))},
			[]testName{{"p", "TestA"}},
			verdict{false, listed + "skipped on b: no vlan: new\n        p TestA\nFAIL p TestA: no kernel can run it\n"}},
		{"another's pass does not count", []*result{run("a", skip("TestA", "no vlan: old")), run("b", pass("TestA/x"))},
			[]testName{{"p", "TestA"}}, verdict{false, listed + "FAIL p TestA: no kernel can run it\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.lost, unrun(c.runs), cmp.AllowUnexported(testName{})); d != "" {
				t.Error("unrun, -want +got:\n", d)
			}
			var w strings.Builder
			got := verdict{OK: printSkips(&w, c.runs, true)}
			got.Text = w.String()
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

func TestSkippedWhereThisMachineCannotBeAsked(t *testing.T) {
	skip := outcome{"p", "TestA", "skip", "    a_test.go:1: no vlan: old\n"}
	var w strings.Builder
	got := verdict{OK: printSkips(&w, []*result{{kernel: "a", packages: []packageResult{{outcomes: []outcome{skip}}}}}, false)}
	got.Text = w.String()
	want := verdict{true, "skipped on a: no vlan: old\n        p TestA\np TestA: not run at all\n"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}

func TestExactly(t *testing.T) {
	for name, want := range map[string]string{"TestA": "^TestA$", "TestA/x_(1)": `^TestA$/^x_\(1\)$`} {
		if got := exactly(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestChooseKernels(t *testing.T) {
	if _, err := chooseKernels("uml,vax"); err == nil || err.Error() != `unknown kernel "vax": uml, 6.1, 6.12, newest` {
		t.Error(err)
	}
	l, err := chooseKernels("newest,uml")
	if err != nil || len(l) != 2 || l[0].name != "newest" || l[1].name != "uml" {
		t.Errorf("%v, %v", l, err)
	}
}
