// Package repl is the prompt of nlsh: it reads entries from a terminal, gives
// them to an interpreter and shows what comes back.
//
// Three concerns are kept apart. Input: keys.go translates what terminals send,
// keyreader.go reads it so that it can be stopped, terminal_editor.go and
// plain_editor.go turn it into lines. State: session.go gathers lines into
// entries and runs them, history.go remembers them, complete.go computes what a
// TAB does to a line. Drawing: highlight.go colours the line being typed,
// candidates.go lays out what could complete it.
//
// The line buffer of the editing library holds one line. An entry of several
// lines lives in it with stand-ins for its newlines (multiline.go); nothing
// outside the editors ever sees a stand-in.
//
// The package knows nothing of netlink or of Lua's implementation; what it needs
// comes through Interp. It keeps no state outside a call of Run and reads no
// environment variable.
package repl
