package repl

import (
	"context"
	"fmt"
	"io"
	"os"
)

// runInterruptible calls f with a context that an interrupt cancels. It waits
// for f however often the user interrupts: what runs shares the interpreter with
// the prompt. From the second interrupt on it says so.
func runInterruptible(ctx context.Context, interrupts <-chan os.Signal, warn io.Writer, f func(context.Context) error) error {
	select { // an interrupt from before f is not meant for it
	case <-interrupts:
	default:
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for n := 1; ; n++ {
			select {
			case <-interrupts:
				cancel(errInterrupted)
				if n == 2 {
					_, _ = fmt.Fprintln(warn, `still stopping what runs (Ctrl-\ kills nlsh)`)
				}
			case <-done:
				return
			}
		}
	}()
	err := f(ctx)
	close(done)
	<-watched
	if err != nil && context.Cause(ctx) == errInterrupted {
		return errInterrupted
	}
	return err
}
