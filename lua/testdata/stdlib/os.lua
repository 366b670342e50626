print(os.time{year = 2024, month = 1, day = 1, hour = 0}, os.time{year = 2024, month = 1, day = 1}, os.time{year = 2024, month = 14, day = -3, hour = 50, min = -7, sec = 1000})
print(os.time{year = "2024", month = "0x2", day = "1"}, os.time{year = 2024, month = 2.9, day = 1}, os.time{year = 1970, month = 1, day = 1, hour = 0}, os.time{year = 1960, month = 6, day = 15})
print(os.time{year = 1969, month = 12, day = 31, hour = 23, min = 59, sec = 59})
print(os.time{year = 2024, month = 7, day = 1, isdst = true}, os.time{year = 2024, month = 7, day = 1, isdst = false}, os.time{year = 2024, month = 1, day = 1, isdst = true}, os.time{year = 2024, month = 1, day = 1, isdst = false})
print(type(os.time()), os.time() > 1.7e9, type(os.time(nil)))
os.time{}
os.time{day = 1, month = 1}
os.time{year = 2024, month = 1}
os.time{year = 2024, month = {}, day = 1}
os.time(3)
os.time("x")
for _, c in ipairs{"a", "A", "b", "B", "c", "C", "d", "D", "e", "F", "g", "G", "h", "H", "I", "j", "k", "l", "m", "M", "n", "p", "P", "r", "R", "S", "t", "T", "u", "U", "V", "w", "W", "x", "X", "y", "Y", "z", "Z", "%", "E", "O", "q", "-", "1"} do print(c, os.date("%" .. c, 1700000000), os.date("!%" .. c, 1700000000), os.date("%" .. c, 1720000003)) end
for y = 1999, 2030 do local t = os.time{year = y, month = 1, day = 1} print(os.date("%Y %j %U %W %V %G %g %u %w", t), os.date("%Y %j %U %W %V %G %g", t + 86400 * 363), os.date("%U %V", t + 86400 * 3)) end
print(os.date("%H:%M %S%%", 0), os.date("!%H", 0), os.date("plain", 0), os.date("", 0), os.date("%", 0), os.date("x%", 0), os.date("!!%H", 0), os.date("*tx", 0))
local t = os.date("*t", 1700000000) local k = {} for f, v in pairs(t) do k[#k + 1] = f .. "=" .. tostring(v) end table.sort(k) print(table.concat(k, " "))
local t = os.date("!*t", 1720000000) local k = {} for f, v in pairs(t) do k[#k + 1] = f .. "=" .. tostring(v) end table.sort(k) print(table.concat(k, " "))
for _, s in ipairs{0, 951782400, 1709164800, 1711846799, 1711846800, 1729990799, 1729990800, 1735689599} do print(os.time(os.date("*t", s)) == s, os.date("%c %Z", s)) end
print(os.date("%Y", -1e10), os.date("%c", 1.9), os.date("!%c", "86400"), os.date("%c", 1e300), os.date("!%F", 253402300800))
os.date({})
os.date("%c", "x")
os.date("%c", {})
print(type(os.date()), #os.date("%c") > 20, os.date("*t").year >= 2024)
print(os.difftime(10, 3), os.difftime(5), os.difftime(1.5, 0.25))
os.difftime()
os.difftime("x", 1)
print(os.getenv("NLSH_SURELY_NOT_SET"), type(os.getenv("PATH")), os.getenv("NLSH_EMPTY_IN_TEST"))
os.getenv()
print(type(os.clock()), os.clock() >= 0, os.clock() < 100)
print(os.remove("/nonexistent/file"))
print(os.rename("/nonexistent/file", "/nonexistent/other"))
os.remove()
os.rename("x")
local n = os.tmpname() print(type(n), n ~= os.tmpname(), os.remove(n), os.remove(n) == nil)
print(os.setlocale(), os.setlocale("C"), os.setlocale("xx_YY"), os.setlocale("C", "numeric"), os.setlocale("POSIX"))
os.setlocale("C", "x")
os.setlocale({})
print(os.setenv)
local t = {} for k in pairs(os) do t[#t + 1] = k end table.sort(t) print(table.concat(t, " "))
