package netns

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Kill kills the processes whose main thread is in n, except this one. It
// looks again until it finds no new one, since a process may start others
// meanwhile. It does not wait for their end.
func (n *NS) Kill() error {
	killed := map[int]bool{os.Getpid(): true}
	for {
		pids, err := processesIn(n.id)
		if err != nil {
			return err
		}
		found := false
		for _, pid := range pids {
			if killed[pid] {
				continue
			}
			killed[pid], found = true, true
			if err := unix.Kill(pid, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
				return fmt.Errorf("kill process %d: %w", pid, err)
			}
		}
		if !found {
			return nil
		}
	}
}

// processesIn lists the processes whose main thread is in a namespace. One
// that ended, or that we may not look at, is left out.
func processesIn(id ID) ([]int, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		var st unix.Stat_t
		if unix.Stat("/proc/"+name+"/ns/net", &st) == nil && (ID{st.Dev, st.Ino}) == id {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}
