package lua

import (
	"io"
	"io/fs"
	"strings"
	"time"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/rtnames"
)

// Options say what an interpreter may reach and where its limits are. The
// zero value is a silent interpreter: empty input, output discarded.
type Options struct {
	// Stdin is what io.read and io.stdin read; nil is empty.
	Stdin io.Reader
	// Stdout and Stderr take what print, io and programs that the script runs
	// write; nil discards it. A writer that is no *os.File is written to by one
	// goroutine at a time.
	Stdout, Stderr io.Writer
	// FS is searched by require, dofile and RunFile before the machine's own
	// files; nil leaves only those.
	FS fs.FS
	// Netns is the network namespace that scripts begin in; it stays the
	// caller's. Nil is that of the process.
	Netns *netns.NS
	// PrivateNetns keeps the names that scripts give to namespaces within this
	// interpreter: nothing is made under /run/netns, nothing there is seen, and
	// Close removes them all. Many interpreters can then use the same names.
	// Programs that scripts run do not know the names; a namespace's path works
	// for them.
	PrivateNetns bool
	// Modules and Functions are the embedding program's own, beside those of
	// nlsh and declared like them, so that they have help, completion and
	// checks too. Their names must be free, and each needs a Doc.
	Modules   []*decl.Module
	Functions []*decl.Func
	// NoGlobals leaves the table nl, also by require "nlsh", as the only global
	// that is not Lua's own.
	NoGlobals bool
	// Names are the words of tables, protocols, scopes and groups; nil: those
	// that need no file.
	Names *rtnames.Names
	// Tracer sees every netlink datagram; nil: none.
	Tracer nlcore.Tracer
	// Color lets what is printed carry colours.
	Color bool
	// Path is package.path; empty means "./?.lua;./?/init.lua".
	Path string
	// Grace is how long deferred functions may run after the script was
	// stopped; zero means 5 s.
	Grace time.Duration

	// Depth limits open calls; zero means 20000.
	Depth int
	// PcallDepth limits nested pcall, resume, sort and gsub callbacks; zero
	// means 190.
	PcallDepth int
	// Nesting limits the nesting of a source; zero means 200.
	Nesting int
	// Operators limits the operators chained in one expression; zero means
	// 10000.
	Operators int
	// StringBytes limits the length of strings that scripts make; zero means
	// 256 MiB.
	StringBytes int
	// Registry limits the values on the stack; zero means 1<<22.
	Registry int
}

// withDefaults returns o with every zero field replaced by its default.
func (o Options) withDefaults() Options {
	if o.Stdin == nil {
		o.Stdin = strings.NewReader("")
	}
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	o.Stdout, o.Stderr = shareable(o.Stdout, o.Stderr)
	if o.Path == "" {
		o.Path = "./?.lua;./?/init.lua"
	}
	if o.Grace == 0 {
		o.Grace = 5 * time.Second
	}
	orDefault(&o.Depth, 20000)
	orDefault(&o.PcallDepth, 190)
	orDefault(&o.Nesting, 200)
	orDefault(&o.Operators, 10000)
	orDefault(&o.StringBytes, 256<<20)
	orDefault(&o.Registry, 1<<22)
	return o
}

func orDefault(n *int, def int) {
	if *n <= 0 {
		*n = def
	}
}

func (o Options) limits() limits {
	return limits{
		Depth:       o.Depth,
		PcallDepth:  o.PcallDepth,
		Nesting:     o.Nesting,
		Operators:   o.Operators,
		StringBytes: o.StringBytes,
	}
}
