package nlcore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

func schemaOf(kind string) *attr.Schema { return nlcore.NewLink(kind).Views()[0].Schema() }
func linkSchema() *attr.Schema          { return schemaOf("") }
func portSchema() *attr.Schema          { return new(nlcore.BridgeLink).Views()[0].Schema() }

// newestIP skips where ip is too old to print what we read.
func newestIP(t testing.TB, ns *netns.NS) {
	t.Helper()
	const want = "iproute2 7.0 or newer (tests/oracle/fetch.sh iproute2; NLSH_IP=.cache/iproute2/bin/ip)"
	_, version, _ := strings.Cut(nstest.IP(t, ns, "-V"), "iproute2-")
	var major, minor int
	_, err := fmt.Sscanf(version, "%d.%d", &major, &minor)
	nstest.Need(t, err == nil && major >= 7, want)
}

// ipShow is what `ip -d -j link show` prints, by name.
func ipShow(t testing.TB, ns *netns.NS) map[string]map[string]any {
	t.Helper()
	var l []map[string]any
	nstest.IPJSON(t, ns, &l, "link", "show")
	out := map[string]map[string]any{}
	for _, x := range l {
		out[x["ifname"].(string)] = plain(x)
	}
	return out
}

// ipEach runs one ip command a line and returns those that ip refused, with
// its message.
func ipEach(t testing.TB, ns *netns.NS, lines ...string) map[string]string {
	t.Helper()
	nstest.IP(t, ns, "-V") // skips without ip
	path := os.Getenv("NLSH_IP")
	if path == "" {
		path = "ip"
	}
	refused := map[string]string{}
	var msg bytes.Buffer
	_ = ns.Do(func() error {
		cmd := exec.Command(path, "-force", "-batch", "-")
		cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(lines, "\n")+"\n"), &msg
		return cmd.Run()
	})
	text := ""
	for line := range strings.Lines(msg.String()) {
		var n int
		if _, err := fmt.Sscanf(line, "Command failed -:%d", &n); err != nil {
			text += line
			continue
		}
		refused[lines[n-1]] = strings.TrimSpace(text)
		text = ""
	}
	return refused
}

// ipAll is ipEach where nothing may be refused.
func ipAll(t testing.TB, ns *netns.NS, lines ...string) {
	t.Helper()
	for line, msg := range ipEach(t, ns, lines...) {
		t.Fatalf("ip %s: %s", line, msg)
	}
}

