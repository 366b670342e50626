package bindings

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"nlsh/bindings/decl"
	"nlsh/nlcore/sandbox"
)

func modprobeFunc() decl.Func {
	return decl.Func{
		Name: "modprobe", Since: since, Mutates: true, Run: sysModprobe,
		Doc: "Has the kernel load a module, by the program modprobe. One that is there already is fine. Not in a sandbox: a module stays in the machine's kernel.",
		Example: `
expect.fails({ op = "sys modprobe" }, sys.modprobe, "no_such_module")`,
		Params: []decl.Param{{Name: "module", Kind: decl.String, Required: true, Pos: 1, Doc: "its name"}},
	}
}

func sysModprobe(c *decl.Call) error {
	name, _ := c.Args["module"].(string)
	if name == "" || strings.ContainsAny(name, "/\x00") || name[0] == '-' {
		return c.Errorf("module wants a module's name, got %q", name)
	}
	release, err := kernelRelease()
	if err != nil {
		return fail(c, name, err.Error(), err)
	}
	if m := moduleNamed(release, name); m == moduleLoaded || m == moduleBuiltin {
		return nil
	}
	if sandbox.Inside() {
		f := fail(c, name, "not in a sandbox (EPERM)", syscall.EPERM)
		f.Hint = "load it outside first: modprobe " + name
		return f
	}
	path, err := modprobePath()
	if err != nil {
		f := fail(c, name, "there is no modprobe on this machine (ENOENT)", syscall.ENOENT)
		f.Hint = "install kmod"
		return f
	}
	var run *program
	err = await(c, func(ctx context.Context) error {
		run = &program{cmd: exec.CommandContext(ctx, path, "--", name), ctx: ctx, limit: stringLimit(c.Host)}
		if err := run.start(func(start func() error) error { return start() }); err != nil {
			return err
		}
		return run.wait()
	})
	switch {
	case c.Context().Err() != nil:
		return c.Context().Err()
	case err != nil:
		return err
	}
	if code, _ := run.code(); code != 0 {
		return modprobeFailure(c, name, run)
	}
	return nil
}

// modprobeFailure is what modprobe said.
func modprobeFailure(c *decl.Call, name string, run *program) error {
	text := firstLine(run.stderr.String())
	for _, before := range []string{"modprobe: ", "FATAL: ", "ERROR: "} {
		text = strings.TrimPrefix(text, before)
	}
	f := fail(c, name, text, nil)
	switch {
	case strings.Contains(text, "not found"):
		f.cause = syscall.ENOENT
	case strings.Contains(text, "not permitted"):
		f.cause, f.Hint = syscall.EPERM, "needs root"
	}
	f.fields = run.fields()
	return f
}

// modprobePath looks in PATH and where it is for root.
func modprobePath() (string, error) {
	for _, name := range []string{"modprobe", "/usr/sbin/modprobe", "/sbin/modprobe"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// presence is where a module is.
type presence uint8

const (
	moduleUnknown  presence = iota // the kernel's files do not name it
	moduleLoadable                 // below /lib/modules
	moduleBuiltin                  // compiled into the kernel
	moduleLoaded                   // loaded, or built in and known under /sys/module
)

// moduleNamed looks for a module in the files of the running kernel; "-" and
// "_" are one in its name. A module that is built in without parameters is
// known only where /lib/modules is.
func moduleNamed(release, name string) presence {
	name = strings.ReplaceAll(name, "-", "_")
	if _, err := os.Stat(filepath.Join("/sys/module", name)); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return moduleLoaded
	}
	for _, list := range []struct {
		file string
		is   presence
	}{{"modules.builtin", moduleBuiltin}, {"modules.dep", moduleLoadable}} {
		b, err := os.ReadFile(filepath.Join("/lib/modules", release, list.file))
		if err == nil && listsModule(string(b), name) {
			return list.is
		}
	}
	return moduleUnknown
}

// listsModule reports that lines "kernel/net/dummy.ko.xz: ..." have a module.
func listsModule(list, name string) bool {
	for line := range strings.Lines(list) {
		path, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		base, _, _ := strings.Cut(filepath.Base(path), ".")
		if strings.ReplaceAll(base, "-", "_") == name {
			return true
		}
	}
	return false
}
