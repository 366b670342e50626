package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// ipChanger is `ip -batch`, reading files that were written before.
func ipChanger(b *testing.B) changer {
	dir := b.TempDir()
	for _, op := range routeOps {
		batchFile(b, filepath.Join(dir, op), *routes, func(i int) string {
			return fmt.Sprintf("route %s %v via %s dev %s", op, dst(i), routeVia, routeDev)
		})
	}
	return changer{name: "ip -batch", do: func(op string) error { return ip("-batch", filepath.Join(dir, op)) }}
}

// batchFile writes n lines for ip -batch.
func batchFile(b *testing.B, path string, n int, line func(i int) string) {
	b.Helper()
	f, err := os.Create(path)
	must(b, err)
	w := bufio.NewWriter(f)
	for i := range n {
		fmt.Fprintln(w, line(i))
	}
	must(b, w.Flush())
	must(b, f.Close())
}

// ip runs ip with its output dropped.
func ip(args ...string) error {
	cmd := exec.Command("ip", args...)
	cmd.Stderr = os.Stderr
	return cmd.Run()
}
