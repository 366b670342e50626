package val

import "strconv"

// NetnsRef names a network namespace: by its name under /run/netns, by the
// path of a namespace file, by a process in it, by the number that the
// namespace it is used in has for it (nsid), or by an open descriptor. The zero value refers to nothing.
type NetnsRef struct {
	kind netnsKind
	num  int32
	text string
}

type netnsKind uint8

const (
	netnsUnsaid netnsKind = iota
	netnsName
	netnsPath
	netnsPid
	netnsNsid
	netnsFd
)

// NetnsName refers to /run/netns/NAME.
func NetnsName(name string) NetnsRef { return NetnsRef{kind: netnsName, text: name} }

// NetnsPath refers to a namespace file such as /proc/1/ns/net.
func NetnsPath(path string) NetnsRef { return NetnsRef{kind: netnsPath, text: path} }

// NetnsPid refers to the namespace of a process.
func NetnsPid(pid int) NetnsRef { return NetnsRef{kind: netnsPid, num: int32(pid)} }

// NetnsNsid refers to the namespace that has this number, from 0 on, in the one
// that it is used in.
func NetnsNsid(id int) NetnsRef { return NetnsRef{kind: netnsNsid, num: int32(id)} }

// NetnsFd refers to an open namespace; label is what errors call it. The
// descriptor stays the caller's.
func NetnsFd(fd int, label string) NetnsRef {
	return NetnsRef{kind: netnsFd, num: int32(fd), text: label}
}

// IsZero reports that nothing was said.
func (r NetnsRef) IsZero() bool { return r.kind == netnsUnsaid }

// Name returns the name under /run/netns.
func (r NetnsRef) Name() (string, bool) { return r.text, r.kind == netnsName }

// Path returns the file's path.
func (r NetnsRef) Path() (string, bool) { return r.text, r.kind == netnsPath }

// Pid returns the process.
func (r NetnsRef) Pid() (int, bool) { return int(r.num), r.kind == netnsPid }

// Nsid returns the number.
func (r NetnsRef) Nsid() (int, bool) { return int(r.num), r.kind == netnsNsid }

// Fd returns the descriptor.
func (r NetnsRef) Fd() (int, bool) { return int(r.num), r.kind == netnsFd }

// String is what a person would call the namespace.
func (r NetnsRef) String() string {
	switch r.kind {
	case netnsPid:
		return "pid " + strconv.Itoa(int(r.num))
	case netnsNsid:
		return "nsid " + strconv.Itoa(int(r.num))
	case netnsFd:
		if r.text == "" {
			return "fd " + strconv.Itoa(int(r.num))
		}
	}
	return r.text
}
