package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A testName is one test of one package.
type testName struct{ pkg, test string }

// unrun lists the tests that were skipped by a kernel and passed on none.
func unrun(runs []*result) []testName {
	skipped, ran := map[testName]bool{}, map[testName]bool{}
	for _, r := range runs {
		for _, p := range r.packages {
			for _, o := range p.outcomes {
				n := testName{o.pkg, o.test}
				if o.action == "skip" {
					skipped[n] = true
				} else {
					ran[n] = true
				}
			}
		}
	}
	var l []testName
	for n := range skipped {
		if !ran[n] {
			l = append(l, n)
		}
	}
	slices.SortFunc(l, func(a, b testName) int { return strings.Compare(a.pkg+" "+a.test, b.pkg+" "+b.test) })
	return l
}

// runHere runs tests on this machine's kernel, in the sandbox that they make
// themselves.
func (p *project) runHere(ctx context.Context, b *build, tests []testName) (*result, error) {
	res := &result{kernel: "this machine"}
	for _, t := range b.packages {
		var names []string
		for _, n := range tests {
			if n.pkg == t.pkg {
				names = append(names, n.test)
			}
		}
		for _, name := range names {
			s, err := p.runOne(ctx, b, &t, name)
			if err != nil {
				return nil, err
			}
			l, rest, err := outcomes(t.pkg, s.output)
			if err != nil {
				return nil, err
			}
			// The parents of a subtest are not asked about.
			l = slices.DeleteFunc(l, func(o outcome) bool { return o.test != name })
			res.packages = append(res.packages, packageResult{section: *s, outcomes: l, rest: rest})
		}
	}
	return res, nil
}

// runOne runs one test of a binary.
func (p *project) runOne(ctx context.Context, b *build, t *binary, name string) (*section, error) {
	args := []string{"-test.v=test2json", "-test.run", exactly(name)}
	for _, m := range t.more {
		args = append(args, strings.ReplaceAll(m, "{bin}", b.bin()))
	}
	ctx, cancel := context.WithTimeout(ctx, packageLimit*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(b.bin(), t.file), args...)
	cmd.Dir = filepath.Join(p.dir, t.pkg)
	cmd.Env = append(os.Environ(), "NLSH_IP="+p.cached("iproute2/bin/ip"))
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		return nil, err
	}
	return &section{pkg: t.pkg, output: out, code: cmd.ProcessState.ExitCode(), took: time.Since(start)}, nil
}

// exactly is the pattern of -test.run for one test or subtest.
func exactly(name string) string {
	var l []string
	for part := range strings.SplitSeq(name, "/") {
		l = append(l, "^"+regexp.QuoteMeta(part)+"$")
	}
	return strings.Join(l, "/")
}

// printSkips lists what was skipped, by reason and kernel. It is false if a
// test ran nowhere, unless this machine's kernel, which might, was not asked.
func printSkips(w io.Writer, runs []*result, asked bool) bool {
	byReason := map[string][]string{}
	for _, r := range runs {
		for _, p := range r.packages {
			for _, o := range p.outcomes {
				if o.action == "skip" {
					key := r.kernel + ": " + reason(o.output)
					byReason[key] = append(byReason[key], o.pkg+" "+o.test)
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(byReason)) {
		fmt.Fprintf(w, "skipped on %s\n", key)
		for _, test := range byReason[key] {
			fmt.Fprintln(w, "       ", test)
		}
	}
	lost := unrun(runs)
	for _, n := range lost {
		if asked {
			fmt.Fprintf(w, "FAIL %s %s: no kernel can run it\n", n.pkg, n.test)
		} else {
			fmt.Fprintf(w, "%s %s: not run at all\n", n.pkg, n.test)
		}
	}
	return len(lost) == 0 || !asked
}

// position is where a test said something.
var position = regexp.MustCompile(`^\s*[\w.]+\.go:\d+: `)

// reason is what a skipped test said, on one line.
func reason(output string) string {
	text := strings.Join(strings.Fields(position.ReplaceAllString(output, "")), " ")
	if text == "" {
		return "without a word"
	}
	return text
}
