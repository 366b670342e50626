// Package tests holds what looks at the project from outside: the rules of
// its layers here, and the black-box tests in the folders below.
package tests
