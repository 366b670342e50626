package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// A section is what one test binary printed in the guest.
type section struct {
	pkg    string
	output []byte
	code   int // its exit code, 124 where it took too long
	took   time.Duration
}

// A console is what the guest said, sorted.
type console struct {
	release  string        // the kernel's own name, "7.2.7"
	up       time.Duration // from the start to init
	sections []section
	kernel   []string // warnings of the kernel itself
	ended    bool     // the guest came to its end
	last     []string // the last lines, for a guest that did not
}

// lastLines is how much of a broken console is worth printing.
const lastLines = 20

// readConsole reads until the guest's output ends. A line begins with "#vm "
// if it is from init; the word after it says what happened.
func readConsole(r io.Reader, echo io.Writer) (*console, error) {
	c := &console{}
	start := time.Now()
	began := start
	var open *section
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			line = append(bytes.TrimRight(line, "\r\n"), '\n')
			echo.Write(line)
			c.last = append(c.last, strings.TrimSpace(string(line)))
			c.last = c.last[max(0, len(c.last)-lastLines):]
			word, rest, ours := event(string(line))
			switch {
			case !ours && open != nil:
				open.output = append(open.output, line...)
			case word == "up":
				c.release, c.up = rest, time.Since(start)
			case word == "package":
				began = time.Now()
				c.sections = append(c.sections, section{pkg: rest, code: -1})
				open = &c.sections[len(c.sections)-1]
			case word == "exit" && open != nil:
				open.took = time.Since(began)
				if open.code, err = strconv.Atoi(rest); err != nil {
					return c, fmt.Errorf("console: exit code of %s: %w", open.pkg, err)
				}
				open = nil
			case word == "kernel":
				c.kernel = append(c.kernel, rest)
			case word == "end":
				c.ended = true
			}
		}
		if err == io.EOF {
			return c, nil
		}
		if err != nil {
			return c, err
		}
	}
}

// event splits a line of init into its word and what follows.
func event(line string) (word, rest string, ok bool) {
	text, ok := strings.CutPrefix(strings.TrimSpace(line), "#vm ")
	if !ok {
		return "", "", false
	}
	word, rest, _ = strings.Cut(text, " ")
	return word, rest, true
}
