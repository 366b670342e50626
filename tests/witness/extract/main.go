package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A fact is one line of the table; tests/witness/facts.go says what the
// columns are.
type fact struct {
	set, name, id, since  string
	spec, order, of       string
	policy, least, utmost string
	code                  string
}

func (f *fact) line() string {
	return strings.Join([]string{f.set, f.name, f.id, f.since, f.spec, f.order, f.of, f.policy, f.least, f.utmost, f.code}, "\t")
}

func main() {
	source := flag.String("source", "", "an unpacked kernel source")
	include := flag.String("headers", ".cache/headers/include", "the include folder of the kernel headers")
	git := flag.String("history", "", "a git repository of iproute2; without it no first versions are known")
	then := flag.String("then", "", "include folders of releases that it lacks: 7.2=DIR,7.3=DIR")
	out := flag.String("out", "tests/witness/facts.tsv", "the table to write")
	flag.Parse()
	if err := run(*source, *include, *git, *then, *out); err != nil {
		fmt.Fprintln(os.Stderr, "extract:", err)
		os.Exit(1)
	}
}

func run(kernel, include, git, then, out string) error {
	h, err := readHeaders(include)
	if err != nil {
		return err
	}
	specs, enums, err := readSpecs(filepath.Join(kernel, "Documentation/netlink/specs"))
	if err != nil {
		return err
	}
	files, err := readSource(kernel, h)
	if err != nil {
		return err
	}
	past := &history{}
	if git != "" {
		if past, err = readHistory(git, strings.FieldsFunc(then, func(r rune) bool { return r == ',' })); err != nil {
			return err
		}
	}
	facts := append(h.attributes(specs, files), enums...)
	facts = append(facts, h.words()...)
	more, err := h.structs()
	if err != nil {
		return err
	}
	facts = append(facts, more...)
	for i := range facts {
		facts[i].since = past.since[facts[i].constant()]
	}
	return write(out, h, facts)
}

// constant is the kernel's name of a fact.
func (f *fact) constant() string {
	set, _ := strings.CutPrefix(f.set, "enum ")
	return set + "_" + f.name
}

func write(out string, h *headers, facts []fact) error {
	lines := make([]string, len(facts))
	for i := range facts {
		lines[i] = facts[i].line()
	}
	slices.Sort(lines)
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Linux %d.%d, by tests/witness/extract. Columns: see facts.go.\n",
		h.values["LINUX_VERSION_MAJOR"], h.values["LINUX_VERSION_PATCHLEVEL"])
	for _, l := range slices.Compact(lines) {
		b.WriteString(strings.TrimRight(l, "\t") + "\n")
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}

// attributes joins what headers, specs and policies say of each attribute.
func (h *headers) attributes(specs map[string]specAttr, files *source) []fact {
	var l []fact
	for _, s := range h.sets {
		for _, c := range s.members {
			x := specs[c]
			f := fact{
				set: s.name, name: strings.TrimPrefix(c, s.name+"_"), id: strconv.FormatInt(h.values[c], 10),
				spec: x.kind, order: x.order, of: x.of, least: x.min, utmost: x.max, code: strings.Join(files.code[c], "|"),
			}
			var kinds, least, utmost []string
			for _, p := range files.policies[c] {
				kinds, least, utmost = append(kinds, p.kind), append(least, p.min), append(utmost, p.max)
			}
			if len(kinds) > 0 {
				f.policy, f.least, f.utmost = strings.Join(kinds, "|"), strings.Join(least, "|"), strings.Join(utmost, "|")
			}
			l = append(l, f)
		}
	}
	return l
}

// words are the numbers that attributes hold, by the longest prefix.
func (h *headers) words() []fact {
	var l []fact
	for _, c := range h.order {
		set := ""
		for _, p := range wordSets {
			if strings.HasPrefix(c, p) && len(p) > len(set) {
				set = p
			}
		}
		if set != "" && !strings.HasSuffix(c, "_MAX") {
			set = strings.TrimSuffix(set, "_")
			l = append(l, fact{set: "enum " + set, name: strings.TrimPrefix(strings.TrimPrefix(c, set), "_"), id: strconv.FormatInt(h.values[c], 10)})
		}
	}
	return l
}

// structs are the members of C structs, and the size of each as a member
// without a name.
func (h *headers) structs() ([]fact, error) {
	var l []fact
	for _, tag := range structs {
		p, ok := h.layout(tag)
		if !ok {
			return nil, fmt.Errorf("struct %s is not understood", tag)
		}
		set := "struct " + tag
		l = append(l, fact{set: set, name: "", id: strconv.Itoa(p.size)})
		for _, f := range p.fields {
			l = append(l, fact{set: set, name: f.name, id: strconv.Itoa(f.off), spec: f.kind})
		}
	}
	return l, nil
}
