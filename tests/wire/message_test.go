package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"
)

var ne = binary.NativeEndian

const (
	nlHeader    = 16
	linkHeader  = 16
	routeHeader = 12
	flagAck     = 4
	newRoute    = 0x18 // RTM_NEWROUTE
)

// message is a request to the kernel in a form that can be compared: the
// attributes of a nest in the order of their ids, which means nothing, and
// without the flags of an id, which iproute2 mostly leaves out.
type message struct {
	Type, Flags uint16
	Header      []byte
	Attrs       []node
}

type node struct {
	ID   uint16
	Data string // hex; "" of a nest
	Nest []node
}

// nests says which attributes hold others, by their path of ids; the peer of a
// veth begins with a header.
var nests = map[string]bool{
	"18": true, "18.2": true, "18.5": true, "18.2.1": true, // linkinfo, data, slave data, peer
	"26": true, "26.10": true, // af_spec, inet6
	"48":       true,                                           // protodown_reason
	"52":       true,                                           // prop_list
	"12":       true,                                           // protinfo of the bridge family
	"route.22": true, "route.22.10": true, "route.22.11": true, // encap, counters, flavors
}

// parse takes a request apart. Only a veth has a nest in 18.2.1.
func parse(t *testing.T, b []byte) message {
	t.Helper()
	header, path := linkHeader, ""
	if len(b) > 4 && ne.Uint16(b[4:]) == newRoute {
		header, path = routeHeader, "route"
	}
	if len(b) < nlHeader+header || int(ne.Uint32(b)) != len(b) {
		t.Fatalf("a message of %d bytes says it has %d", len(b), ne.Uint32(b))
	}
	m := message{Type: ne.Uint16(b[4:]), Flags: ne.Uint16(b[6:]) &^ flagAck, Header: b[nlHeader : nlHeader+header]}
	veth := bytes.Contains(b, []byte("veth\x00"))
	m.Attrs = parseAttrs(t, b[nlHeader+header:], path, veth)
	return m
}

func parseAttrs(t *testing.T, b []byte, path string, veth bool) []node {
	t.Helper()
	l := []node{}
	for len(b) >= 4 {
		size := int(ne.Uint16(b))
		if size < 4 || size > len(b) {
			t.Fatalf("attribute of %d bytes in %d bytes at %q", size, len(b), path)
		}
		id, data := ne.Uint16(b[2:])&0x3fff, b[4:size]
		at := strings.TrimPrefix(path+"."+itoa(id), ".")
		n := node{ID: id}
		switch {
		case at == "18.2.1" && !veth || !nests[at]:
			n.Data = hex.EncodeToString(data)
		case at == "18.2.1":
			// The peer's own message: its attributes are those of a link.
			n.Data = hex.EncodeToString(data[:linkHeader])
			n.Nest = parseAttrs(t, data[linkHeader:], "", false)
		default:
			n.Nest = parseAttrs(t, data, at, veth)
		}
		l = append(l, n)
		b = b[min((size+3)&^3, len(b)):]
	}
	slices.SortStableFunc(l, func(x, y node) int { return int(x.ID) - int(y.ID) })
	return l
}

func itoa(n uint16) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// captured reads a file of testdata with one message.
func captured(t *testing.T, name string) message {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	var digits strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			digits.WriteString(strings.TrimSpace(line))
		}
	}
	b, err := hex.DecodeString(digits.String())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return parse(t, b)
}
