package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// An outcome is how one test ended.
type outcome struct {
	pkg, test string
	action    string // "pass", "fail" or "skip"
	output    string // what it printed, without the frame of go test
}

// A testEvent is a line of `go tool test2json`.
type testEvent struct {
	Action, Test, Output string
}

// outcomes reads a test binary's output (-test.v=test2json). A test that did
// not end has failed; rest is what belongs to no test.
func outcomes(pkg string, output []byte) (l []outcome, rest string, err error) {
	cmd := exec.Command("go", "tool", "test2json", "-p", pkg)
	cmd.Stdin = bytes.NewReader(output)
	out, err := cmd.Output()
	if err != nil {
		return nil, "", fmt.Errorf("go tool test2json: %w", err)
	}
	said := map[string]*strings.Builder{}
	ended := map[string]string{}
	var order []string
	for line := range bytes.Lines(out) {
		var e testEvent
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, "", fmt.Errorf("test2json: %w in %q", err, line)
		}
		if said[e.Test] == nil {
			said[e.Test] = &strings.Builder{}
			order = append(order, e.Test)
		}
		switch e.Action {
		case "output":
			if !framed(e.Output) {
				said[e.Test].WriteString(e.Output)
			}
		case "pass", "fail", "skip":
			ended[e.Test] = e.Action
		}
	}
	for _, test := range order {
		if test == "" {
			rest = said[test].String()
			continue
		}
		o := outcome{pkg: pkg, test: test, action: ended[test], output: said[test].String()}
		if o.action == "" {
			o.action = "fail"
			o.output += "did not end\n"
		}
		l = append(l, o)
	}
	return l, rest, nil
}

// framed says whether a line is only go test's own frame around a test.
func framed(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line == "PASS" || line == "FAIL" ||
		slices.ContainsFunc([]string{"=== ", "--- PASS", "--- FAIL", "--- SKIP"}, func(p string) bool {
			return strings.HasPrefix(line, p)
		})
}

// count counts the outcomes with an action.
func count(l []outcome, action string) int {
	n := 0
	for _, o := range l {
		if o.action == action {
			n++
		}
	}
	return n
}
