package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A binary is the test binary of one package.
type binary struct {
	pkg  string   // its folder: "nlcore/netns"
	file string   // its name in the folder of binaries
	more []string // further arguments, {bin} for the folder of binaries
}

// A build is what was built for one run.
type build struct {
	dir      string // the run's folder
	packages []binary
}

// bin is the folder of the binaries.
func (b *build) bin() string { return filepath.Join(b.dir, "test") }

// kernelHelpers are imported by the tests that touch the kernel.
var kernelHelpers = []string{"nlsh/nlcore/netns/nstest", "nlsh/lua/nlshtest"}

// alsoRun are packages that touch the kernel through a program only, with the
// arguments that give them a built one.
var alsoRun = map[string][]string{
	"tests/script": {"-nlsh={bin}/nlsh"},
}

// hardlyKernel are packages that take long in QEMU and of whose tests little
// hangs on the kernel's version.
var hardlyKernel = []string{"lua/nlshtest", "lua/repl", "nlcore/netns/nstest", "nlcore/sandbox", "tests/script"}

// on says what runs on a kernel.
func (b *build) on(k *kernel, o *options) *build {
	if !o.brief || k.slowness == 1 {
		return b
	}
	part := &build{dir: b.dir}
	for _, t := range b.packages {
		if !slices.Contains(hardlyKernel, t.pkg) {
			part.packages = append(part.packages, t)
		}
	}
	return part
}

// stayHere are packages that import a helper but touch no kernel: their tests
// call go, which no guest has.
var stayHere = []string{"tests"}

// build makes static test binaries of the packages that match, or where
// nothing is given of all whose tests touch the kernel.
func (p *project) build(ctx context.Context, dir string, o *options) (*build, error) {
	b := &build{dir: dir}
	if err := os.Mkdir(b.bin(), 0o755); err != nil {
		return nil, err
	}
	packages, err := p.testedPackages(o.packages)
	if err != nil {
		return nil, err
	}
	for _, pkg := range packages {
		t := binary{pkg: pkg, file: strings.ReplaceAll(pkg, "/", "-") + ".test", more: alsoRun[pkg]}
		args := []string{"test", "-c", "-vet=off", "-o", filepath.Join(b.bin(), t.file)}
		if o.race {
			args = append(args, "-race")
		}
		if err := p.goTool(ctx, append(args, "./"+pkg)...); err != nil {
			return nil, err
		}
		b.packages = append(b.packages, t)
		if t.more != nil {
			if err := p.goTool(ctx, "build", "-o", filepath.Join(b.bin(), "nlsh"), "./cmd/nlsh"); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

func (p *project) goTool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = p.dir
	cmd.Env = os.Environ()
	if !slices.Contains(args, "-race") { // which needs cgo; the guest's C library is newer
		cmd.Env = append(cmd.Env, "CGO_ENABLED=0")
	}
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// testedPackages lists packages with tests by their folders.
func (p *project) testedPackages(patterns []string) ([]string, error) {
	all := len(patterns) == 0
	if all {
		patterns = []string{"./..."}
	}
	const format = `{{.ImportPath}} {{join .TestGoFiles ","}}{{join .XTestGoFiles ","}}; {{join .TestImports " "}} {{join .XTestImports " "}}`
	out, err := p.output("go", append([]string{"list", "-f", format}, patterns...)...)
	if err != nil {
		return nil, err
	}
	var l []string
	for line := range strings.Lines(out) {
		head, imports, _ := strings.Cut(strings.TrimSpace(line), ";")
		path, files, _ := strings.Cut(head, " ")
		pkg := strings.TrimPrefix(path, "nlsh/")
		touches := alsoRun[pkg] != nil || slices.ContainsFunc(strings.Fields(imports), func(path string) bool {
			return slices.Contains(kernelHelpers, path)
		})
		if files != "" && (touches && !slices.Contains(stayHere, pkg) || !all) {
			l = append(l, pkg)
		}
	}
	if len(l) == 0 {
		return nil, fmt.Errorf("%s: no package with tests", strings.Join(patterns, " "))
	}
	return l, nil
}
