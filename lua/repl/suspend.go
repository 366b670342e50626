package repl

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopWait bounds how long we wait to be continued. A process that was stopped
// finds it over when it wakes; one whose group is an orphan, or the first of a
// pid namespace, is not stopped at all and must not wait for ever.
const stopWait = 300 * time.Millisecond

// suspend stops the process group, as ^Z does when the terminal is not raw, and
// returns when it was continued.
func suspend(t terminal) error {
	if err := t.restore(); err != nil {
		return err
	}
	cont := make(chan os.Signal, 1)
	signal.Notify(cont, syscall.SIGCONT)
	defer signal.Stop(cont)
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil {
		return err
	}
	timer := time.NewTimer(stopWait)
	defer timer.Stop()
	select {
	case <-cont:
	case <-timer.C:
	}
	return t.makeRaw()
}
