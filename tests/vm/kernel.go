package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// A kernel is one that the tests can run on.
type kernel struct {
	name string
	// slowness multiplies the limits of time.
	slowness int
	// fetched says what is missing of it and how to get it, nil if nothing.
	fetched func(p *project) error
	// modules is the folder that holds modules/RELEASE and the kernel's config.
	modules func(p *project) string
	// command boots the kernel with the guest's folder, its console on standard
	// output. It must end by itself when the guest powers off.
	command func(p *project, g *guest) *exec.Cmd
}

// kernels are those that this command knows.
var kernels = []kernel{uml, debian("6.1"), debian("6.12"), debian("newest")}

func kernelNames() []string {
	var l []string
	for _, k := range kernels {
		l = append(l, k.name)
	}
	return l
}

// chooseKernels finds the kernels by a list of names.
func chooseKernels(names string) ([]kernel, error) {
	var l []kernel
next:
	for name := range strings.SplitSeq(names, ",") {
		for _, k := range kernels {
			if k.name == name {
				l = append(l, k)
				continue next
			}
		}
		return nil, fmt.Errorf("unknown kernel %q: %s", name, strings.Join(kernelNames(), ", "))
	}
	return l, nil
}

// boot runs the kernel until it ends, at most for limit, and copies its
// console to w. Nothing is left running whatever ends first: the kernel leads
// a process group of its own, which is killed, and dies with this process.
func (k *kernel) boot(ctx context.Context, p *project, g *guest, limit time.Duration, w io.Writer) error {
	runtime.LockOSThread() // Pdeathsig counts from the thread's end
	defer runtime.UnlockOSThread()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not finished after %v", limit))
	defer cancel()
	cmd := k.command(p, g)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stdout, cmd.Stderr = w, w
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	kill := func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	stop := context.AfterFunc(ctx, kill)
	err := cmd.Wait()
	if stop() {
		kill() // helpers that outlived the kernel
		return err
	}
	return context.Cause(ctx)
}
