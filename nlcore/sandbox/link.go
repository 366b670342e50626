package sandbox

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// linkFd is init's end of the socket to its parent.
const linkFd = 3

// hello is what the parent tells init.
type hello struct {
	Argv     []string
	Hostname string
	Host     nsIDs // the parent's; init must be in none of them
}

// reply is init's one answer: the program runs, or the step that failed.
type reply struct {
	Warnings []string
	Failure  failure
}

// failure is a step of the setup that failed; the zero value is none.
type failure struct {
	Step  string
	Errno unix.Errno // zero where no system call failed
	Text  string
}

// cause is what failed, with the errno to test for if there is one.
func (f failure) cause() error {
	if f.Errno != 0 {
		return f.Errno
	}
	return fmt.Errorf("%s", f.Text)
}

// newLink makes the two ends; the second is for init.
func newLink() (ours, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("sandbox: socket to init: %w", err)
	}
	return os.NewFile(uintptr(fds[0]), "sandbox link"), os.NewFile(uintptr(fds[1]), "sandbox link"), nil
}

// inheritedLink is init's end; ok is false if descriptor 3 is no socket, and
// then this process was not started by Run.
func inheritedLink() (link *os.File, ok bool) {
	var st unix.Stat_t
	if unix.Fstat(linkFd, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return nil, false
	}
	unix.CloseOnExec(linkFd)
	return os.NewFile(linkFd, "sandbox link"), true
}

// nsIDs are the inodes of the namespaces that a sandbox has of its own.
type nsIDs struct{ Mnt, Net, Pid, UTS uint64 }

// namespaces reads those of the calling process.
func namespaces() (ids nsIDs, err error) {
	for _, n := range []struct {
		name string
		ino  *uint64
	}{{"mnt", &ids.Mnt}, {"net", &ids.Net}, {"pid", &ids.Pid}, {"uts", &ids.UTS}} {
		var st unix.Stat_t
		if err := unix.Stat("/proc/self/ns/"+n.name, &st); err != nil {
			return nsIDs{}, fmt.Errorf("sandbox: /proc/self/ns/%s: %w", n.name, err)
		}
		*n.ino = st.Ino
	}
	return ids, nil
}

// apart says whether no namespace of a is one of b's.
func (a nsIDs) apart(b nsIDs) bool {
	return a.Mnt != b.Mnt && a.Net != b.Net && a.Pid != b.Pid && a.UTS != b.UTS
}
