package main

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// captured is the console of user-mode Linux 7.2.7 with two packages
// (go run ./tests/vm -v ./nlcore/netns ./nlcore/probe), shortened; the
// terminal ends lines with CR LF.
const captured = "Failed to initialize ubd device 0 :Couldn't determine size of device's file\r\n" +
	"#vm up 7.2.7\r\n" +
	"#vm package nlcore/netns\r\n" +
	"\x16=== RUN   TestLoUp\r\n\x16--- PASS: TestLoUp (0.28s)\r\n\x16=== NAME  \r\nPASS\r\n\r\n" +
	"#vm exit 0\r\n" +
	"#vm package nlcore/probe\r\n" +
	"\x16=== RUN   TestPing\r\n    ping_test.go:9: lost\r\n\x16--- FAIL: TestPing (0.01s)\r\n\x16=== NAME  \r\nFAIL\r\n\r\n" +
	"#vm exit 1\r\n" +
	"#vm kernel [    3.1] WARNING: net/core/dev.c:1 at unregister\r\n" +
	"#vm end\r\n" +
	"reboot: Power down\r\n"

func TestReadConsole(t *testing.T) {
	netns := section{pkg: "nlcore/netns", output: []byte("\x16=== RUN   TestLoUp\n\x16--- PASS: TestLoUp (0.28s)\n\x16=== NAME  \nPASS\n\n")}
	probe := section{pkg: "nlcore/probe", code: 1, output: []byte("\x16=== RUN   TestPing\n    ping_test.go:9: lost\n\x16--- FAIL: TestPing (0.01s)\n\x16=== NAME  \nFAIL\n\n")}
	hung := section{pkg: "nlcore/probe", code: -1, output: []byte("\x16=== RUN   TestPing\n")}
	for _, c := range []struct {
		name, text string
		want       console
	}{
		{"whole", captured, console{
			release: "7.2.7", sections: []section{netns, probe}, ended: true,
			kernel: []string{"[    3.1] WARNING: net/core/dev.c:1 at unregister"},
		}},
		{"stopped in a test", captured[:strings.Index(captured, "    ping_test.go")], console{release: "7.2.7", sections: []section{netns, hung}}},
		{"no boot", "Kernel panic - not syncing: no init\r\n", console{}},
		{"nothing", "", console{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readConsole(strings.NewReader(c.text), io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			got.up, got.last = 0, nil
			for i := range got.sections {
				got.sections[i].took = 0
			}
			if d := cmp.Diff(&c.want, got, cmp.AllowUnexported(console{}, section{})); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

func TestReadConsoleRefuses(t *testing.T) {
	_, err := readConsole(strings.NewReader("#vm package a\n#vm exit \n"), io.Discard)
	const want = `console: exit code of a: strconv.Atoi: parsing "": invalid syntax`
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
