package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// mostInit is what the packages of nlsh may allocate before main begins, in
// bytes: each KB is a page or two that every start touches first.
const mostInit = 16 << 10

// TestInit holds what the variables of nlsh's packages cost every start, as the
// runtime tells it. Maps and compiled expressions are what it is to keep out.
func TestInit(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := regexp.MustCompile(`(?m)^init (nlsh/\S+) .* (\d+) bytes, (\d+) allocs$`).FindAllSubmatch(out, -1)
	sum := 0
	for _, l := range lines {
		n, err := strconv.Atoi(string(l[2]))
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if len(lines) == 0 || sum > mostInit {
		t.Errorf("the packages of nlsh allocate %d bytes before main, want at most %d\n%s", sum, mostInit, out)
	}
}
