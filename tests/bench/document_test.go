package bench

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// performancePage is where -write puts the tables.
const performancePage = "../../docs/performance.md"

// document replaces the table of that key in the page. The table stands
// between two comments; the page itself is written by hand.
func document(key, text string) error {
	page, err := os.ReadFile(performancePage)
	if err != nil {
		return err
	}
	begin, end := "<!-- begin "+key+" -->", "<!-- end "+key+" -->"
	place := regexp.MustCompile("(?s)" + regexp.QuoteMeta(begin) + ".*?" + regexp.QuoteMeta(end))
	if !place.Match(page) {
		return fmt.Errorf("%s has no place %q", performancePage, begin)
	}
	body := begin + "\n\n" + text + "\n" + where() + "\n\n" + end
	page = place.ReplaceAllLiteral(page, []byte(body))
	return os.WriteFile(performancePage, page, 0o644)
}

// where says when and on what the figures were taken, and how busy the machine
// was: the contenders load it with about 1.
func where() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return err.Error()
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s, Linux %s, %d cores, load %s, %s.", time.Now().Format(time.DateOnly),
		strings.TrimRight(string(u.Release[:]), "\x00"), runtime.NumCPU(), strings.Fields(string(load))[0], runtime.Version())
}
