package nstest

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
	"strings"
)

// configOption looks an option up in the running kernel's configuration, from
// /proc/config.gz or the file that distributions install beside the kernel:
// "y" built in, "m" a module, "n" neither, "" if there is no configuration.
func configOption(release, name string) string {
	if f, err := os.Open("/proc/config.gz"); err == nil {
		defer f.Close()
		if text, err := gzip.NewReader(f); err == nil {
			return findOption(text, name)
		}
	}
	if f, err := os.Open("/boot/config-" + release); err == nil {
		defer f.Close()
		return findOption(f, name)
	}
	return ""
}

// findOption reads a kernel configuration. What is not set is there as a
// comment or, where its own conditions are not met, not at all.
func findOption(text io.Reader, name string) string {
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		if v, ok := strings.CutPrefix(lines.Text(), name+"="); ok {
			return v
		}
	}
	if lines.Err() != nil {
		return ""
	}
	return "n"
}
