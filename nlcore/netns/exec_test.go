package netns_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// ownEtc covers /etc with a folder of the given files until the test ends.
func ownEtc(t testing.TB, files map[string]string) {
	t.Helper()
	if err := unix.Mount("etc", "/etc", "tmpfs", 0, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount("/etc", 0); err != nil {
			t.Error(err)
		}
	})
	for name, text := range files {
		path := filepath.Join("/etc", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

// named makes a namespace with a name until the test ends.
func named(t testing.TB, name string) *netns.NS {
	t.Helper()
	nstest.Sandboxed(t)
	n, err := netns.NewNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(n.Close(), netns.DeleteNamed(name)); err != nil {
			t.Error(err)
		}
	})
	return n
}

// execIn is what a program prints that Exec starts.
func execIn(n *netns.NS, name string, argv ...string) (string, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := n.Exec(name, cmd.Start); err != nil {
		return "", err
	}
	err := cmd.Wait()
	return out.String(), err
}

// A program sees what it sees under `ip netns exec`: devices, files, mounts.
func TestExecIsIpNetnsExec(t *testing.T) {
	here := current(t)
	n := named(t, "h1")
	ownEtc(t, map[string]string{
		"hosts": "outside", "resolv.conf": "outside", "ssl/cert": "outside",
		"netns/h1/hosts": "inside", "netns/h1/ssl/cert": "inside", "netns/h2/resolv.conf": "other",
	})
	nstest.IP(t, n, "link", "add", "v0", "type", "veth", "peer", "name", "v1")
	const script = `ls /sys/class/net | grep -v bonding_masters; cat /sys/class/net/v0/operstate; stat -f -c %T /sys
		cat /etc/hosts /etc/resolv.conf /etc/ssl/cert; echo; readlink /proc/self/ns/net; pwd
		sed 's/ - / /' /proc/self/mountinfo | awk '{print $5, $4}' | sort`
	want := nstest.IP(t, here, "netns", "exec", "h1", "sh", "-c", script)
	got, err := execIn(n, "h1", "sh", "-c", script)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("-ip +Exec:\n", d)
	}
	begin := "lo\nv0\nv1\ndown\nsysfs\ninsideoutsideinside\n" + fileName(n) + "\n"
	if !strings.HasPrefix(got, begin) {
		t.Errorf("got %q, want it to begin %q", got, begin)
	}
}

// What is unmounted outside goes inside too, what is mounted inside stays.
func TestExecMountsAreSlaves(t *testing.T) {
	n := named(t, "h1")
	gone, err := netns.NewNamed("gone")
	if err != nil {
		t.Fatal(err)
	}
	defer gone.Close()
	before, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "mount -t tmpfs in /mnt; echo; read x; grep -c /run/netns/ /proc/self/mountinfo; grep -c 'tmpfs in' /proc/self/mountinfo")
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, n.Exec("h1", cmd.Start)); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(before), string(after)); d != "" {
		t.Error("mounts outside, -before +after:\n", d)
	}
	if err := netns.DeleteNamed("gone"); err != nil {
		t.Error(err)
	}
	in.Close()
	rest, err := io.ReadAll(out)
	if err := errors.Join(err, cmd.Wait()); err != nil {
		t.Error(err)
	}
	if got := string(rest); got != "1\n1\n" {
		t.Errorf("names and own mounts inside: %q", got)
	}
}

// In the namespace of the process nothing is mounted.
func TestExecHere(t *testing.T) {
	here := current(t)
	want, err := os.Readlink("/proc/self/ns/mnt")
	if err != nil {
		t.Fatal(err)
	}
	got, err := execIn(here, "h1", "readlink", "/proc/self/ns/mnt")
	if err != nil || got != want+"\n" {
		t.Errorf("mount namespace %q, %v, want %q", got, err, want)
	}
}

