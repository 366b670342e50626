package lua

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPatternsAsPUC compares patterns put together at random, most of them odd and some malformed, under lua5.1 and ours.
func TestPatternsAsPUC(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 1))
	pieces := []string{
		"a", "b", "(", ")", "()", "(a)", "(b*)", "%1", "%2", "[ab]", "[^a]", "[a-b", "]", "%a", "%A", "%d", ".", "*", "+", "-", "?",
		"^", "$", "%", "%b()", "%bab", "%f[a]", "%f[%A]", "%f", "[%a-]", "[]]", "[^]a]", "%w", "[", "%.", "(.-)", "(%a+)", "a-", "[%",
	}
	subjects := []string{"", "a", "ab", "aab", "abab", "(ab)", "b(a(b)a)b", "a]b-a", "ab ab ba", "1a%b$^", "aaaaaab", "bbabba"}
	var programs []string
	for range 4000 {
		var pat strings.Builder
		for range 1 + random.IntN(5) {
			pat.WriteString(pieces[random.IntN(len(pieces))])
		}
		s := subjects[random.IntN(len(subjects))]
		programs = append(programs, fmt.Sprintf(
			`local s, p = %q, %q
print("find", pcall(function() return string.find(s, p, %d) end))
print("match", pcall(function() return string.match(s, p) end))
print("gsub", pcall(function() return string.gsub(s, p, "<%%1%%0>") end))
print("gmatch", pcall(function() local t = {} for a, b in string.gmatch(s, p) do t[#t + 1] = tostring(a) .. tostring(b) end return table.concat(t, "|") end))`,
			s, pat.String(), random.IntN(8)-3))
	}
	compareWithPUC(t, programs)
}

// TestNumbersAsPUC compares how random numbers read under random directives, and how random texts read as numbers.
func TestNumbersAsPUC(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2))
	var programs []string
	for range 3000 {
		var x float64
		switch random.IntN(4) {
		case 0:
			x = float64(random.IntN(2000) - 1000)
		case 1:
			x = float64(random.IntN(200000)-100000) / 1000
		case 2:
			x = float64(random.Int64N(1<<53)) - 1<<52
		default:
			x = math.Float64frombits(random.Uint64())
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		verbs := "eEfgG"
		if math.Abs(x) < 1<<53 {
			verbs = "dixXouseEfgG"
		}
		spec := "%"
		for _, flag := range "-+ #0" {
			if random.IntN(4) == 0 {
				spec += string(flag)
			}
		}
		if random.IntN(2) == 0 {
			spec += strconv.Itoa(random.IntN(30))
		}
		if random.IntN(2) == 0 {
			spec += "." + strconv.Itoa(random.IntN(25))
		}
		verb := verbs[random.IntN(len(verbs))]
		literal := strconv.FormatFloat(x, 'g', -1, 64)
		if verb == 's' {
			// C does not define the other flags with it, and whole numbers above 10^14 differ.
			spec = strings.NewReplacer("0", "", "#", "", "+", "", " ", "").Replace(spec)
			literal = strconv.Itoa(random.IntN(1000))
		}
		programs = append(programs, fmt.Sprintf(`local x = tonumber("%s") print(string.format("%s%c", x), x == math.floor(x) or tostring(x))`, literal, spec, verb))
	}
	alphabet := []string{"0", "1", "9", "f", "x", "X", ".", "e", "E", "+", "-", "p", " ", "\\t", "0x", "inf", "12", "e5", "z"}
	for range 3000 {
		var text strings.Builder
		for range 1 + random.IntN(5) {
			text.WriteString(alphabet[random.IntN(len(alphabet))])
		}
		programs = append(programs, fmt.Sprintf(`local function show(x) return x and string.format("%%.17g", x) end
print(show(tonumber("%[1]s")), show(tonumber("%[1]s", 16)), show(tonumber("%[1]s", %[2]d)))`, text.String(), 2+random.IntN(35)))
	}
	compareWithPUC(t, programs)
}

func compareWithPUC(t *testing.T, programs []string) {
	t.Helper()
	want, got := runPUC(t, programs), runOurs(t, programs)
	failed := 0
	for i, p := range programs {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			if failed++; failed > 10 {
				t.Fatal("and more")
			}
			t.Errorf("%s\n(-lua5.1 +ours)\n%s", p, diff)
		}
	}
}
