package nlcore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// sysfs reads files of a link below /sys/class/net, as ns sees it.
func sysfs(t *testing.T, ns *netns.NS, link string, files ...string) map[string]string {
	t.Helper()
	const script = `mount -t sysfs sysfs /sys && cd /sys/class/net/$1 && shift && for f; do echo "$f $(cat $f)"; done`
	var out, msg bytes.Buffer
	err := ns.Do(func() error {
		cmd := exec.Command("unshare", append([]string{"-m", "sh", "-c", script, "sh", link}, files...)...)
		cmd.Stdout, cmd.Stderr = &out, &msg
		return cmd.Run()
	})
	if err != nil {
		t.Fatalf("/sys of %s: %v: %s", link, err, msg.Bytes())
	}
	values := map[string]string{}
	for line := range strings.Lines(out.String()) {
		file, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		values[file] = text
	}
	return values
}

// bridged is a namespace with a bridge br0 and its port v0.
func bridged(t *testing.T) (*nlcore.Handle, *netns.NS) {
	t.Helper()
	h, ns := newHandle(t)
	newestIP(t, ns)
	ipAll(t, ns, "link add name br0 up type bridge", "link add v0 up type veth peer name v1", "link set v1 up", "link set v0 master br0")
	awaitState(t, h, ns, "up", "br0", "v0", "v1")
	return h, ns
}

// TestBridgePortLimits sets what `ip link` has no words for. `bridge link`
// prints one of the two limits, no tool the other.
func TestBridgePortLimits(t *testing.T) {
	nstest.NeedSince(t, "number of groups of a bridge port", "6.3")
	h, ns := bridged(t)
	ctx := context.Background()
	must(t, h.BridgeLinkSet(ctx, &nlcore.BridgeLink{Dev: nlcore.LinkName("v0"), BridgePort: nlcore.BridgePort{
		McastMaxGroups: val.U32(7), McastEHTHostsLimit: val.U32(99),
	}}))
	var printed []map[string]any
	if err := json.Unmarshal([]byte(bridgeTool(t, ns, "-d", "-j", "link", "show", "dev", "v0")), &printed); err != nil {
		t.Fatal(err)
	}
	port := bridgePort(t, h, "v0")
	want := map[string]any{"mcast_max_groups": 7.0, "mcast_n_groups": float64(port.McastNGroups.Or(99))}
	if d := cmp.Diff(want, picked(printed[0], "mcast_max_groups", "mcast_n_groups")); d != "" {
		t.Errorf("bridge prints, -want +got:\n%s", d)
	}
	if got := port.McastEHTHostsLimit.Or(0); got != 99 {
		t.Errorf("mcast_eht_hosts_limit reads %d, want 99", got)
	}
	bridgeTool(t, ns, "link", "set", "dev", "v0", "mcast_max_groups", "8")
	if got := bridgePort(t, h, "v0").McastMaxGroups.Or(0); got != 8 {
		t.Errorf("mcast_max_groups reads %d, bridge set 8", got)
	}
}

func bridgePort(t *testing.T, h *nlcore.Handle, dev string) *nlcore.BridgeLink {
	t.Helper()
	ports, err := h.BridgeLinkList(context.Background())
	must(t, err)
	for _, p := range ports {
		if p.Dev.Name == dev {
			return p
		}
	}
	t.Fatalf("%s is no port", dev)
	return nil
}

func TestBridgePortLearning(t *testing.T) {
	h, ns := bridged(t)
	must(t, h.BridgeLinkSet(context.Background(), &nlcore.BridgeLink{
		Dev: nlcore.LinkName("v0"), BridgePort: nlcore.BridgePort{Learning: val.Off},
	}))
	if got := infoPart("info_slave_data")(ipShow(t, ns)["v0"])["learning"]; got != false {
		t.Errorf("ip prints learning %v, want false", got)
	}
	ipAll(t, ns, "link set v0 type bridge_slave learning on")
	if got := bridgePort(t, h, "v0").Learning; !got.Or(false) {
		t.Errorf("ip turned learning on, we read %v", got)
	}
}

// TestBridgeFlush forgets addresses, of a port and of the whole bridge.
func TestBridgeFlush(t *testing.T) {
	h, ns := bridged(t)
	ctx := context.Background()
	ipAll(t, ns, "link add v2 up type veth peer name v3", "link set v3 up", "link set v2 master br0")
	awaitState(t, h, ns, "up", "v2")
	learn := func() {
		bridgeTool(t, ns, "fdb", "replace", "02:00:00:00:00:01", "dev", "v0", "master", "dynamic")
		bridgeTool(t, ns, "fdb", "replace", "02:00:00:00:00:02", "dev", "v2", "master", "dynamic")
	}
	known := func() (l []string) {
		out := bridgeTool(t, ns, "fdb", "show", "br", "br0")
		for _, mac := range []string{"02:00:00:00:00:01", "02:00:00:00:00:02"} {
			if strings.Contains(out, mac) {
				l = append(l, mac)
			}
		}
		return l
	}
	learn()
	var got [][]string
	got = append(got, known())
	must(t, h.BridgeLinkSet(ctx, &nlcore.BridgeLink{Dev: nlcore.LinkName("v0"), BridgePort: nlcore.BridgePort{Flush: true}}))
	got = append(got, known())
	learn()
	must(t, h.LinkSet(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0"}, FDBFlush: true}))
	got = append(got, known())
	want := [][]string{{"02:00:00:00:00:01", "02:00:00:00:00:02"}, {"02:00:00:00:00:02"}, nil}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("known addresses at first, after the port's flush, after the bridge's; -want +got:\n%s", d)
	}
}

// TestBridgePortAtCreation gives a port's options with the link.
func TestBridgePortAtCreation(t *testing.T) {
	h, ns := bridged(t)
	ctx := context.Background()
	must(t, h.LinkAdd(ctx, &nlcore.Veth{
		LinkAttrs: nlcore.LinkAttrs{
			Name: "p0", Up: val.On, Master: nlcore.LinkName("br0"),
			BridgeSlave: &nlcore.BridgePort{Cost: val.U32(77), Isolated: val.On, BackupPort: nlcore.LinkName("v0")},
		},
		Peer: &nlcore.LinkAttrs{Name: "p1", Up: val.On, Master: nlcore.LinkName("br0"), BridgeSlave: &nlcore.BridgePort{Hairpin: val.On}},
	}))
	awaitState(t, h, ns, "up", "p0", "p1")
	data := infoPart("info_slave_data")
	shown := ipShow(t, ns)
	want := []map[string]any{{"cost": 77.0, "isolated": true, "hairpin": false, "backup_port": "v0"}, {"cost": 2.0, "isolated": false, "hairpin": true}}
	got := []map[string]any{
		picked(data(shown["p0"]), "cost", "isolated", "hairpin", "backup_port"),
		picked(data(shown["p1"]), "cost", "isolated", "hairpin", "backup_port"),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	compareLinks(t, h, ns)
}
