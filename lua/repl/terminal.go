package repl

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/chzyer/readline"
)

// terminal is what an editor needs of the device behind Stdin and Stdout.
type terminal interface {
	// makeRaw switches line editing, echo and signals of the device off;
	// restore brings back what was found.
	makeRaw() error
	restore() error
	// size is the screen's, in cells; both are at least 1.
	size() (width, height int)
}

// device is a real terminal.
type device struct {
	in, out *os.File
	saved   *readline.State
}

func (d *device) makeRaw() error {
	return onDescriptor(d.in, func(fd int) (err error) {
		d.saved, err = readline.MakeRaw(fd)
		return err
	})
}

func (d *device) restore() error {
	if d.saved == nil {
		return nil
	}
	return onDescriptor(d.in, func(fd int) error { return readline.Restore(fd, d.saved) })
}

// size is 80 by 24 where the device does not know, as on serial lines.
func (d *device) size() (width, height int) {
	err := onDescriptor(d.out, func(fd int) (err error) {
		width, height, err = readline.GetSize(fd)
		return err
	})
	if err != nil || width <= 0 {
		width = 80
	}
	if err != nil || height <= 0 {
		height = 24
	}
	return width, height
}

// onDescriptor calls f with the descriptor of file. Unlike File.Fd it leaves the
// file's mode alone.
func onDescriptor(file *os.File, f func(fd int) error) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := conn.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// openTerminal returns the device of o and the keys that come from it.
func openTerminal(o Options) (terminal, io.ReadCloser, error) {
	if o.term != nil {
		return o.term, io.NopCloser(o.Stdin), nil
	}
	in, ok := o.Stdin.(*os.File)
	if !ok {
		return nil, nil, errors.New("repl: run: stdin of a terminal must be a file")
	}
	out, ok := o.Stdout.(*os.File)
	if !ok {
		return nil, nil, errors.New("repl: run: stdout of a terminal must be a file")
	}
	return &device{in: in, out: out}, reopen(in), nil
}

// reopen opens the device behind file anew, so that a read can be stopped by
// closing it: that needs the non-blocking mode, which must not be set on a
// description that other processes have too. Where this is not allowed (the
// device of another user, after su) it returns file with a Close that does
// nothing.
func reopen(file *os.File) io.ReadCloser {
	var again *os.File
	err := onDescriptor(file, func(fd int) (err error) {
		again, err = os.Open(fmt.Sprintf("/proc/self/fd/%d", fd))
		return err
	})
	if err != nil {
		return io.NopCloser(file)
	}
	return again
}
