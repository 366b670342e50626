package bindings

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/netns"
)

func testNeed(c *decl.Call) error {
	if _, err := suite(c); err != nil {
		return err
	}
	if len(c.Args) == 0 {
		return c.Errorf("needs a field: kernel, module, program or root")
	}
	for _, check := range []func(*decl.Call) (string, error){needRoot, needKernel, needPrograms, needModules} {
		missing, err := check(c)
		if err != nil {
			return err
		}
		if missing != "" {
			return &SkipError{missing}
		}
	}
	return nil
}

func needRoot(c *decl.Call) (string, error) {
	root, said := c.Args["root"].(bool)
	if said && !root {
		return "", c.Errorf("root is true or not given")
	}
	if !said {
		return "", nil
	}
	b, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return "", fail(c, "", err.Error(), err)
	}
	// Of all users only the machine's own root has all of them.
	if f := strings.Fields(string(b)); os.Geteuid() != 0 || len(f) != 3 || f[2] != "4294967295" {
		return "needs root", nil
	}
	return "", nil
}

func needKernel(c *decl.Call) (string, error) {
	version, said := c.Args["kernel"].(string)
	if !said {
		return "", nil
	}
	release, err := kernelRelease()
	if err != nil {
		return "", fail(c, "", err.Error(), err)
	}
	enough, err := atLeast(release, version)
	if err != nil {
		return "", c.Errorf("kernel: %w", err)
	}
	if !enough {
		return fmt.Sprintf("needs kernel %s, this is %s", version, release), nil
	}
	return "", nil
}

func needPrograms(c *decl.Call) (string, error) {
	names, err := wordsOf(c, "program")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			return "needs the program " + name, nil
		}
	}
	return "", nil
}

func needModules(c *decl.Call) (string, error) {
	names, err := wordsOf(c, "module")
	if err != nil {
		return "", err
	}
	release, err := kernelRelease()
	if err != nil {
		return "", fail(c, "", err.Error(), err)
	}
	for _, name := range names {
		if moduleNamed(release, name) != moduleUnknown {
			continue
		}
		is, err := isLinkType(c, name)
		if err != nil {
			return "", err
		}
		if !is {
			return "needs the kernel module " + name, nil
		}
	}
	return "", nil
}

// wordsOf is a text, or a list of texts.
func wordsOf(c *decl.Call, param string) ([]string, error) {
	wrong := c.Errorf("%s wants a name or a list of names, got %s", param, shown(anyArg(c, param)))
	switch v := anyArg(c, param).(type) {
	case *glua.LNilType:
		return nil, nil
	case glua.LString:
		if v == "" {
			return nil, wrong
		}
		return []string{string(v)}, nil
	case *glua.LTable:
		var l []string
		for i := 1; i <= v.MaxN(); i++ {
			s, ok := v.RawGetInt(i).(glua.LString)
			if !ok || s == "" {
				return nil, wrong
			}
			l = append(l, string(s))
		}
		if len(l) > 0 {
			return l, nil
		}
	}
	return nil, wrong
}

// isLinkType asks the kernel, in a namespace made for that, for a link of a
// type: one that is built in without parameters has no file that names it,
// and one that can be loaded is. What else the kernel may object to, such as
// a field that it needs, comes after it has found the type.
func isLinkType(c *decl.Call, name string) (bool, error) {
	ns, err := netns.New()
	if err != nil {
		return false, fail(c, name, err.Error(), err)
	}
	defer ns.Close()
	h, err := nlcore.NewHandleAt(ns, nil)
	if err != nil {
		return false, fail(c, name, err.Error(), err)
	}
	defer h.Close()
	err = h.LinkAdd(c.Context(), nlcore.NewLink(name))
	return !errors.Is(err, syscall.EOPNOTSUPP), nil
}
