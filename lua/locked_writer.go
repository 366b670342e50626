package lua

import (
	"io"
	"os"
	"sync"
)

// lockedWriter lets a script and the programs it runs, whose output another
// goroutine copies, write to one writer.
type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// shareable returns writers to out and errs, which may be the same writer,
// that several goroutines can use. A file is left as it is: programs get it
// itself.
func shareable(out, errs io.Writer) (io.Writer, io.Writer) {
	mu := &sync.Mutex{}
	lock := func(w io.Writer) io.Writer {
		if _, ok := w.(*os.File); ok {
			return w
		}
		return &lockedWriter{mu, w}
	}
	return lock(out), lock(errs)
}
