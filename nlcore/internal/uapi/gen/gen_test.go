package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	include = "../../../../.cache/headers/include"
	uapi    = ".."
)

// needHeaders skips a test where the headers were not fetched.
func needHeaders(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(include, "linux", "version.h")); err != nil {
		msg := "the kernel headers are missing (" + include + "): run tests/oracle/fetch.sh headers"
		if os.Getenv("NLSH_REQUIRE") == "1" {
			t.Fatal(msg)
		}
		t.Skip(msg)
	}
}

// TestCommittedFiles regenerates the constants and compares.
func TestCommittedFiles(t *testing.T) {
	needHeaders(t)
	want, err := generate(include)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(uapi, "*.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		got[filepath.Base(p)] = text
	}
	for name := range got {
		if want[name] == nil {
			t.Errorf("%s is committed but no longer generated", name)
		}
	}
	for name, text := range want {
		if d := cmp.Diff(string(text), string(got[name])); d != "" {
			t.Errorf("%s differs from the headers; run make gen (-want +got):\n%s", name, d)
		}
	}
}

// TestSizes compares the sizes written by hand with the compiler's.
func TestSizes(t *testing.T) {
	needHeaders(t)
	text, err := os.ReadFile(filepath.Join(uapi, "sizes.go"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCompiler(mustAbs(t, include))
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(c.scratch)
	var all strings.Builder
	for _, h := range headers {
		all.WriteString("#include <linux/" + h + ">\n")
	}
	if err := os.MkdirAll(filepath.Join(c.scratch, "stub", "linux"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.scratch, "stub", "linux", "all-of-them.h"), []byte(all.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^\tSizeof(\w+) += (\d+) +// (?:(struct \w+)|(xfrm_address_t))(.*)$`)
	want, got := map[string]int{}, map[string]int{}
	var exprs []string
	byExpr := map[string]string{}
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		want[m[1]], _ = strconv.Atoi(m[2])
		expr := "sizeof(" + m[3] + m[4] + ")"
		exprs = append(exprs, expr)
		byExpr[expr] = m[1]
	}
	vals, err := c.values("all-of-them.h", exprs)
	if err != nil {
		t.Fatal(err)
	}
	for expr, v := range vals {
		got[byExpr[expr]], _ = strconv.Atoi(v)
	}
	if len(want) < 100 {
		t.Errorf("only %d sizes found in sizes.go", len(want))
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("sizes.go differs from the headers (-compiler +sizes.go):\n%s", d)
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// TestParse shows which names of a header become candidates.
func TestParse(t *testing.T) {
	const header = `
#ifndef _LINUX_X_H
#define _LINUX_X_H
/* #define COMMENTED 1 */
#define PLAIN 7 // trailing
#define HEX (0x10 | \
	0x20)
#define FUNC(x) ((x) + 1)
#define lower 3
enum x_kind {
	X_A,
	X_B = (1 << 3), /* a comma, here */
#define X_B X_B
	X_PAIR = MAX(1, 2),
	__X_MAX,
#define X_MAX (__X_MAX - 1)
};
enum { ANON = 0x1 };
#define AFTER 1
#endif
`
	want := []group{
		{macro: true, names: []name{{"PLAIN", false}, {"HEX", true}}},
		{enum: "x_kind", names: []name{{"X_A", false}, {"X_B", false}, {"X_PAIR", false}, {"X_MAX", false}}},
		{names: []name{{"ANON", true}}},
		{macro: true, names: []name{{"AFTER", false}}},
	}
	if d := cmp.Diff(want, parse(header), cmp.AllowUnexported(group{}, name{})); d != "" {
		t.Errorf("parse (-want +got):\n%s", d)
	}
}
