package netns

import (
	"fmt"

	vns "github.com/vishvananda/netns"
)

// New makes a namespace without a name, which goes when the last descriptor,
// process and socket in it goes. Its lo is down. It needs CAP_SYS_ADMIN; the
// error wraps EPERM without, and ENOSPC at the limit
// user.max_net_namespaces.
func New() (*NS, error) {
	h := vns.None()
	err := aside(func() (err error) {
		h, err = vns.New()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("network namespace: create: %w", err)
	}
	return fromHandle(h, "", "")
}
