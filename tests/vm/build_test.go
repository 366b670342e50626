package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Only a slow kernel in a brief run gets less, and every package that may be
// left out exists.
func TestBuildOn(t *testing.T) {
	fast, slow := &kernel{slowness: 1}, &kernel{slowness: 4}
	b := &build{dir: "d", packages: []binary{{pkg: "nlcore"}, {pkg: "lua/repl"}, {pkg: "tests/wire"}}}
	part := &build{dir: "d", packages: []binary{{pkg: "nlcore"}, {pkg: "tests/wire"}}}
	for _, c := range []struct {
		name  string
		k     *kernel
		brief bool
		want  *build
	}{
		{"fast", fast, true, b}, {"slow", slow, false, b}, {"slow and brief", slow, true, part},
	} {
		got := b.on(c.k, &options{brief: c.brief})
		if d := cmp.Diff(c.want, got, cmp.AllowUnexported(build{}, binary{})); d != "" {
			t.Errorf("%s, -want +got:\n%s", c.name, d)
		}
	}
	p, err := findProject()
	if err != nil {
		t.Fatal(err)
	}
	known, err := p.testedPackages(nil)
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, pkg := range known {
		has[pkg] = true
	}
	for _, pkg := range hardlyKernel {
		if !has[pkg] {
			t.Errorf("%s has no tests that touch the kernel", pkg)
		}
	}
}
