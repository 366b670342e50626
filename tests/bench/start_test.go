package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"nlsh/nlcore/netns/nstest"
)

// starts is how often each program is started in a round.
const starts = 40

// starter is a program to start.
type starter struct {
	name string
	argv []string
}

func (s starter) String() string { return s.name }

// BenchmarkStart starts programs that have nothing to do.
func BenchmarkStart(b *testing.B) {
	nstest.Sandboxed(b)
	dir := b.TempDir()
	build(b, ".", dir, "lstate", "./lstate")
	build(b, "../..", dir, "nlsh-cgo", "./cmd/nlsh")
	build(b, "../..", dir, "nlsh", "./cmd/nlsh", "CGO_ENABLED=0")
	all := chosen(b, []starter{
		{"a Go program that opens a gopher-lua state", []string{filepath.Join(dir, "lstate")}},
		{"nlsh -e ''", []string{filepath.Join(dir, "nlsh"), "-e", ""}},
		{"the same, linked with libc (cgo)", []string{filepath.Join(dir, "nlsh-cgo"), "-e", ""}},
		{"nlsh -e 'link.list()'", []string{filepath.Join(dir, "nlsh"), "-e", "link.list()"}},
		{"ip -V", []string{"ip", "-V"}},
		{"ip link", []string{"ip", "link"}},
		{"lua5.1", []string{"lua5.1", "-e", ""}},
	})
	t := &table{key: "start", title: "start-up, each", per: 1}
	t.row(all[0].name)
	t.limit("nlsh -e ''", "run", 1.3)
	round := 0
	for b.Loop() {
		for range starts {
			for _, s := range rotated(all, round) {
				t.measure(b, s.name, "run", exec.Command(s.argv[0], s.argv[1:]...).Run)
			}
			round++
		}
	}
	t.finish(b)
}

// build builds a command of the module in a folder.
func build(b *testing.B, module, to, name, pkg string, env ...string) {
	b.Helper()
	cmd := exec.Command("go", "build", "-C", module, "-o", filepath.Join(to, name), pkg)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	must(b, cmd.Run())
}
