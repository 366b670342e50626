package netns

import "nlsh/nlcore/val"

// OfRef opens the namespace that r refers to.
func OfRef(r val.NetnsRef) (*NS, error) {
	if name, ok := r.Name(); ok {
		return Named(name)
	}
	if path, ok := r.Path(); ok {
		return AtPath(path)
	}
	if pid, ok := r.Pid(); ok {
		return OfPid(pid)
	}
	fd, ok := r.Fd()
	if !ok {
		return Current()
	}
	return OfFd(fd)
}
