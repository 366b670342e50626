package lua

import (
	"math"
	"strings"
	"time"

	glua "github.com/yuin/gopher-lua"
)

// maxSeconds bounds the times that os.date knows: C's years have 32 bits.
const maxSeconds = 67767976233532799

// osDate formats a time, now if argument 2 is missing, or returns its fields as a table; "!" before the format means UTC.
func osDate(L *glua.LState) int {
	format := optString(L, 1, "%c")
	t := time.Now()
	if L.Get(2) != glua.LNil {
		seconds := needNumber(L, 2)
		if !(math.Abs(seconds) <= maxSeconds) {
			L.Push(glua.LNil)
			return 1
		}
		t = time.Unix(int64(seconds), 0)
	}
	if rest, utc := strings.CutPrefix(format, "!"); utc {
		format, t = rest, t.UTC()
	}
	if format == "*t" {
		L.Push(dateTable(L, t))
		return 1
	}
	return pushText(L, dateText(t, format))
}

// dateTable returns the fields of t in its own zone.
func dateTable(L *glua.LState, t time.Time) *glua.LTable {
	tb := L.CreateTable(0, 9)
	for _, f := range []struct {
		name  string
		value int
	}{
		{"sec", t.Second()}, {"min", t.Minute()}, {"hour", t.Hour()},
		{"day", t.Day()}, {"month", int(t.Month())}, {"year", t.Year()},
		{"wday", int(t.Weekday()) + 1}, {"yday", t.YearDay()},
	} {
		tb.RawSetString(f.name, glua.LNumber(f.value))
	}
	tb.RawSetString("isdst", glua.LBool(t.IsDST()))
	return tb
}

// osTime returns now, or the time that a table of local fields describes, in seconds since 1970. Fields out of their range are
// carried over. It returns nil for a time it does not know.
func osTime(L *glua.LState) int {
	if L.Get(1) == glua.LNil {
		return pushNumber(L, float64(time.Now().Unix()))
	}
	t := tableTime(L, needTable(L, 1), time.Local)
	// C cannot tell this instant from an error.
	if seconds := t.Unix(); seconds != -1 {
		return pushNumber(L, float64(seconds))
	}
	L.Push(glua.LNil)
	return 1
}

// tableTime resolves the fields of tb as a time in loc.
func tableTime(L *glua.LState, tb *glua.LTable, loc *time.Location) time.Time {
	second := dateInt(L, tb, "sec", 0)
	minute := dateInt(L, tb, "min", 0)
	hour := dateInt(L, tb, "hour", 12)
	day := dateInt(L, tb, "day", -1)
	month := dateInt(L, tb, "month", -1)
	year := dateInt(L, tb, "year", -1)
	summer := summerUnknown
	if v := L.GetField(tb, "isdst"); glua.LVAsBool(v) {
		summer = summerYes
	} else if v != glua.LNil {
		summer = summerNo
	}
	civil := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return resolveCivil(civil, loc, summer)
}

// dateInt returns a field of a date table; def is what it is when missing, -1 if it must be there.
func dateInt(L *glua.LState, tb *glua.LTable, key string, def int) int {
	f, ok := numberOf(L.GetField(tb, key))
	if ok {
		return int(int32(toInt(f)))
	}
	if def < 0 {
		throw(L, "field '%s' missing in date table", key)
	}
	return def
}
