package attr_test

import (
	"strings"
	"testing"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// policy has the forms of structs inside structs, as xfrm has them.
type policy struct {
	Sel   pair
	Life  uint64
	Quiet val.Opt[bool]
	Loud  val.Opt[bool]
	Mode  uint8
	Algo  cipher
	Tmpl  []pair
}

// pair is a struct without attributes.
type pair struct{ A, B uint16 }

// cipher is a struct that ends in an array.
type cipher struct {
	Name string
	Key  []byte
	ICV  val.Opt[uint32]
}

var pairTable = attr.Table[pair]{Name: "pair", Rows: func(p *pair, d *attr.Def) {
	d.Key("a", "b")
	d.Header(4).At(0, "a", attr.Plain16(&p.A)).At(2, "b", attr.Plain16(&p.B))
}}

var cipherTable = attr.Table[cipher]{Name: "cipher", Rows: func(c *cipher, d *attr.Def) {
	d.Key("name", "key", "icv")
	d.Header(12).At(0, "name", attr.CStr(&c.Name, 8)).At(8, "icv", attr.Uint32(&c.ICV))
	d.Tail("key", attr.Secret(&c.Key))
}}

var policyTable = attr.Table[policy]{Name: "policy", Rows: func(p *policy, d *attr.Def) {
	h := d.Header(16)
	h.At(0, "sel", attr.Record(&p.Sel, &pairTable, 4))
	h.Bits8(4, attr.Bit(1, "quiet", &p.Quiet), attr.Bit(4, "loud", &p.Loud))
	h.At(5, "mode", attr.PlainEnum8(&p.Mode, attr.NewEnum("mode", "", "tunnel")))
	h.At(8, "life", attr.Plain64(&p.Life).Unit(attr.Seconds))
	d.Attr(1, "algo", attr.Record(&p.Algo, &cipherTable, 0))
	d.Attr(2, "tmpl", attr.List(&p.Tmpl, &pairTable, attr.Packed(4)))
}}

// Records, byte for byte as written by hand, there and back.
func TestRecords(t *testing.T) {
	key := []byte{1, 2, 3}
	for _, c := range []struct {
		name string
		in   policy
		want []byte
	}{
		{"nothing said", policy{}, make([]byte, 16)},
		{"record in a struct", policy{Sel: pair{B: 5}, Quiet: val.Off, Loud: val.On},
			cat(u16(0), u16(5), []byte{4}, make([]byte, 11))},
		{"record with a tail", policy{Quiet: val.Off, Loud: val.Off, Mode: 1, Algo: cipher{"gcm", key, val.U32(64)}},
			cat([]byte{5: 1, 15: 0}, tlv(1, cat([]byte("gcm\x00\x00\x00\x00\x00"), u32(64), key)...))},
		{"packed list", policy{Quiet: val.Off, Loud: val.Off, Tmpl: []pair{{1, 2}, {3, 4}}},
			cat(make([]byte, 16), tlv(2, cat(u16(1), u16(2), u16(3), u16(4))...))},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := policyTable.Append(&attr.Env{Mode: attr.Create}, nil, &c.in)
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(c.want, b); d != "" {
				t.Error("bytes, -want +got:\n", d)
			}
			var back policy
			if err := policyTable.Decode(&attr.Env{}, &back, b); err != nil {
				t.Fatal(err)
			}
			want := policyTable.Value(nil, &c.in).String()
			if c.name == "nothing said" {
				want = "{quiet=false loud=false}" // flags are always read
			}
			if got := policyTable.Value(nil, &back).String(); got != want {
				t.Errorf("read back as %s, want %s", got, want)
			}
		})
	}
}

func TestRecordsCutShort(t *testing.T) {
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"record", cat(make([]byte, 16), tlv(1, 1, 2, 3)), "algo cipher header has 3 bytes, needs 12"},
		{"packed element", cat(make([]byte, 16), tlv(2, 1, 0, 2, 0, 3)), "tmpl element has 1 bytes, needs 4"},
	} {
		var p policy
		if err := policyTable.Decode(&attr.Env{}, &p, c.b); err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.name, err, c.want)
		}
	}
}

// Positional values, secrets and what errors say of them.
func TestRecordKeys(t *testing.T) {
	list := func(l ...attr.Value) attr.Value { return attr.ListOf(l) }
	const masked = "{name=gcm icv=64 key=0x…(16 bits)}"
	for _, c := range []struct {
		name, key string
		in        attr.Value
		want      string
	}{
		{"in order", "algo", list(str("gcm"), str("0x0102"), num(64)), masked},
		{"the last by name", "algo", attr.TableOf([]attr.Pair{{Key: "icv", Val: num(64)}, {Key: "#1", Val: str("gcm")}, {Key: "#2", Val: str("\x01\x02")}}), masked},
		{"the first alone", "algo", str("gcm"), "{name=gcm}"},
		{"a secret given back", "algo", list(str("gcm"), attr.SecretOf([]byte{1, 2}), num(64)), masked},
		{"one too many", "algo", list(str("gcm"), str("k"), num(1), num(2)), "! algo wants named fields, got 2"},
		{"odd digits", "algo", list(str("gcm"), str("0x0badc0ffee1")), "! algo.key wants hex digits in pairs after 0x"},
		{"no key", "algo", list(str("gcm"), num(12345)), "! algo.key wants bytes, or hex after 0x, got a number"},
		{"list of one", "tmpl", list(list(num(1), num(2))), "{a=1 b=2}"},
		{"unit", "life", str("2min"), "120"},
		{"word", "mode", str("tunnel"), "tunnel"},
	} {
		var p policy
		got := ""
		if err := policyTable.Set(nil, &p, c.key, c.in); err != nil {
			got = "! " + err.Error()
		} else if v, ok := policyTable.Get(nil, &p, c.key); ok {
			got = v.String()
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestSame(t *testing.T) {
	secret := func(s string) attr.Value {
		return attr.TableOf([]attr.Pair{{Key: "key", Val: attr.SecretOf([]byte(s))}})
	}
	for _, c := range []struct {
		name string
		a, b attr.Value
		want bool
	}{
		{"equal secrets", secret("ab"), secret("ab"), true},
		{"secrets of one length", secret("ab"), secret("ac"), false},
		{"in lists", attr.ListOf([]attr.Value{secret("ab")}), attr.ListOf([]attr.Value{secret("ac")}), false},
		{"number and word", num(5), str("5"), true},
		{"other lengths", attr.ListOf(nil), attr.ListOf([]attr.Value{num(1)}), false},
	} {
		if got := attr.Same(c.a, c.b); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
	if s := secret("very secret").String(); strings.Contains(s, "very") {
		t.Errorf("printed as %s", s)
	}
}
