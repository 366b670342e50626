package bindings

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"nlsh/nlcore/netns"
)

// killInside kills the processes of a namespace, except this one. It looks
// again until it finds no new one, since a process may start others meanwhile.
func killInside(id netns.ID) error {
	killed := map[int]bool{os.Getpid(): true}
	for {
		pids, err := processesIn(id)
		if err != nil {
			return err
		}
		found := false
		for _, pid := range pids {
			if killed[pid] {
				continue
			}
			killed[pid], found = true, true
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
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
func processesIn(id netns.ID) ([]int, error) {
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
		var st syscall.Stat_t
		if syscall.Stat("/proc/"+name+"/ns/net", &st) == nil && (netns.ID{Dev: st.Dev, Ino: st.Ino}) == id {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}