// bridgeTool runs iproute2's bridge, which lies beside ip.
func bridgeTool(t testing.TB, ns *netns.NS, args ...string) string {
	t.Helper()
	path := "bridge"
	if ip := os.Getenv("NLSH_IP"); ip != "" {
		path = filepath.Join(filepath.Dir(ip), "bridge")
	}
	var out []byte
	err := ns.Do(func() (err error) {
		out, err = exec.Command(path, args...).CombinedOutput()
		return err
	})
	if err != nil {
		t.Fatalf("bridge %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// awaitState returns when all named links have an operational state. The
// kernel sets it from a work queue, after the request was answered.
func awaitState(t testing.TB, h *nlcore.Handle, ns *netns.NS, state string, names ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var c *nl.Conn
	must(t, ns.Do(func() (err error) { c, err = nl.Dial(nil); return err }))
	defer c.Close()
	must(t, c.Join(uapi.RTNLGRP_LINK))
	reached := errors.New("reached")
	look := func(nl.Message) error {
		for _, name := range names {
			l, err := h.LinkByName(ctx, name)
			if err != nil {
				return err
			}
			if s, _ := l.Attrs().Operstate.Get(); s.String() != state {
				return nil
			}
		}
		return reached
	}
	err := look(nl.Message{})
	if err == nil {
		err = c.Receive(ctx, look)
	}
	if !errors.Is(err, reached) {
		t.Fatalf("waiting for %v to be %s: %v", names, state, err)
	}
}

// timers run on between two looks.
var timers = cmpopts.IgnoreMapEntries(func(k string, _ any) bool { return strings.HasSuffix(k, "_timer") })

// compareLinks holds all links of a namespace against what ip prints.
func compareLinks(t *testing.T, h *nlcore.Handle, ns *netns.NS) {
	t.Helper()
	links, err := h.LinkList(context.Background())
	must(t, err)
	ours := map[string]map[string]any{}
	for _, l := range links {
		ours[l.Attrs().Name] = plain(ipLink(h.Env(), l))
	}
	if d := cmp.Diff(ipShow(t, ns), ours, timers); d != "" {
		t.Errorf("links, -ip +ours:\n%s", d)
	}
}

// twins are two equal things in one namespace: we set ours, ip sets its own,
// and each reads what the other did.
type twins struct {
	h          *nlcore.Handle
	ns         *netns.NS
	ours, ips  string // names of links
	ipSet      string // "link set b type bridge "
	keys       []ipKey
	set        func(key string, v attr.Value) error
	view       func(nlcore.Link) attr.View
	part       func(link map[string]any) map[string]any // of what ip prints
	shownFlags map[string]string                        // of keys that ip prints in flags
	settle     func()                                   // waits for what the kernel does afterwards
}

// known leaves out what this kernel is too old for, by what the rows say.
func known(t testing.TB, env *attr.Env, s *attr.Schema, samples []sample) []sample {
	t.Helper()
	var l []sample
	for _, x := range samples {
		m, _ := s.Member(env, x.key)
		if m.Since == "" || !nstest.Older(t, x.key, m.Since) {
			l = append(l, x)
		}
	}
	return l
}

// try sets each sample both ways and compares.
func (w twins) try(t *testing.T, samples []sample) {
	ctx := context.Background()
	env := w.h.Env()
	fresh, err := w.h.LinkByName(ctx, w.ours)
	must(t, err)
	samples = known(t, env, w.view(fresh).Schema(), samples)
	var lines []string
	for _, s := range samples {
		lines = append(lines, w.ipSet+s.ip)
	}
	refused := ipEach(t, w.ns, lines...)
	for i, s := range samples {
		if v, ok := w.view(fresh).Get(env, s.key); ok && canonical(t, w.view(fresh), s) == v.String() {
			t.Errorf("%s: a fresh link has %v already", s.key, v)
		}
		err := w.set(s.key, s.val())
		msg, no := refused[lines[i]]
		if no && s.hangs == "" {
			t.Errorf("ip %s: %s", lines[i], msg)
		}
		if no != (err != nil) {
			t.Errorf("%s: we got %v, ip got %q", s.key, err, msg)
		}
		if no {
			t.Logf("%s is refused here (it hangs on %s): %v", s.key, s.hangs, err)
		}
	}
	if w.settle != nil {
		w.settle()
	}
	w.compare(t, samples)
}

// compare reads both crosswise: ip what we set, we what ip set.
func (w twins) compare(t *testing.T, samples []sample) {
	ctx := context.Background()
	env := w.h.Env()
	shown := ipShow(t, w.ns)
	read, err := w.h.LinkByName(ctx, w.ips)
	must(t, err)
	for _, s := range samples {
		got, _ := w.view(read).Get(env, s.key)
		want := canonical(t, w.view(read), s)
		if s.hangs != "" {
			if theirs, _ := w.view(read).Get(env, s.key); theirs.String() != want {
				t.Logf("%s stays %v here (it hangs on %s)", s.key, theirs, s.hangs)
			}
			continue
		}
		if got.String() != want {
			t.Errorf("%s: ip set it, we read %v, want %s", s.key, got, want)
		}
	}
	ours, theirs := w.part(shown[w.ours]), w.part(shown[w.ips])
	if d := cmp.Diff(theirs, ours, timers); d != "" {
		t.Errorf("ip prints, -set by ip +set by us:\n%s", d)
	}
	for _, s := range samples {
		w.printed(t, s, ours)
	}
}

// printed checks that ip prints the value that we set.
func (w twins) printed(t *testing.T, s sample, ours map[string]any) {
	if s.hangs != "" {
		return
	}
	if flag, ok := w.shownFlags[s.key]; ok {
		has := false
		for _, f := range ours["flags"].([]any) {
			has = has || f == strings.TrimPrefix(flag, "!")
		}
		if has == strings.HasPrefix(flag, "!") {
			t.Errorf("%s: ip prints %v, want %s", s.key, ours["flags"], flag)
		}
		return
	}
	for _, k := range w.keys {
		if k.key != s.key {
			continue
		}
		if want := k.print(s.val()); fmt.Sprint(want) != fmt.Sprint(ours[k.json]) {
			t.Errorf("%s: we set %v, ip prints %v under %s", s.key, want, ours[k.json], k.json)
		}
	}
}

// canonical is a sample's value as the rows read it back.
func canonical(t *testing.T, like attr.View, s sample) string {
	t.Helper()
	var view attr.View
	switch like.Schema().Name() {
	case "link":
		view = new(nlcore.GenericLink).Views()[0]
	case "bridge_slave":
		view = new(nlcore.BridgeLink).Views()[0]
	default:
		view = nlcore.NewLink(like.Schema().Name()).Views()[0]
	}
	if ok, err := view.Set(nil, s.key, s.val()); !ok || err != nil {
		t.Fatalf("%s: %v %v", s.key, ok, err)
	}
	v, _ := view.Get(nil, s.key)
	return v.String()
}

func without(m map[string]any, keys ...string) map[string]any {
	m = maps.Clone(m)
	for _, k := range keys {
		delete(m, k)
	}
	return m
}
