package bindings

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"syscall"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
)

func sysctlFunc() decl.Func {
	return decl.Func{
		Name: "sysctl", Since: since, Open: true, Mutates: true, Run: sysSysctl,
		Doc:     "Reads one setting of the current namespace, or sets those that a table names: all or none, general ones first. Keys begin with net. and are written with dots or slashes, as for sysctl; in the form with slashes the name of a link keeps its dots: net/ipv4/conf/eth0.5/forwarding.",
		Returns: "of one key its value, a number where it is a whole one; else nothing",
		Example: `
local h1 = netns.add "h1"
h1.sys.sysctl{ ["net.ipv4.ip_forward"] = 1, ["net.ipv4.ping_group_range"] = "0 0" }
assert(h1.sys.sysctl "net.ipv4.ip_forward" == 1)
print(h1.sys.sysctl "net/ipv4/ping_group_range")`,
		Params: []decl.Param{{Name: "key", Kind: decl.String, Pos: 1, Doc: "the setting to read; fields of a table are settings and their values: a number, a text, true or false"}},
	}
}

func sysSysctl(c *decl.Call) error {
	p, err := c.Place()
	if err != nil {
		return err
	}
	key, reads := c.Args["key"].(string)
	switch {
	case reads && c.Extra != nil:
		return c.Errorf("reads one key or sets several, not both")
	case !reads && c.Extra == nil:
		if c.N() == 1 { // an empty table sets nothing
			return nil
		}
		return c.Errorf(`needs a key to read, or a table: sys.sysctl{ ["net.ipv4.ip_forward"] = 1 }`)
	case reads:
		v, err := p.Handle.Sysctl(c.Context(), key)
		if err != nil {
			return sysctlHint(c, p, err, key)
		}
		c.Return(sysctlValue(c.L, v))
		return nil
	}
	list, err := sysctlList(c)
	if err != nil {
		return err
	}
	var o nlcore.Object = list
	if len(list) == 1 {
		o = &list[0]
	}
	if err := c.Host.Apply(c.L, p, nlcore.Change{Verb: nlcore.Set, Object: o}); err != nil {
		var keys []string
		for _, s := range list {
			keys = append(keys, s.Key)
		}
		return sysctlHint(c, p, err, keys...)
	}
	return nil
}

// sysctlList is what a call sets, sorted.
func sysctlList(c *decl.Call) (nlcore.Sysctls, error) {
	var list nlcore.Sysctls
	// Not Call.Extra, in whose keys a minus is an underscore.
	t, _ := c.Arg(c.N()).(*glua.LTable)
	for k, v := t.Next(glua.LNil); k != glua.LNil; k, v = t.Next(k) {
		text, err := sysctlText(v)
		if err != nil {
			return nil, c.Errorf("%s %w", k, err)
		}
		list = append(list, nlcore.Sysctl{Key: k.String(), Value: text})
	}
	slices.SortFunc(list, func(a, b nlcore.Sysctl) int { return strings.Compare(a.Key, b.Key) })
	return list, nil
}

// sysctlText is a value as it is written.
func sysctlText(v glua.LValue) (string, error) {
	switch v := v.(type) {
	case glua.LBool:
		if v {
			return "1", nil
		}
		return "0", nil
	case glua.LNumber:
		if f := float64(v); f == math.Trunc(f) && math.Abs(f) <= 1<<53 {
			return strconv.FormatInt(int64(f), 10), nil
		}
	case glua.LString:
		if !strings.ContainsAny(string(v), "\n\x00") {
			return string(v), nil
		}
		return "", errors.New("wants one line, got several")
	case *glua.LUserData:
		if b, ok := v.Value.(*decl.BigInt); ok {
			return b.String(), nil
		}
	}
	return "", fmt.Errorf("wants a whole number, a text, true or false, got %s", shown(v))
}

// sysctlValue is a value as scripts read it.
func sysctlValue(L *glua.LState, text string) glua.LValue {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(digits) > 1 && digits[0] == '0' {
		return glua.LString(text)
	}
	v, err := decl.ParseInteger(L, text)
	if err != nil {
		return glua.LString(text)
	}
	return v
}

// sysctlHint adds to an error about a key that does not exist one that is like
// it.
func sysctlHint(c *decl.Call, p *decl.Place, err error, keys ...string) error {
	var e *nlcore.Error
	if !errors.As(err, &e) || e.Hint != "" || e.Errno != syscall.ENOENT {
		return err
	}
	for _, key := range keys {
		if _, err := p.Handle.Sysctl(c.Context(), key); errors.Is(err, syscall.ENOENT) {
			if like := likeSysctl(c, p, key); like != "" {
				e.Hint = fmt.Sprintf("did you mean %q?", like)
			}
			break
		}
	}
	return err
}

// likeSysctl is the key with its first unknown part replaced by one that there
// is; "" where none is like it.
func likeSysctl(c *decl.Call, p *decl.Place, key string) string {
	sep := string(key[strings.IndexAny(key, "./")])
	parts := strings.Split(key, sep)
	for i := 1; i < len(parts); i++ {
		names, err := p.Handle.SysctlNames(c.Context(), strings.Join(parts[:i], sep))
		if err != nil {
			return ""
		}
		if sep == "." { // a link's dots are slashes there
			for j := range names {
				names[j] = strings.ReplaceAll(names[j], ".", "/")
			}
		}
		if slices.Contains(names, parts[i]) {
			continue
		}
		s := decl.Suggest(parts[i], names)
		if s == "" {
			return ""
		}
		parts[i] = s
		return strings.Join(parts, sep)
	}
	return ""
}
