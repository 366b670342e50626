package lua_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nlsh/lua"
	"nlsh/nlcore/netns/nstest"
)

// needed are what an example may say that it needs, in a line "-- needs:".
var needed = map[string]*nstest.Feature{
	"esp": &nstest.ESP,
	"vlan": &nstest.Feature{Name: "vlan links", Config: "CONFIG_VLAN_8021Q", Probe: nstest.ByIP(
		"link add v0 type veth peer name v1", "link add link v0 name x0 type vlan id 5")},
	"bridge-vlans": &bridgeVLANs,
}

var bridgeVLANs = nstest.Feature{
	Name: "bridge VLAN filtering", Config: "CONFIG_BRIDGE_VLAN_FILTERING",
	Probe: nstest.ByIP("link add br0 type bridge vlan_filtering 1"),
}

// TestScripts runs each of the examples that users copy from.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("../../scripts/examples/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".lua"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(src)) {
				if words, ok := strings.CutPrefix(line, "-- needs:"); ok {
					for _, w := range strings.Fields(words) {
						if needed[w] == nil {
							t.Fatalf("needs %q, which is no feature", w)
						}
						needed[w].Need(t)
					}
				}
			}
			var out bytes.Buffer
			in, err := lua.New(lua.Options{Netns: nstest.NewNS(t), Stdout: &out, Stderr: &out, PrivateNetns: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := in.Run(t.Context(), filepath.Base(file), string(src)); err != nil {
				t.Errorf("%v\n%s", err, out.String())
			}
			if err := in.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
