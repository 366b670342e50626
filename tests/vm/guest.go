package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

//go:embed init.sh
var initScript []byte

//go:embed modules.txt
var modulesList []byte

// A guest is what a kernel boots.
type guest struct {
	dir  string // its own folder
	root string // what becomes / of the guest, mounted read-only
	// memory is the guest's: with the race detector each byte of a test is
	// shadowed by several.
	memory string
}

// prepare makes the guest of one kernel: the fetched Debian and the kernel's
// modules by links, the project's files, the binaries and what init reads.
func (p *project) prepare(k *kernel, b *build, o *options) (*guest, error) {
	dir := filepath.Join(b.dir, k.name)
	g := &guest{dir: dir, root: filepath.Join(dir, "root"), memory: "1G"}
	if o.race {
		g.memory = "4G"
	}
	if err := os.MkdirAll(filepath.Join(dir, "uml"), 0o755); err != nil {
		return nil, err
	}
	from := k.modules(p)
	releases, err := os.ReadDir(filepath.Join(from, "modules"))
	if err != nil {
		return nil, err
	}
	for _, l := range [][2]string{
		{p.cached("vm/root"), ""},
		{filepath.Join(from, "modules"), "usr/lib/modules"},
		{b.bin(), "test"},
	} {
		if err := linkTree(l[0], filepath.Join(g.root, l[1])); err != nil {
			return nil, err
		}
	}
	if err := p.copyTo(filepath.Join(g.root, "nlsh")); err != nil {
		return nil, err
	}
	// Witnesses that some tests read; they say so themselves where they are not.
	for _, d := range []string{"iproute2", "headers"} {
		if err := linkTree(p.cached(d), filepath.Join(g.root, "nlsh/.cache", d)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Join(g.root, "boot"), 0o755); err != nil {
		return nil, err
	}
	for _, r := range releases {
		if err := os.Link(filepath.Join(from, "config"), filepath.Join(g.root, "boot/config-"+r.Name())); err != nil {
			return nil, err
		}
	}
	for name, text := range map[string]string{
		"init": string(initScript), "test/modules": string(modulesList),
		"test/plan": plan(b), "test/settings": settings(k, o),
	} {
		if err := os.WriteFile(filepath.Join(g.root, name), []byte(text), 0o755); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// plan lists the binaries for init.
func plan(b *build) string {
	var s strings.Builder
	for _, t := range b.packages {
		more := strings.ReplaceAll(strings.Join(t.more, " "), "{bin}", "/test")
		fmt.Fprintf(&s, "%s\t%s\t%s\n", t.pkg, t.file, more)
	}
	return s.String()
}

// packageLimit is how long one test binary may take where tests are fast, in
// seconds.
const packageLimit = 480

// settings are shell assignments for init.
func settings(k *kernel, o *options) string {
	return fmt.Sprintf("export NLSH_REQUIRE=1 NLSH_IP=/usr/sbin/ip\nuid=%d limit=%d run=%s\n",
		o.uid, packageLimit*k.slowness, "'"+strings.ReplaceAll(o.run, "'", `'\''`)+"'")
}

// linkTree makes folders and symbolic links anew and hard links of files. The
// guest mounts them read-only.
func linkTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case d.Type()&fs.ModeSymlink != 0:
			text, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(text, target)
		}
		return os.Link(path, target)
	})
}
