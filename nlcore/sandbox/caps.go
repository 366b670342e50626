package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// hasCaps says whether the calling thread has all the given capabilities.
func hasCaps(caps ...int) (bool, error) {
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&hdr, &data[0]); err != nil {
		return false, fmt.Errorf("sandbox: read capabilities: %w", err)
	}
	for _, c := range caps {
		if data[c/32].Effective&(1<<(c%32)) == 0 {
			return false, nil
		}
	}
	return true, nil
}