func TestExecErrors(t *testing.T) {
	n := named(t, "h1")
	ownEtc(t, map[string]string{"hosts": "", "netns/h1/none": "", "netns/h2/sub/x": "", "sub": "", "netns/h3": ""})
	closed, err := netns.New()
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for _, c := range []struct {
		name  string
		ns    *netns.NS
		etc   string
		want  error
		setup bool // an ExecError
		text  string
	}{
		{"no namesake", n, "h1", unix.ENOENT, true, "cover /etc/none with /etc/netns/h1/none: no such file or directory"},
		{"a folder over a file", n, "h2", unix.ENOTDIR, true, "cover /etc/sub with /etc/netns/h2/sub: not a directory"},
		{"a file as the folder", n, "h3", unix.ENOTDIR, true, "read /etc/netns/h3: open /etc/netns/h3: not a directory"},
		{"a bad name", n, "a/b", unix.EINVAL, false, `network namespace name "a/b": contains a slash or a zero byte: invalid argument`},
		{"closed", closed, "", os.ErrClosed, false, "network namespace : enter: file already closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ran := false
			err := c.ns.Exec(c.etc, func() error { ran = true; return nil })
			var step *netns.ExecError
			if ran || !errors.Is(err, c.want) || errors.As(err, &step) != c.setup || err.Error() != c.text {
				t.Errorf("ran %v, error %v, of setup %v", ran, err, step != nil)
			}
		})
	}
	t.Run("start's own", func(t *testing.T) {
		_, err := execIn(n, "", "/no/such")
		if !errors.Is(err, os.ErrNotExist) || errors.As(err, new(*netns.ExecError)) {
			t.Errorf("error %v", err)
		}
	})
}

// The thread ends, whoever calls and however start ends, and it takes its
// mounts with it.
func TestExecEndsThread(t *testing.T) {
	n := named(t, "h1")
	want, err := os.Readlink("/proc/self/ns/mnt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		end  func() error
		want any
	}{
		{"returns", func() error { return nil }, nil},
		{"fails", func() error { return unix.EBADMSG }, unix.EBADMSG},
		{"panics", func() error { panic("in start") }, "in start"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fd := -1
			nstest.NeedSince(t, "pidfd of a thread", "6.9")
			end := func() (how any) {
				defer func() {
					if p := recover(); p != nil {
						how = p
					}
				}()
				err := n.Exec("h1", func() (err error) {
					if fd, err = unix.PidfdOpen(unix.Gettid(), unix.PIDFD_THREAD); err != nil {
						return err
					}
					return c.end()
				})
				if err != nil {
					return err
				}
				return nil
			}()
			if end != c.want {
				t.Fatalf("ended with %v, want %v", end, c.want)
			}
			defer unix.Close(fd)
			ready, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 10_000)
			if err != nil || ready != 1 {
				t.Errorf("the thread lives on: poll says %d, %v", ready, err)
			}
		})
	}
	if got, err := os.Readlink("/proc/thread-self/ns/mnt"); err != nil || got != want {
		t.Errorf("mount namespace afterwards %s, %v, want %s", got, err, want)
	}
}

// helperName is argv[0] of this binary as the program of TestExecRefusedSys.
const helperName = "netns-helper"

// execRefused is that program: it makes a namespace and says what /sys is in it.
func execRefused() error {
	n, err := netns.New()
	if err != nil {
		return err
	}
	defer n.Close()
	got, err := execIn(n, "", "sh", "-c", "stat -f -c %T /sys; ls /sys/class/net | grep -cx seen")
	if err == nil {
		_, err = os.Stdout.WriteString(got)
	}
	return err
}

// A user namespace in which a part of /sys is covered gets no fresh one; then
// the machine's stays.
func TestExecRefusedSys(t *testing.T) {
	here := current(t)
	nstest.IP(t, here, "link", "add", "seen", "type", "veth")
	defer nstest.IP(t, here, "link", "del", "seen")
	if err := unix.Mount("cover", "/sys/kernel", "tmpfs", 0, ""); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Unmount("/sys/kernel", 0); err != nil {
			t.Error(err)
		}
	}()
	cmd := &exec.Cmd{Path: "/proc/self/exe", Args: []string{helperName}, SysProcAttr: &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}},
	}}
	got, err := cmd.CombinedOutput()
	if d := cmp.Diff("sysfs\n1\n", string(got)); d != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, d)
	}
}

func BenchmarkExec(b *testing.B) {
	n := named(b, "bench")
	for _, c := range []struct {
		name string
		in   func(func() error) error
	}{
		{"Do", n.Do},
		{"Exec", func(start func() error) error { return n.Exec("bench", start) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command("/bin/true")
				if err := errors.Join(c.in(cmd.Start), cmd.Wait()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
