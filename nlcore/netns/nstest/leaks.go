package nstest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nlsh/nlcore/netns"
)

// snapshot is what a test can leave behind, each with a key that tells it
// apart and a text that names it.
type snapshot struct {
	fds     map[string]string
	threads map[string]string // only those in a foreign network namespace
	names   map[string]string
	mounts  map[string]string
}

// look takes a snapshot of the calling process.
func look() (*snapshot, error) {
	// The runtime opens its poller on first use and keeps it.
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	r.Close()
	w.Close()
	s := &snapshot{names: map[string]string{}}
	if s.fds, err = openFiles(); err != nil {
		return nil, err
	}
	if s.threads, err = strayThreads(); err != nil {
		return nil, err
	}
	names, err := netns.Names()
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		s.names[n] = "named namespace " + n
	}
	s.mounts, err = mounts()
	return s, err
}

// leaks lists what is in after and not in before. With ownOnly, names and mounts
// are left out.
func leaks(before, after *snapshot, ownOnly bool) []string {
	var l []string
	add := func(was, is map[string]string) {
		for _, k := range slices.Sorted(maps.Keys(is)) {
			if _, ok := was[k]; !ok {
				l = append(l, is[k])
			}
		}
	}
	add(before.fds, after.fds)
	add(before.threads, after.threads)
	if !ownOnly {
		add(before.names, after.names)
		add(before.mounts, after.mounts)
	}
	return l
}

// openFiles lists the descriptors by number and target. The one that reads
// the list is closed again before its target is read, and so left out.
func openFiles() (map[string]string, error) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join("/proc/self/fd", e.Name()))
		if err == nil {
			files[e.Name()+" "+target] = fmt.Sprintf("descriptor %s: %s", e.Name(), target)
		}
	}
	return files, nil
}

// strayThreads lists the threads that are not in the network namespace of the
// process. One that has just ended is none.
func strayThreads() (map[string]string, error) {
	home, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		return nil, err
	}
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return nil, err
	}
	stray := map[string]string{}
	for _, t := range tasks {
		ns, err := os.Readlink(filepath.Join("/proc/self/task", t.Name(), "ns/net"))
		if err == nil && ns != home {
			stray[t.Name()] = fmt.Sprintf("thread %s in %s, the process is in %s", t.Name(), ns, home)
		}
	}
	return stray, nil
}

// mounts lists the mounts by id, but for the one that makes netns.Dir a
// shared mount point, which iproute2 leaves too, and those of names, which
// are listed as names.
func mounts() (map[string]string, error) {
	b, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 5 || f[4] == netns.Dir || filepath.Dir(f[4]) == netns.Dir {
			continue
		}
		found[f[0]+" "+f[4]] = "mount " + strings.TrimSpace(line)
	}
	return found, nil
}
