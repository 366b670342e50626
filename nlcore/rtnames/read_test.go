package rtnames

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree writes files into a fresh folder and returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRead(t *testing.T) {
	type lookups struct {
		Words   map[uint32]string
		Numbers map[string]uint32
	}
	tests := []struct {
		name string
		dirs []map[string]string
		want lookups // of Tables, for what the files name
		errs []string
	}{
		{
			name: "a file adds words",
			dirs: []map[string]string{{"rt_tables": "# mine\n100 blue # yes\n0x65\tred\n010 ten\n4294967295 last"}},
			want: lookups{
				map[uint32]string{100: "blue", 101: "red", 10: "ten", 1<<32 - 1: "last", 254: "main"},
				map[string]uint32{"blue": 100, "red": 101, "ten": 10, "last": 1<<32 - 1, "main": 254},
			},
		},
		{
			name: "two words for a number: the later is shown, both are read",
			dirs: []map[string]string{{"rt_tables": "254 core\n"}},
			want: lookups{map[uint32]string{254: "core"}, map[string]uint32{"core": 254, "main": 254}},
		},
		{
			name: "a word that moves is not shown for its old number",
			dirs: []map[string]string{{"rt_tables": "7 a\n7 main\n"}},
			want: lookups{map[uint32]string{7: "main"}, map[string]uint32{"main": 7, "a": 7}},
		},
		{
			name: "the first folder's file hides the second's",
			dirs: []map[string]string{{"rt_tables": "1 etc\n"}, {"rt_tables": "1 share\n2 lost\n"}},
			want: lookups{map[uint32]string{1: "etc"}, map[string]uint32{"etc": 1}},
		},
		{
			name: "conf files of all folders, in order of their names, first folder first",
			dirs: []map[string]string{
				{"rt_tables.d/b.conf": "1 b-etc\n", "rt_tables.d/ignored.txt": "9 no\n"},
				{"rt_tables": "1 base\n", "rt_tables.d/a.conf": "1 a\n", "rt_tables.d/b.conf": "2 b-share\n"},
			},
			want: lookups{map[uint32]string{1: "b-etc"}, map[string]uint32{"base": 1, "a": 1, "b-etc": 1}},
		},
		{
			name: "a bad line loses only itself",
			dirs: []map[string]string{{"rt_tables": "1 one\nx y\n2\n3 three four\n-1 neg\n4294967296 big\n5 6\n0x x\n8 eight\n"}},
			want: lookups{map[uint32]string{1: "one", 8: "eight"}, map[string]uint32{"one": 1, "eight": 8}},
			errs: []string{
				`rt_tables:2: want a number first: "x y"`,
				`rt_tables:3: want a number and a word: "2"`,
				`rt_tables:4: want a number and a word: "3 three four"`,
				`rt_tables:5: want a number first: "-1 neg"`,
				`rt_tables:6: number is not in 0..4294967295: "4294967296 big"`,
				`rt_tables:7: the word is a number: "5 6"`,
				`rt_tables:8: want a number first: "0x x"`,
			},
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var dirs []string
			for _, files := range tc.dirs {
				dirs = append(dirs, tree(t, files))
			}
			n, err := Read(append(dirs, "/nonexistent")...)
			var errs []string
			if err != nil {
				for line := range strings.SplitSeq(err.Error(), "\n") {
					errs = append(errs, strings.TrimPrefix(line, dirs[0]+"/"))
				}
			}
			if d := cmp.Diff(tc.errs, errs); d != "" {
				t.Errorf("errors (-want +got):\n%s", d)
			}
			base := Builtin().Tables.filled()
			got := lookups{map[uint32]string{}, map[string]uint32{}}
			for k, w := range n.Tables.filled().words {
				if _, asked := tc.want.Words[k]; asked || base.words[k] != w {
					got.Words[k] = w
				}
			}
			for w, k := range n.Tables.filled().nums {
				if was, ok := base.nums[w]; !ok || was != k || tc.want.Numbers[w] == k && k != 0 {
					got.Numbers[w] = k
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("tables (-want +got):\n%s", d)
			}
			if _, ok := n.Tables.Word(254); tc.want.Numbers["main"] == 7 && ok {
				t.Error("254 is still shown as main")
			}
		})
	}
}

