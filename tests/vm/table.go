package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
)

// A line is a feature on each kernel.
type line struct {
	name  string
	cells []string
}

// printTable writes the features by kernel. It is false if a feature has no
// test at all, though the whole package of one was run.
func printTable(w io.Writer, runs []*result, list []feature, whole bool) bool {
	ok := true
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := []string{"feature"}
	for _, r := range runs {
		head = append(head, r.kernel)
	}
	fmt.Fprintln(t, strings.Join(head, "\t"))
	var lost []string
	for _, f := range list {
		lines, stale := f.lines(runs)
		lost = append(lost, stale...)
		for _, l := range lines {
			fmt.Fprintf(t, "%s\t%s\n", l.name, strings.Join(l.cells, "\t"))
		}
	}
	t.Flush()
	if !whole {
		return ok
	}
	for _, test := range lost {
		fmt.Fprintf(w, "FAIL no kernel knows the test %s of features.go\n", test)
		ok = false
	}
	return ok
}

// tableFile is where the last table stands, in the block that says no language.
const tableFile = "docs/kernels.md"

// writeTable replaces it.
func (p *project) writeTable(table string) error {
	path := filepath.Join(p.dir, tableFile)
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	const fence = "\n```\n"
	before, rest, ok := strings.Cut(string(b), fence)
	_, after, closed := strings.Cut(rest, fence)
	if !ok || !closed {
		return fmt.Errorf("%s has no block for the table", tableFile)
	}
	text := before + fence + strings.TrimRight(table, "\n") + fence + after
	return os.WriteFile(path, []byte(text), 0o644)
}

// lines are those of one feature, and those tests of it that are none. A
// feature is left out if no package of its tests was run.
func (f *feature) lines(runs []*result) (l []line, stale []string) {
	var known []string
	for _, test := range f.tests {
		pkg, _, _ := strings.Cut(test, " ")
		if !ranPackage(runs, pkg) {
			continue
		}
		leaves := leavesOf(runs, strings.TrimSuffix(test, "/*"))
		if len(leaves) == 0 {
			stale = append(stale, test)
			continue
		}
		if !strings.HasSuffix(test, "/*") {
			known = append(known, leaves...)
			continue
		}
		for _, leaf := range leaves {
			l = append(l, f.group(strings.ReplaceAll(f.name, "*", lastPart(leaf)), runs, []string{leaf})...)
		}
	}
	if len(known) > 0 {
		l = append(l, f.group(f.name, runs, known)...)
	}
	return l, stale
}

// group is a line for some tests, and below it one for each part of them that
// a kernel has not got: a test that was skipped, or what one left out.
func (f *feature) group(name string, runs []*result, tests []string) []line {
	l := []line{f.line(name, runs, tests)}
	told := map[string]bool{}
	for _, test := range tests {
		if len(tests) > 1 && skippedBySome(runs, test) {
			l = append(l, f.line("  "+lastPart(test), runs, []string{test}))
		}
		for _, part := range leftOut(runs, test) {
			if told[part] {
				continue // several tests leave it out
			}
			told[part] = true
			sub := f.line("  "+part, runs, []string{test})
			for i, r := range runs {
				if since := missing(r, test)[part]; since != "" {
					sub.cells[i] = "since " + since
				}
			}
			l = append(l, sub)
		}
	}
	return l
}

// olderLine is what nstest.Older prints.
var olderLine = regexp.MustCompile(`(?m)^\s*\S+: no (.+): Linux \S+ is older than (\S+)$`)

// missing are the parts that a test left out on one kernel, with the first
// kernel that has them.
func missing(r *result, test string) map[string]string {
	parts := map[string]string{}
	for _, p := range r.packages {
		for _, o := range p.outcomes {
			if o.action == "skip" || o.pkg+" "+o.test != test {
				continue
			}
			for _, m := range olderLine.FindAllStringSubmatch(o.output, -1) {
				parts[m[1]] = m[2]
			}
		}
	}
	return parts
}

// leftOut lists the parts that a test left out on some kernel.
func leftOut(runs []*result, test string) []string {
	all := map[string]string{}
	for _, r := range runs {
		maps.Copy(all, missing(r, test))
	}
	return slices.Sorted(maps.Keys(all))
}

// lastPart is the subtest's name as it was written.
func lastPart(test string) string {
	return strings.ReplaceAll(test[strings.LastIndexAny(test, "/ ")+1:], "_", " ")
}

// line says how some tests did on each kernel.
func (f *feature) line(name string, runs []*result, tests []string) line {
	l := line{name: name}
	for _, r := range runs {
		l.cells = append(l.cells, f.cell(r, tests))
	}
	return l
}

// cell says how some tests did on one kernel.
func (f *feature) cell(r *result, tests []string) string {
	var passed, failed, skipped int
	why := ""
	for _, p := range r.packages {
		for _, o := range p.outcomes {
			if !slices.Contains(tests, o.pkg+" "+o.test) {
				continue
			}
			switch o.action {
			case "pass":
				passed++
			case "skip":
				skipped++
				why = inShort(reason(o.output))
			default:
				failed++
			}
		}
	}
	switch all := passed + failed + skipped; {
	case all == 0:
		return "not run"
	case failed > 0:
		return fmt.Sprintf("FAIL %d of %d", failed, all)
	case passed == 0:
		return why
	case all == 1:
		return f.how
	case skipped == 0:
		return fmt.Sprintf("%s %d", f.how, all)
	}
	return fmt.Sprintf("%s %d of %d", f.how, passed, len(tests))
}

// inShort puts the reason of a feature's absence (nstest.Feature) in few words.
func inShort(reason string) string {
	if _, since, ok := strings.Cut(reason, " is older than "); ok {
		return "since " + strings.Fields(since)[0]
	}
	if strings.Contains(reason, " is built without ") {
		return "not built"
	}
	return "skipped"
}

// leavesOf lists the tests below a name that have none below themselves, in
// the order in which they ran.
func leavesOf(runs []*result, name string) []string {
	var all []string
	for _, r := range runs {
		for _, p := range r.packages {
			for _, o := range p.outcomes {
				n := o.pkg + " " + o.test
				if (n == name || strings.HasPrefix(n, name+"/")) && !slices.Contains(all, n) {
					all = append(all, n)
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool {
		return slices.ContainsFunc(all, func(other string) bool { return strings.HasPrefix(other, n+"/") })
	})
}

func ranPackage(runs []*result, pkg string) bool {
	return slices.ContainsFunc(runs, func(r *result) bool {
		return slices.ContainsFunc(r.packages, func(p packageResult) bool { return p.pkg == pkg && len(p.outcomes) > 0 })
	})
}

func skippedBySome(runs []*result, test string) bool {
	return slices.ContainsFunc(runs, func(r *result) bool {
		return slices.ContainsFunc(r.packages, func(p packageResult) bool {
			return slices.ContainsFunc(p.outcomes, func(o outcome) bool {
				return o.action == "skip" && o.pkg+" "+o.test == test
			})
		})
	})
}
