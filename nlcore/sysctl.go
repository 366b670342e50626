package nlcore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// Sysctl is a setting of a namespace, a file below /proc/sys/net. Its one verb
// is Set, whose undo gives back the value that was. It is no message, so a
// barrier in a batch.
type Sysctl struct {
	// Key is as in sysctl(8): net.ipv4.ip_forward, or with slashes. What stands
	// first separates; the other of the two is then a part of a name, as of the
	// link eth0.5 in net/ipv4/conf/eth0.5/forwarding.
	Key string
	// Value is what is written, and a line's end after it.
	Value string
}

// Class is "sysctl".
func (*Sysctl) Class() string { return sysctlName }

const sysctlName = "sysctl"

// Views is nil: no row knows a setting.
func (*Sysctl) Views() []attr.View { return nil }

// Ident is equal for two spellings of one key.
func (s *Sysctl) Ident() string {
	path, err := sysctlPath(s.Key)
	if err != nil {
		path = s.Key
	}
	return "sysctl " + path
}

// String is the key.
func (s *Sysctl) String() string { return s.Key }

// Header is an error, as is Append: a setting is no message.
func (s *Sysctl) Header(v val.Verb) (msgType, flags uint16, err error) {
	return 0, 0, fmt.Errorf("a sysctl can be set only, not %v", v)
}

// Append is an error.
func (s *Sysctl) Append(_ *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	_, _, err := s.Header(v)
	return b, err
}

// Executes says that Set is no message.
func (*Sysctl) Executes(v val.Verb) bool { return v == Set }

// Execute writes the value.
func (s *Sysctl) Execute(_ context.Context, h *Handle, _ val.Verb) error {
	path, err := sysctlPath(s.Key)
	if err != nil {
		return err
	}
	return h.ns.Do(func() error {
		f, err := os.OpenFile(filepath.Join(sysctlDir, path), os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString(s.Value + "\n")
			err = errors.Join(err, f.Close())
		}
		return sysctlError(err)
	})
}

func (*Sysctl) several(v val.Verb) bool { return v == Set }

func (s *Sysctl) steps(_ context.Context, h *Handle, _ val.Verb) ([]step, error) {
	st, err := h.sysctlStep(s)
	return []step{st}, err
}

// Sysctl reads a setting of the Handle's namespace; see Sysctl.Key. A last line's
// end is cut off.
func (h *Handle) Sysctl(_ context.Context, key string) (value string, err error) {
	path, err := sysctlPath(key)
	if err == nil {
		err = h.ns.Do(func() error {
			value, err = readSysctl(path)
			return sysctlError(err)
		})
	}
	return value, explainOp("sysctl get", key, err)
}

// SysctlNames lists what is below a key: settings, and folders of them. "net"
// has them all.
func (h *Handle) SysctlNames(_ context.Context, key string) (names []string, err error) {
	path := key
	if key != "net" {
		path, err = sysctlPath(key)
	}
	if err == nil {
		err = h.ns.Do(func() error {
			entries, err := os.ReadDir(filepath.Join(sysctlDir, path))
			for _, e := range entries {
				names = append(names, e.Name())
			}
			return sysctlError(err)
		})
	}
	return names, explainOp("sysctl list", key, err)
}

// SetSysctl writes a setting of the Handle's namespace.
func (h *Handle) SetSysctl(ctx context.Context, key, value string) error {
	return h.Apply(ctx, Change{Verb: Set, Object: &Sysctl{Key: key, Value: value}})
}
