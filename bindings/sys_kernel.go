package bindings

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func kernelFunc() decl.Func {
	return decl.Func{
		Name: "kernel", Since: since, Run: sysKernel,
		Doc:     "The release of the running kernel, or whether that is at least a version.",
		Returns: "the release, such as \"6.12.1-amd64\"; with a version true or false",
		Example: `
print(sys.kernel())
if sys.kernel "5.3" then print "altnames" end`,
		Params: []decl.Param{{Name: "version", Kind: decl.Scalar, Pos: 1, Doc: "a version, \"5.3\" or \"5.3.18\""}},
	}
}

func sysKernel(c *decl.Call) error {
	release, err := kernelRelease()
	if err != nil {
		return fail(c, "", err.Error(), err)
	}
	version, said := c.Args["version"].(string)
	if !said {
		c.Return(glua.LString(release))
		return nil
	}
	enough, err := atLeast(release, version)
	if err != nil {
		return c.Errorf("%w", err)
	}
	c.Return(glua.LBool(enough))
	return nil
}

// kernelRelease is what uname -r prints.
func kernelRelease() (string, error) {
	b, err := os.ReadFile("/proc/sys/kernel/osrelease")
	return strings.TrimSpace(string(b)), err
}

// atLeast reports that a kernel's release is the version or later. Of the
// release only the numbers at its start count.
func atLeast(release, version string) (bool, error) {
	var want [3]int
	parts := strings.Split(version, ".")
	if len(parts) > len(want) {
		return false, badVersion(version)
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 31)
		if err != nil {
			return false, badVersion(version)
		}
		want[i] = int(n)
	}
	have := releaseNumbers(release)
	for i := range want {
		if have[i] != want[i] {
			return have[i] > want[i], nil
		}
	}
	return true, nil
}

func badVersion(version string) error {
	return fmt.Errorf("version wants up to three numbers such as \"5.3\", got %q", version)
}

// releaseNumbers are the first three numbers of "6.12.1-amd64"; what is not
// there is 0.
func releaseNumbers(release string) (n [3]int) {
	for i, p := range strings.SplitN(release, ".", len(n)) {
		end := strings.IndexFunc(p, func(r rune) bool { return r < '0' || r > '9' })
		if end >= 0 {
			p = p[:end]
		}
		n[i], _ = strconv.Atoi(p) // "" is 0
		if end >= 0 {
			break
		}
	}
	return n
}
