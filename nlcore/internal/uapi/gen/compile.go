package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A compiler evaluates constants of one folder of kernel headers.
type compiler struct {
	include string // the folder that holds linux/ and asm/
	scratch string // a folder for stubs and results
}

// prelude precedes every program. The types are those <stdint.h> would give;
// nothing of the machine's own C library is read.
const prelude = `#include <linux/types.h>
#include <linux/time.h>
#include <linux/sockios.h>
#define KIND(x) _Generic((x), char: 1, signed char: 1, short: 1, int: 1, long: 1, long long: 1, \
	unsigned char: 2, unsigned short: 2, unsigned: 2, unsigned long: 2, unsigned long long: 2)
`

// stubs stand for the few headers of the C library that kernel headers include.
var stubs = map[string]string{
	"sys/socket.h": "#pragma once\n#include <linux/socket.h>\nstruct sockaddr { unsigned short sa_family; char sa_data[14]; };\n",
	"netinet/in.h": "#include <linux/in.h>\n#include <linux/in6.h>\n",
	"stddef.h":     "typedef unsigned long size_t;\n",
	"stdbool.h":    "",
	"stdint.h":     "",
}

// newCompiler prepares a scratch folder; the caller removes it.
func newCompiler(include string) (*compiler, error) {
	scratch, err := os.MkdirTemp("", "uapi-gen-")
	if err != nil {
		return nil, err
	}
	for path, text := range stubs {
		f := filepath.Join(scratch, "stub", path)
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(f, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	return &compiler{include: include, scratch: scratch}, nil
}

// cc runs the compiler on one source and returns what it complained about.
func (c *compiler) cc(source string, args ...string) (string, error) {
	args = append(args, "-w", "-nostdinc", "-fmax-errors=0", "-fno-diagnostics-show-caret", "-ftrack-macro-expansion=0",
		"-I", filepath.Join(c.scratch, "stub"), "-I", c.include, "-x", "c", "-")
	cmd := exec.Command("cc", args...)
	// Messages are read below: they must be in the untranslated form.
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stdin = strings.NewReader(source)
	var out bytes.Buffer
	cmd.Stderr = &out
	err := cmd.Run()
	return out.String(), err
}

var errorLine = regexp.MustCompile(`(?m)^<stdin>:(\d+):.*error:`)

// values evaluates the names with the header included. A name that is no
// integer constant expression is absent from the result.
func (c *compiler) values(header string, idents []string) (map[string]string, error) {
	head := prelude + "#include <linux/" + header + ">\n"
	first := strings.Count(head, "\n") + 1

	// Round one asks which names are integer constants: a static initializer
	// accepts nothing else, and each complaint names its line. Each stands in a
	// function of its own because a compiler reports an undeclared identifier
	// once a function.
	var test strings.Builder
	test.WriteString(head)
	for i, id := range idents {
		fmt.Fprintf(&test, "void f%d(void) { static const int k = KIND(%s); static const long long v = (long long)(%s); }\n", i, id, id)
	}
	complaints, err := c.cc(test.String(), "-fsyntax-only")
	bad := map[int]bool{}
	for _, m := range errorLine.FindAllStringSubmatch(complaints, -1) {
		n, _ := strconv.Atoi(m[1])
		if n < first {
			return nil, fmt.Errorf("%s does not compile:\n%s", header, complaints)
		}
		bad[n-first] = true
	}
	if err != nil && len(bad) == 0 {
		return nil, fmt.Errorf("%s: cc: %w\n%s", header, err, complaints)
	}

	// Round two writes them into an assembler text, which needs no linker, no
	// C library and no run, hence no machine of the headers' kind.
	var prog strings.Builder
	prog.WriteString(head + "void f(void) {\n")
	for i, id := range idents {
		if !bad[i] {
			fmt.Fprintf(&prog, "__asm__ volatile(\"@@ %d %%0 %%1\" :: \"i\"(KIND(%s)), \"i\"((long long)(%s)));\n", i, id, id)
		}
	}
	prog.WriteString("}\n")
	asm := filepath.Join(c.scratch, "values.s")
	if complaints, err := c.cc(prog.String(), "-S", "-o", asm); err != nil {
		return nil, fmt.Errorf("%s: cc: %w\n%s", header, err, complaints)
	}
	out, err := os.ReadFile(asm)
	if err != nil {
		return nil, err
	}
	vals := map[string]string{}
	for _, m := range valueLine.FindAllStringSubmatch(string(out), -1) {
		i, _ := strconv.Atoi(m[1])
		v, err := strconv.ParseInt(m[3], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", header, idents[i], err)
		}
		if m[2] == "1" {
			vals[idents[i]] = strconv.FormatInt(v, 10)
		} else {
			vals[idents[i]] = strconv.FormatUint(uint64(v), 10)
		}
	}
	return vals, nil
}

// valueLine is what round two finds again: index, KIND, value,
// the numbers with the assembler's mark of an immediate operand.
var valueLine = regexp.MustCompile(`@@ (\d+) [$#]?(\d) [$#]?(-?\d+)`)
