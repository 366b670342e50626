package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Command is something the prompt does when an entry begins with a colon and
// its name.
type Command struct {
	// Name is what follows the colon: letters only.
	Name string
	// Usage shows the arguments, as in "FILE"; empty for none.
	Usage string
	// Doc is one line for :help.
	Doc string
	// Code says that the argument is an entry, which may have more lines.
	Code bool
	// Run does it. It is interrupted and its error is shown like an entry's.
	Run func(ctx context.Context, c *Call) error
}

// Call is one use of a command.
type Call struct {
	// Arg is what follows the name, without the blanks around it.
	Arg    string
	Stdout io.Writer
	Stderr io.Writer
	Interp Interp
	// Commands are all that the prompt has, by name.
	Commands []Command
}

// builtins are the commands every prompt has, by name. :load needs an Interp
// that is a FileRunner.
var builtins = []Command{
	{Name: "help", Usage: "[TOPIC]", Doc: "list these commands, or print the help on a topic", Run: runHelp},
	{Name: "load", Usage: "FILE", Doc: "run a script here", Run: runLoad},
	{Name: "quit", Doc: "leave, as Ctrl-D does", Run: runQuit},
	{Name: "time", Usage: "CODE", Doc: "run an entry and say how long it took", Code: true, Run: runTime},
}

// commandTable is the builtins that in can do and those of the caller, by name.
func commandTable(in Interp, added []Command) ([]Command, error) {
	var table []Command
	for _, c := range builtins {
		if _, ok := in.(FileRunner); ok || c.Name != "load" {
			table = append(table, c)
		}
	}
	for _, c := range added {
		if c.Name == "" || strings.IndexFunc(c.Name, func(r rune) bool { return !unicode.IsLetter(r) }) >= 0 {
			return nil, fmt.Errorf("repl: command %q: the name must be letters", c.Name)
		}
		if c.Run == nil {
			return nil, fmt.Errorf("repl: command %q: Run is required", c.Name)
		}
		table = slices.DeleteFunc(table, func(old Command) bool { return old.Name == c.Name })
		table = append(table, c)
	}
	slices.SortFunc(table, func(a, b Command) int { return strings.Compare(a.Name, b.Name) })
	return table, nil
}

// parseCommand splits an entry that begins with a colon and a letter. Lua knows
// labels, ::name::, but nothing that begins so.
func parseCommand(entry string) (name, arg string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(entry, " \t"), ":")
	if !ok {
		return "", "", false
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(rest)
	}
	if end == 0 || end < len(rest) && !unicode.IsSpace(rune(rest[end])) {
		return "", "", false
	}
	return rest[:end], strings.TrimSpace(rest[end:]), true
}

// findCommand returns the command called name, or the only one that begins so.
func findCommand(table []Command, name string) (Command, error) {
	var found []string
	var match Command
	for _, c := range table {
		if c.Name == name {
			return c, nil
		}
		if strings.HasPrefix(c.Name, name) {
			found, match = append(found, ":"+c.Name), c
		}
	}
	switch len(found) {
	case 1:
		return match, nil
	case 0:
		return Command{}, fmt.Errorf("no command :%s; :help lists them", name)
	}
	return Command{}, fmt.Errorf("command :%s is one of %s", name, strings.Join(found, ", "))
}

// commandCandidates are the commands whose names begin with prefix.
func commandCandidates(table []Command, prefix string) []Candidate {
	var out []Candidate
	for _, c := range table {
		if strings.HasPrefix(c.Name, prefix) {
			out = append(out, Candidate{Text: ":" + c.Name, Kind: "command", Doc: c.Doc})
		}
	}
	return out
}

// Helper is an Interp that has help on topics; it serves :help TOPIC.
type Helper interface {
	Help(topic string) (string, error)
}

func runHelp(_ context.Context, c *Call) error {
	if c.Arg != "" {
		h, ok := c.Interp.(Helper)
		if !ok {
			return errors.New("help: takes no topic here")
		}
		text, err := h.Help(c.Arg)
		if err != nil {
			return fmt.Errorf("help: %w", err)
		}
		_, err = io.WriteString(c.Stdout, text)
		return err
	}
	cells := 0
	for _, k := range c.Commands {
		cells = max(cells, textWidth(":"+k.Name+" "+k.Usage))
	}
	for _, k := range c.Commands {
		if _, err := fmt.Fprintln(c.Stdout, pad(":"+k.Name+" "+k.Usage, cells+columnGap)+k.Doc); err != nil {
			return err
		}
	}
	return nil
}

func runLoad(ctx context.Context, c *Call) error {
	runner, ok := c.Interp.(FileRunner)
	if !ok || c.Arg == "" {
		return errors.New("load: FILE is required")
	}
	return runner.RunFile(ctx, c.Arg, c.Stdout)
}

func runQuit(context.Context, *Call) error { return errQuit }

func runTime(ctx context.Context, c *Call) error {
	start := time.Now()
	err := c.Interp.EvalPrint(ctx, c.Arg, c.Stdout)
	_, _ = fmt.Fprintf(c.Stderr, "took %v\n", time.Since(start).Round(time.Microsecond))
	return err
}
