package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A history knows since which release a constant stands in which header.
type history struct {
	since map[string]string // "4.16"; "<=4.16" where the header itself is not older here
	file  map[string]bool   // headers seen, "if_link.h"
}

var (
	release  = regexp.MustCompile(`^v(\d+)\.(\d+)\.0$`)
	word     = regexp.MustCompile(`\b[A-Z][A-Z0-9_]+\b`)
	grepLine = regexp.MustCompile(`(?m)^[^:\n]+:include/(?:uapi/)?linux/([^:\n]+):(.*)$`)
)

// readHistory looks at the headers that iproute2 carries, release by release,
// then at those of its head, which are of the release to come, and then at
// further folders, "7.2=DIR". iproute2 makes its release of a version right
// after the kernel's.
func readHistory(git string, folders []string) (*history, error) {
	h := &history{since: map[string]string{}, file: map[string]bool{}}
	tags, err := exec.Command("git", "-C", git, "tag").Output()
	if err != nil {
		return nil, fmt.Errorf("git tag: %w", err)
	}
	var versions [][2]int
	for _, t := range strings.Fields(string(tags)) {
		if m := release.FindStringSubmatch(t); m != nil {
			major, _ := strconv.Atoi(m[1])
			minor, _ := strconv.Atoi(m[2])
			versions = append(versions, [2]int{major, minor})
		}
	}
	slices.SortFunc(versions, func(a, b [2]int) int { return (a[0]-b[0])*1000 + a[1] - b[1] })
	if len(versions) == 0 {
		return nil, fmt.Errorf("%s has no releases of iproute2", git)
	}
	last := versions[len(versions)-1]
	for _, v := range append(versions, [2]int{last[0], last[1] + 1}) {
		tag := fmt.Sprintf("v%d.%d.0", v[0], v[1])
		if v[1] == last[1]+1 && v[0] == last[0] {
			tag = "HEAD"
		}
		text, err := exec.Command("git", "-C", git, "grep", "-e", "", tag, "--", "include/uapi/linux", "include/linux").Output()
		if err != nil {
			return nil, fmt.Errorf("git grep %s: %w", tag, err)
		}
		files := map[string]string{}
		for _, m := range grepLine.FindAllStringSubmatch(string(text), -1) {
			files[m[1]] += m[2] + "\n"
		}
		h.add(fmt.Sprintf("%d.%d", v[0], v[1]), files, true)
	}
	for _, f := range folders {
		version, dir, ok := strings.Cut(f, "=")
		if !ok {
			return nil, fmt.Errorf("-then wants VERSION=DIR, got %q", f)
		}
		files, err := headersOf(dir)
		if err != nil {
			return nil, err
		}
		h.add(version, files, false)
	}
	return h, nil
}

// add notes the names of one release. A header that is new is no sign of its
// names' age; where it is not taken it says nothing.
func (h *history) add(version string, files map[string]string, take bool) {
	for name, text := range files {
		bound := ""
		if !h.file[name] {
			if !take {
				continue
			}
			bound = "<="
		}
		for _, w := range word.FindAllString(comments.ReplaceAllString(text, " "), -1) {
			if _, ok := h.since[w]; !ok {
				h.since[w] = bound + version
			}
		}
	}
	for name := range files {
		h.file[name] = h.file[name] || take
	}
}

// headersOf reads the headers of an include folder.
func headersOf(dir string) (map[string]string, error) {
	files, top := map[string]string{}, filepath.Join(dir, "linux")
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".h" {
			return err
		}
		text, err := os.ReadFile(p)
		name, _ := filepath.Rel(top, p)
		files[name] = string(text)
		return err
	})
	return files, err
}
