package repl

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// escapeWait is how long the rest of an escape sequence may take to arrive. A
// terminal sends it at once; a slow line needs some tens of milliseconds.
const escapeWait = 100 * time.Millisecond

// keyReader reads translated keys. It asks its source for bytes only inside
// Read, so that what is typed ahead while a program runs is left to the program,
// and it can be closed while Read waits.
type keyReader struct {
	keys keyTranslator
	// ready are translated bytes that no Read has taken.
	ready []byte
	// asked says that the pump is reading for us.
	asked bool

	ask    chan struct{}
	answer chan readAnswer
	closed chan struct{}
	once   sync.Once
	ended  atomic.Bool

	mu     sync.Mutex
	pastes []string
}

type readAnswer struct {
	data []byte
	err  error
}

// newKeyReader reads from src. When src blocks for ever, one goroutine stays
// with it after close.
func newKeyReader(src io.Reader) *keyReader {
	r := &keyReader{
		ask:    make(chan struct{}),
		answer: make(chan readAnswer),
		closed: make(chan struct{}),
	}
	r.keys.onPaste = func(text string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.pastes = append(r.pastes, text)
	}
	go r.pump(src)
	return r
}

func (r *keyReader) pump(src io.Reader) {
	for {
		select {
		case <-r.ask:
		case <-r.closed:
			return
		}
		buf := make([]byte, 4096)
		n, err := src.Read(buf)
		select {
		case r.answer <- readAnswer{buf[:n], err}:
		case <-r.closed:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read implements io.Reader. Every error of the source, such as the EIO of a
// terminal that hung up, is io.EOF.
func (r *keyReader) Read(p []byte) (int, error) {
	for len(r.ready) == 0 {
		if r.ended.Load() {
			return 0, io.EOF
		}
		r.fill()
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// fill waits for one answer of the pump, or for an escape sequence to time out.
func (r *keyReader) fill() {
	if !r.asked {
		select {
		case r.ask <- struct{}{}:
			r.asked = true
		case <-r.closed:
			r.ended.Store(true)
			return
		}
	}
	var late <-chan time.Time
	if r.keys.waiting() {
		timer := time.NewTimer(escapeWait)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case a := <-r.answer:
		r.asked = false
		r.ready = r.keys.translate(a.data)
		if a.err != nil {
			r.ended.Store(true)
		}
	case <-late:
		r.keys.giveUp()
	case <-r.closed:
		r.ended.Store(true)
	}
}

// takePaste returns the oldest paste whose mark was read.
func (r *keyReader) takePaste() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.pastes) == 0 {
		return ""
	}
	text := r.pastes[0]
	r.pastes = r.pastes[1:]
	return text
}

// atEnd reports whether the source has ended or the reader was closed; a line
// that the editor returns then was not finished by the user.
func (r *keyReader) atEnd() bool { return r.ended.Load() }

// Close ends a Read that waits, and all later ones.
func (r *keyReader) Close() error {
	r.once.Do(func() { close(r.closed) })
	return nil
}
