package lua

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	glua "github.com/yuin/gopher-lua"
)

// oracleDriver runs the programs of the table P one after the other, each with a print of its own, and returns what they wrote,
// one text each.
const oracleDriver = `
local results = {}
for i, source in ipairs(P) do
  local out = {}
  function print(...)
    for n = 1, select("#", ...) do
      if n > 1 then out[#out + 1] = "\t" end
      out[#out + 1] = tostring((select(n, ...)))
    end
    out[#out + 1] = "\n"
  end
  local f, err = loadstring(source, "=t")
  local ok = false
  if f then ok, err = pcall(f) end
  if not ok then print("error", err) end
  results[#results + 1] = table.concat(out)
end
return results
`

// runPUC runs the programs under lua5.1 and returns their output.
func runPUC(t *testing.T, programs []string, env ...string) []string {
	t.Helper()
	lua, err := exec.LookPath("lua5.1")
	if err != nil {
		if os.Getenv("NLSH_REQUIRE") == "1" {
			t.Fatal("no lua5.1 on this machine (apt-get install lua5.1)")
		}
		t.Skip("no lua5.1 on this machine (apt-get install lua5.1)")
	}
	var script strings.Builder
	script.WriteString("P = {\n")
	for _, p := range programs {
		script.WriteString(string(appendQuoted(nil, p)) + ",\n")
	}
	script.WriteString("}\nlocal function run() " + oracleDriver + " end\n")
	script.WriteString(`for _, r in ipairs(run()) do io.write(#r, "\n", r) end`)
	file := filepath.Join(t.TempDir(), "oracle.lua")
	if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(lua, file)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("lua5.1: %v", err)
	}
	var results []string
	for rest := string(raw); rest != ""; {
		var n int
		head, tail, _ := strings.Cut(rest, "\n")
		if _, err := fmt.Sscan(head, &n); err != nil {
			t.Fatalf("lua5.1 wrote %q: %v", head, err)
		}
		results = append(results, tail[:n])
		rest = tail[n:]
	}
	if len(results) != len(programs) {
		t.Fatalf("lua5.1 ran %d of %d programs", len(results), len(programs))
	}
	return results
}

// newLibraryState returns a state of a fresh interpreter with the repaired libraries.
func newLibraryState(t testing.TB, opts Options) *glua.LState {
	t.Helper()
	in, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in.L
}

// runOurs runs the programs in one interpreter of ours and returns their output.
func runOurs(t *testing.T, programs []string) []string {
	t.Helper()
	L := newLibraryState(t, Options{})
	list := L.NewTable()
	for i, p := range programs {
		list.RawSetInt(i+1, glua.LString(p))
	}
	L.SetGlobal("P", list)
	if err := L.DoString(oracleDriver); err != nil {
		t.Fatal(err)
	}
	results := L.CheckTable(L.GetTop())
	out := make([]string, len(programs))
	for i := range out {
		out[i] = results.RawGetInt(i + 1).String()
	}
	return out
}
