package nlcore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// Sysctls are several settings of a namespace, set all or none. General ones
// are written before those that they reset: by depth, all and default first.
type Sysctls []Sysctl

// Class is "sysctl".
func (Sysctls) Class() string { return sysctlName }

// Views is nil.
func (Sysctls) Views() []attr.View { return nil }

// Ident is that of each.
func (l Sysctls) Ident() string {
	ids := make([]string, len(l))
	for i := range l {
		ids[i] = l[i].Ident()
	}
	return strings.Join(ids, " ")
}

// String says how many they are.
func (l Sysctls) String() string { return fmt.Sprintf("%d settings", len(l)) }

// Header is an error, as is Append.
func (l Sysctls) Header(v val.Verb) (msgType, flags uint16, err error) {
	return (&Sysctl{}).Header(v)
}

// Append is an error.
func (l Sysctls) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return (&Sysctl{}).Append(e, v, b)
}

func (Sysctls) several(v val.Verb) bool { return v == Set }

// steps reads all before one is written, so that a key that does not exist
// stops it in time.
func (l Sysctls) steps(_ context.Context, h *Handle, _ val.Verb) ([]step, error) {
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b Sysctl) int {
		return slices.Compare(sysctlRank(a.Key), sysctlRank(b.Key))
	})
	var steps []step
	for i := range sorted {
		s := &sorted[i]
		st, err := h.sysctlStep(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Key, err)
		}
		steps = append(steps, st)
	}
	return steps, nil
}

// sysctlRank sorts a key before those that writing it may reset.
func sysctlRank(key string) []string {
	path, _ := sysctlPath(key)
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if p != "all" && p != "default" {
			parts[i] = "~" + p
		}
	}
	return append([]string{string(rune('a' + len(parts)))}, parts...)
}

// sysctlStep is the writing of s, and what takes it back.
func (h *Handle) sysctlStep(s *Sysctl) (step, error) {
	st := step{change: Change{Verb: Set, Object: s}}
	path, err := sysctlPath(s.Key)
	if err != nil {
		return st, err
	}
	err = h.ns.Do(func() error {
		old, err := readSysctl(path)
		if errors.Is(err, fs.ErrPermission) {
			return nil // it can be written only, such as a flush
		}
		if err != nil {
			return sysctlError(err)
		}
		for _, p := range append([]string{path}, sysctlSpread(path)...) {
			if p != path {
				if old, err = readSysctl(p); err != nil {
					continue
				}
			}
			st.undo = append(st.undo, Change{Verb: Set, Object: &Sysctl{Key: p, Value: old}})
		}
		return nil
	})
	return st, err
}

// sysctlSpread lists what else writing a key changes, which undoing it must
// give back: conf/all writes through to every link (net/ipv4/devinet.c,
// inet_forward_change; net/ipv6/addrconf.c), ip_forward is its other name.
func sysctlSpread(path string) []string {
	if path == "net/ipv4/ip_forward" {
		path = "net/ipv4/conf/all/forwarding"
	}
	conf, leaf, ok := strings.Cut(path, "/conf/all/")
	if !ok {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(sysctlDir, conf, "conf", "*", leaf))
	if path == "net/ipv4/conf/all/forwarding" {
		files = append(files, filepath.Join(sysctlDir, "net/ipv4/conf/all/accept_redirects"))
	}
	for i := range files {
		files[i] = strings.TrimPrefix(files[i], sysctlDir+"/")
	}
	return slices.DeleteFunc(files, func(p string) bool { return p == path })
}
