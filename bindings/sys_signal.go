package bindings

import (
	"strconv"
	"strings"
	"syscall"
)

// signals are those that have a name on every architecture, sorted by number
// on the common ones.
var signals = []struct {
	name string
	sig  syscall.Signal
}{
	{"SIGHUP", syscall.SIGHUP}, {"SIGINT", syscall.SIGINT}, {"SIGQUIT", syscall.SIGQUIT}, {"SIGILL", syscall.SIGILL},
	{"SIGTRAP", syscall.SIGTRAP}, {"SIGABRT", syscall.SIGABRT}, {"SIGBUS", syscall.SIGBUS}, {"SIGFPE", syscall.SIGFPE},
	{"SIGKILL", syscall.SIGKILL}, {"SIGUSR1", syscall.SIGUSR1}, {"SIGSEGV", syscall.SIGSEGV}, {"SIGUSR2", syscall.SIGUSR2},
	{"SIGPIPE", syscall.SIGPIPE}, {"SIGALRM", syscall.SIGALRM}, {"SIGTERM", syscall.SIGTERM}, {"SIGCHLD", syscall.SIGCHLD},
	{"SIGCONT", syscall.SIGCONT}, {"SIGSTOP", syscall.SIGSTOP}, {"SIGTSTP", syscall.SIGTSTP}, {"SIGTTIN", syscall.SIGTTIN},
	{"SIGTTOU", syscall.SIGTTOU}, {"SIGURG", syscall.SIGURG}, {"SIGXCPU", syscall.SIGXCPU}, {"SIGXFSZ", syscall.SIGXFSZ},
	{"SIGVTALRM", syscall.SIGVTALRM}, {"SIGPROF", syscall.SIGPROF}, {"SIGWINCH", syscall.SIGWINCH}, {"SIGIO", syscall.SIGIO},
	{"SIGPWR", syscall.SIGPWR}, {"SIGSYS", syscall.SIGSYS},
}

// signalName is the signal as kill -l has it; its number where it is rare.
func signalName(sig syscall.Signal) string {
	for _, s := range signals {
		if s.sig == sig {
			return s.name
		}
	}
	return "signal " + strconv.Itoa(int(sig))
}

// maxSignal is the last of the real-time signals.
const maxSignal = 64

// signalOf reads a signal as kill does: "TERM", "SIGTERM", "15".
func signalOf(word string) (syscall.Signal, bool) {
	if n, err := strconv.Atoi(word); err == nil {
		return syscall.Signal(n), n >= 1 && n <= maxSignal
	}
	word = strings.ToUpper(word)
	for _, s := range signals {
		if word == s.name || "SIG"+word == s.name {
			return s.sig, true
		}
	}
	return 0, false
}
