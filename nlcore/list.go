package nlcore

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"syscall"

	"nlsh/nlcore/attr"
)

// query is what the kernel is asked for a list.
type query struct {
	op          string        // for errors: "route list"
	protocol    int           // zero is rtnetlink
	ask, answer uint16        // types of messages
	bodies      [][]byte      // of the requests whose answers together are the list
	lacks       syscall.Errno // the answer that there is nothing to list; zero: no such
}

// messages gives the body of each message of a list, until give returns an
// error; errLeft is none. With restart, an interrupted list is read again from
// its start within a bound, so that it is never a partial one.
func (h *Handle) messages(ctx context.Context, q *query, restart func(), give func(body []byte) error) error {
	for try := 1; ; try++ {
		err := h.answers(ctx, q, give)
		switch {
		case restart != nil && errors.Is(err, ErrDumpInterrupted) && try < dumpTries:
			restart()
		case errors.Is(err, errLeft):
			return nil
		default:
			return explainOp(q.op, "", err)
		}
	}
}

// errLeft ends a dump whose loop was left.
var errLeft = errors.New("loop left")

// answers is messages without a second try.
func (h *Handle) answers(ctx context.Context, q *query, give func(body []byte) error) error {
	for _, body := range q.bodies {
		for m, err := range h.dumpOf(ctx, q.protocol, q.ask, raw(body)) {
			if err == nil && m.Type == q.answer {
				err = give(m.Data)
			}
			if q.lacks != 0 && errors.Is(err, q.lacks) {
				break
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// object is a pointer to a T that is an Object.
type object[T any] interface {
	*T
	Object
}

// decoder reads a message's body into a zero T.
type decoder[T any] func(*attr.Env, *T, []byte) error

// list reads the entries of a list that agree with a pattern.
func list[T any, P object[T]](ctx context.Context, h *Handle, q *query, agree pattern, decode decoder[T]) ([]T, error) {
	var l []T
	err := h.messages(ctx, q, func() { l = l[:0] }, func(body []byte) error {
		l = append(l, *new(T))
		last := &l[len(l)-1]
		if err := decode(agree.env, last, body); err != nil {
			return err
		}
		if !agree.with(P(last)) {
			l = l[:len(l)-1]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// each gives each entry that agrees with a pattern to give, until it returns
// false; what it gets is overwritten by the next.
func each[T any, P object[T]](ctx context.Context, h *Handle, q *query, agree pattern, decode decoder[T], give func(*T) bool) error {
	var x, none T
	return h.messages(ctx, q, nil, func(body []byte) error {
		x = none
		if err := decode(agree.env, &x, body); err != nil {
			return err
		}
		if agree.with(P(&x)) && !give(&x) {
			return errLeft
		}
		return nil
	})
}

// stream yields the entries that agree with a pattern as objects, each of its
// own; an error is yielded last.
func stream[T any, P object[T]](ctx context.Context, h *Handle, q *query, agree pattern, decode decoder[T]) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		var free []T
		left := false
		err := each[T, P](ctx, h, q, agree, decode, func(x *T) bool {
			if len(free) == 0 {
				free = make([]T, max(1, slabBytes/reflect.TypeFor[T]().Size()))
			}
			free[0] = *x
			left = !yield(P(&free[0]), nil)
			free = free[1:]
			return !left
		})
		if err != nil && !left {
			yield(nil, err)
		}
	}
}

// slabBytes is how much is made at once for a loop, where an entry that is kept
// keeps its neighbours in memory.
const slabBytes = 9 << 10

// whole yields what a list returns, which is read when the loop begins.
func whole[T any, P object[T]](read func() ([]T, error)) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		l, err := read()
		if err != nil {
			yield(nil, err)
			return
		}
		for i := range l {
			if !yield(P(&l[i]), nil) {
				return
			}
		}
	}
}
