// Package script tests the nlsh command from outside: each file of testdata
// is a story told in testscript's language.
package script
