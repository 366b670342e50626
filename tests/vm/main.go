package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"nlsh/nlcore/sandbox"
)

// options are the words of the command line.
type options struct {
	kernels  string
	packages []string // patterns of go list; none: those that touch the kernel
	run      string   // -test.run
	uid      int
	race     bool
	write    bool          // the table into the documentation
	brief    bool          // in slow kernels leave out what hardly hangs on them
	limit    time.Duration // for one kernel, from start to exit
	parallel int           // how many kernels run at a time
	verbose  bool
}

func main() {
	var o options
	flag.StringVar(&o.kernels, "kernels", "uml", "which kernels, comma between: "+strings.Join(kernelNames(), ", "))
	flag.StringVar(&o.run, "run", "", "only tests that match, as for go test")
	flag.IntVar(&o.uid, "uid", 0, "the user who runs the tests in the guest")
	flag.DurationVar(&o.limit, "limit", 10*time.Minute, "time for user-mode Linux, start to exit; QEMU gets four times as long")
	flag.IntVar(&o.parallel, "parallel", 2, "how many kernels run at a time")
	flag.BoolVar(&o.race, "race", false, "build the tests with the race detector")
	flag.BoolVar(&o.write, "write", false, "write the table to "+tableFile+" if nothing failed")
	flag.BoolVar(&o.brief, "brief", false, "in QEMU leave out packages of which little hangs on the kernel: "+strings.Join(hardlyKernel, ", "))
	list := flag.Bool("list", false, "only print the packages whose tests touch the kernel")
	flag.BoolVar(&o.verbose, "v", false, "print the guest's console as it comes")
	flag.Parse()
	o.packages = flag.Args()
	if *list {
		listPackages(o.packages)
		return
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ok, err := runAll(ctx, &o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "vm:", err)
	}
	if err != nil || !ok {
		stop()
		os.Exit(1)
	}
}

// listPackages prints the folders of packages with tests, as go test takes
// them.
func listPackages(patterns []string) {
	p, err := findProject()
	var packages []string
	if err == nil {
		packages, err = p.testedPackages(patterns)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vm:", err)
		os.Exit(1)
	}
	for _, pkg := range packages {
		fmt.Println("./" + pkg)
	}
}

// runAll builds the test binaries, runs them on each kernel and prints what
// came out. It is false if a test failed or ran nowhere.
func runAll(ctx context.Context, o *options) (bool, error) {
	start := time.Now()
	p, err := findProject()
	if err != nil {
		return false, err
	}
	chosen, err := chooseKernels(o.kernels)
	if err != nil {
		return false, err
	}
	dir, err := p.workFolder()
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	built, err := p.build(ctx, dir, o)
	if err != nil {
		return false, err
	}
	fmt.Printf("built %d test binaries in %s\n", len(built.packages), seconds(time.Since(start)))

	runs, ok, err := p.runOnEach(ctx, chosen, built, o)
	if err != nil {
		return false, err
	}
	guests := runs
	here := sandbox.Stuck()
	if here == nil {
		elsewhere, err := p.runHere(ctx, built, unrun(runs))
		if err != nil {
			return false, err
		}
		runs = append(runs, elsewhere)
	} else {
		fmt.Println("\nnothing runs on this machine's own kernel:", here)
	}
	ok = printSkips(os.Stdout, runs, here == nil) && ok
	var table strings.Builder
	ok = printTable(&table, guests, features, o.run == "") && ok
	fmt.Print("\n", table.String())
	if o.write && ok {
		if err := p.writeTable(table.String()); err != nil {
			return false, err
		}
	}
	fmt.Printf("total %s\n", seconds(time.Since(start)))
	return ok, nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1fs", d.Seconds()) }
