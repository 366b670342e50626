package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestYAML(t *testing.T) {
	tests := []struct {
		name, text string
		want       any
	}{
		{"a map", "a: 1\nb: two words # said\nc: \"x\"\n", map[string]any{"a": "1", "b": "two words", "c": "x"}},
		{"a list below a dash", "l:\n  -\n    a: 1\n    b: 2\n  -\n    a: 3\n", map[string]any{"l": []any{
			map[string]any{"a": "1", "b": "2"}, map[string]any{"a": "3"}}}},
		{"a list beside a dash", "l:\n  - a: 1\n    b: 2\n  - word\n", map[string]any{"l": []any{
			map[string]any{"a": "1", "b": "2"}, "word"}}},
		{"a list as deep as its key", "l:\n- a\n- b\nm: 1\n", map[string]any{"l": []any{"a", "b"}, "m": "1"}},
		{"a flow list", "l: [ a, b ]\n", map[string]any{"l": []any{"a", "b"}}},
		{"a text in a block", "doc: >-\n  some: text\n  - more\n\n  still\na: 1\n", map[string]any{"doc": "", "a": "1"}},
		{"a text that goes on", "doc: some\n  more\na: 1\n", map[string]any{"doc": "some", "a": "1"}},
		{"an anchor", "l: &x\n  - a\n", map[string]any{"l": []any{"a"}}},
		{"comments and the mark", "# c\n---\na: 1\n  # d\n", map[string]any{"a": "1"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := parseYAML(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
	if got, err := parseYAML("a: 1\n- b\n"); err == nil {
		t.Errorf("a list where none can stand is read as %v", got)
	}
}

// header is made up: the forms that the kernel's headers have.
const header = `
#define BASE 2
#define MASK (1U << 4 | BIT(2)) /* a comment, with a comma */
enum {
	IFLA_X_UNSPEC,
	IFLA_X_ID,	/* u32 */
#define IFLA_X_ID IFLA_X_ID
	IFLA_X_LATE = 7,
	IFLA_X_NEXT,
	__IFLA_X_MAX
};
enum kind { KIND_A = BASE, KIND_B, __KIND_END };
struct inner { __be32 spi; __u8 proto; };
struct outer {
	struct inner	id;
	__u64		bytes, packets;
	char		name[IFLA_X_LATE + 1];
	int		index;
	__u32		tail[];
};
`

func read(text string) *headers {
	h := &headers{values: map[string]int64{}, bodies: map[string]string{}}
	h.read(comments.ReplaceAllString(text, " "))
	return h
}

func TestHeader(t *testing.T) {
	h := read(header)
	wantValues := map[string]int64{
		"BASE": 2, "MASK": 20, "IFLA_X_UNSPEC": 0, "IFLA_X_ID": 1, "IFLA_X_LATE": 7, "IFLA_X_NEXT": 8, "__IFLA_X_MAX": 9,
	}
	for name, want := range wantValues {
		if got, ok := h.values[name]; !ok || got != want {
			t.Errorf("%s is %d (%v), want %d", name, got, ok, want)
		}
	}
	wantSets := []attrSet{{"IFLA_X", []string{"IFLA_X_ID", "IFLA_X_LATE", "IFLA_X_NEXT"}}}
	if d := cmp.Diff(wantSets, h.sets, cmp.AllowUnexported(attrSet{})); d != "" {
		t.Errorf("sets: -want +got:\n%s", d)
	}
	got, ok := h.layout("outer")
	want := placed{size: 40, align: 8, fields: []field{
		{"id", "struct inner", 0, 8}, {"id.spi", "be32", 0, 4}, {"id.proto", "u8", 4, 1},
		{"bytes", "u64", 8, 8}, {"packets", "u64", 16, 8}, {"name", "8 bytes", 24, 8}, {"index", "s32", 32, 4},
		{"tail", "0 bytes", 36, 0},
	}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(placed{}, field{})); d != "" || !ok {
		t.Errorf("layout (%v): -want +got:\n%s", ok, d)
	}
}

func TestPolicies(t *testing.T) {
	h := read(header)
	got := map[string][]policyAttr{}
	h.policies(`static const struct nla_policy x_policy[IFLA_X_MAX + 1] = {
	[IFLA_X_UNSPEC]	= { .strict_start_type = IFLA_X_ID },
	[A] = { .type = NLA_U32 },
	[B] = { .len = sizeof(struct outer) },
	[C] = NLA_POLICY_RANGE(NLA_U8, BASE,
			       IFLA_X_LATE),
	[D] = NLA_POLICY_NESTED(other),
	[E] = { .type = NLA_STRING, .len = IFNAMSIZ - 1 },
	[F] = NLA_POLICY_ETH_ADDR,
	[G] = NLA_POLICY_MASK(NLA_U32, MASK),
	[H] = { .len = sizeof_field(struct iphdr, daddr) },
	[I] = { .type = NLA_BINARY,
		.len = 16 },
};`, got)
	want := map[string][]policyAttr{
		"A": {{"u32", "", ""}}, "B": {{"bytes", "40", ""}}, "C": {{"u8", "2", "7"}}, "D": {{"nested", "", ""}},
		"E": {{"string", "", "?"}}, "F": {{"binary", "6", "6"}}, "G": {{"u32", "", "mask 20"}},
		"H": {{"bytes", "4", ""}}, "I": {{"binary", "", "16"}},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(policyAttr{})); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestCode(t *testing.T) {
	got := map[string][]string{}
	readCode(`x = nla_get_be16(data[A]); y = nla_get_u32_default(tb[B], 3);
	if (nla_put_be16(skb, A, v) || nla_put_u64_64bit(skb, C, n, PAD) || nla_put_flag(skb, D) ||
	    nla_put(skb, E, sizeof(x), &x)) nest = nla_nest_start_noflag(skb, F);
	z = nla_get_u8(info->attrs[B]);`, got)
	want := map[string][]string{"A": {"be16"}, "B": {"u32", "u8"}, "C": {"u64"}, "D": {"flag"}, "F": {"nest"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestHistory(t *testing.T) {
	h := &history{since: map[string]string{}, file: map[string]bool{}}
	h.add("4.4", map[string]string{"a.h": "A_ONE, /* A_TWO comes */"}, true)
	h.add("4.5", map[string]string{"a.h": "A_ONE, A_TWO", "b.h": "B_ONE"}, true)
	h.add("7.3", map[string]string{"a.h": "A_ONE, A_TWO, A_NEW", "c.h": "C_ONE"}, false)
	want := map[string]string{"A_ONE": "<=4.4", "A_TWO": "4.5", "B_ONE": "<=4.5", "A_NEW": "7.3"}
	if d := cmp.Diff(want, h.since); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
