package main

import (
	"regexp"
	"slices"
	"strings"
)

// How the kernel's own code reads and writes an attribute: nla_get_be16 of
// tb[X], nla_put_u32 of X. It is the last word on byte orders.
var (
	reads  = regexp.MustCompile(`\bnla_get_(\w+)\(\s*\w[\w.>-]*\[\s*(\w+)\s*\]\s*[,)]`)
	writes = regexp.MustCompile(`\bnla_put_(\w+)\(\s*\w+\s*,\s*(\w+)\s*[,)]`)
	nested = regexp.MustCompile(`\bnla_nest_start(?:_noflag)?\(\s*\w+\s*,\s*(\w+)\s*\)`)
)

// codeTypes are the functions' names that say a type.
var codeTypes = map[string]string{
	"u8": "u8", "u16": "u16", "u32": "u32", "u64": "u64", "u64_64bit": "u64", "s8": "s8", "s32": "s32", "s64": "s64",
	"be16": "be16", "be32": "be32", "be64": "be64", "net16": "be16", "net32": "be32", "uint": "uint", "flag": "flag",
	"in_addr": "in_addr", "in6_addr": "in6_addr", "string": "string", "clock_t": "u64", "bitfield32": "bitfield32",
}

// readCode adds to all what a C file does with attributes.
func readCode(text string, all map[string][]string) {
	add := func(name, typ string) {
		if typ != "" && !slices.Contains(all[name], typ) {
			all[name] = append(all[name], typ)
			slices.Sort(all[name])
		}
	}
	for _, m := range reads.FindAllStringSubmatch(text, -1) {
		add(m[2], codeTypes[strings.TrimSuffix(m[1], "_default")])
	}
	for _, m := range writes.FindAllStringSubmatch(text, -1) {
		add(m[2], codeTypes[m[1]])
	}
	for _, m := range nested.FindAllStringSubmatch(text, -1) {
		add(m[1], "nest")
	}
}