// TestLazy holds that a table's files are read when its first word is asked
// for, once, and that what is wrong with them is told then.
func TestLazy(t *testing.T) {
	dir := tree(t, map[string]string{"rt_tables": "100 early\n", "rt_protos": "x y\n"})
	var said []string
	n := Lazy(func(err error) { said = append(said, strings.TrimPrefix(err.Error(), dir+"/")) }, dir)
	if err := os.WriteFile(filepath.Join(dir, "rt_tables"), []byte("100 late\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	word, _ := n.Tables.Word(100)
	if d := cmp.Diff([]string(nil), said); d != "" || word != "late" {
		t.Errorf("table 100 is %q, want late; warnings (-want +got):\n%s", word, d)
	}
	if err := os.WriteFile(filepath.Join(dir, "rt_tables"), []byte("100 later\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	again, _ := n.Tables.Word(100)
	bgp, _ := n.Protos.Number("bgp")
	static, _ := n.Protos.Number("static")
	if again != "late" || bgp != 186 || static != 4 {
		t.Errorf("table 100 is %q, want late still; bgp %d, want 186; static %d, want 4", again, bgp, static)
	}
	if d := cmp.Diff([]string{`rt_protos:1: want a number first: "x y"`}, said); d != "" {
		t.Errorf("warnings (-want +got):\n%s", d)
	}
}

func TestEveryFileIsRead(t *testing.T) {
	dir := tree(t, map[string]string{
		"rt_tables": "11 w\n", "rt_protos": "12 w\n", "rt_addrprotos": "13 w\n", "rt_scopes": "14 w\n",
		"rt_realms": "15 w\n", "rt_dsfield": "0x16 w\n", "group": "17 w\n", "nl_protos": "18 w\n",
	})
	n, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []uint32
	for _, table := range []*Table{n.Tables, n.Protos, n.AddrProtos, n.Scopes, n.Realms, n.DSFields, n.Groups, n.NlProtos} {
		v, _ := table.Number("w")
		got = append(got, v)
	}
	if d := cmp.Diff([]uint32{11, 12, 13, 14, 15, 0x16, 17, 18}, got); d != "" {
		t.Errorf("number of w in each table (-want +got):\n%s", d)
	}
}

func TestLimitsAndErrors(t *testing.T) {
	dir := tree(t, map[string]string{
		"rt_protos": "256 p\n", "rt_scopes": "256 s\n", "rt_realms": "65536 r\n",
		"rt_dsfield": "0x100 d\n", "nl_protos": "32 n\n",
	})
	if err := os.Mkdir(filepath.Join(dir, "group"), 0o755); err != nil {
		t.Fatal(err)
	}
	n, err := Read(dir)
	want := []string{
		"rt_protos:1: number is not in 0..255: \"256 p\"",
		"rt_scopes:1: number is not in 0..255: \"256 s\"",
		"rt_realms:1: number is not in 0..65535: \"65536 r\"",
		"rt_dsfield:1: number is not in 0..255: \"0x100 d\"",
		"read " + filepath.Join(dir, "group") + ": is a directory",
		"nl_protos:1: number is not in 0..31: \"32 n\"",
	}
	got := strings.Split(strings.ReplaceAll(err.Error(), "\n"+dir+"/", "\n"), "\n")
	got[0] = strings.TrimPrefix(got[0], dir+"/")
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("errors (-want +got):\n%s", d)
	}
	var line *LineError
	var path *fs.PathError
	if !errors.As(err, &line) || !errors.As(err, &path) {
		t.Errorf("the error holds no *LineError and *fs.PathError: %v", err)
	}
	if d := cmp.Diff(Builtin().Scopes.Words(), n.Scopes.Words()); d != "" {
		t.Errorf("scopes changed:\n%s", d)
	}
}

func TestWordsAreSorted(t *testing.T) {
	got := Builtin().Tables.Words()
	if d := cmp.Diff([]string{"unspec", "default", "main", "local"}, got); d != "" {
		t.Errorf("words (-want +got):\n%s", d)
	}
}

// TestBuiltinAgainstIproute2 compares with the files the newest iproute2
// ships: both name the same numbers in the same words.
func TestBuiltinAgainstIproute2(t *testing.T) {
	const dir = "../../.cache/iproute2/root/usr/share/iproute2"
	if _, err := os.Stat(dir); err != nil {
		msg := dir + " is missing: run tests/oracle/fetch.sh iproute2"
		if os.Getenv("NLSH_REQUIRE") == "1" {
			t.Fatal(msg)
		}
		t.Skip(msg)
	}
	n := Builtin()
	for file, table := range map[string]*Table{
		"rt_tables": n.Tables, "rt_protos": n.Protos, "rt_scopes": n.Scopes, "rt_realms": n.Realms,
		"rt_dsfield": n.DSFields, "group": n.Groups, "nl_protos": n.NlProtos,
	} {
		// Read here by other means than the code under test.
		want := map[uint32]string{}
		f, err := os.Open(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		for s := bufio.NewScanner(f); s.Scan(); {
			num, word, ok := strings.Cut(s.Text(), "\t")
			if !ok {
				num, word, ok = strings.Cut(s.Text(), " ")
			}
			if !ok || strings.HasPrefix(num, "#") {
				continue
			}
			v, err := strconv.ParseUint(num, 0, 32)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			want[uint32(v)] = strings.TrimSpace(word)
		}
		f.Close()
		if d := cmp.Diff(want, table.filled().words); d != "" {
			t.Errorf("%s (-iproute2 +ours):\n%s", file, d)
		}
	}
}
