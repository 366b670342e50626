package nstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"nlsh/nlcore/netns"
)

// IP runs iproute2's ip with args inside ns and returns what it printed; the
// test fails with ip's own message if ip does. The binary is the one that
// NLSH_IP names, else the one in PATH; without one the test skips or fails as
// Need does.
func IP(t testing.TB, ns *netns.NS, args ...string) string {
	t.Helper()
	path := ipPath(t)
	var out, msg bytes.Buffer
	err := ns.Do(func() error {
		cmd := exec.Command(path, args...)
		cmd.Stdout, cmd.Stderr = &out, &msg
		return cmd.Run()
	})
	if err != nil {
		t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, bytes.TrimSpace(msg.Bytes()))
	}
	return out.String()
}

// IPJSON runs `ip -d -j args` inside ns and decodes what it printed into v,
// which stays as it is where ip printed nothing.
func IPJSON(t testing.TB, ns *netns.NS, v any, args ...string) {
	t.Helper()
	out := IP(t, ns, append([]string{"-d", "-j"}, args...)...)
	if strings.TrimSpace(out) == "" {
		return
	}
	if err := json.Unmarshal([]byte(out), v); err != nil {
		t.Fatalf("ip -d -j %s: %v in %q", strings.Join(args, " "), err, out)
	}
}

func ipPath(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("NLSH_IP"); path != "" {
		return path
	}
	path, err := exec.LookPath("ip")
	Need(t, err == nil, fmt.Sprintf("iproute2 (%v): install it or set NLSH_IP", err))
	return path
}
