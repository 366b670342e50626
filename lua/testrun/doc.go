// Package testrun runs files of Lua tests for `nlsh test`: every test in a
// process and a sandbox of its own, so that nothing of one test, not even a
// crash, reaches another.
//
// Find looks for the files. Run starts the program once more for each test, in
// a fresh sandbox, where Serve runs the file and that one test and says on
// standard output what happened, one JSON value a line (event.go). A Printer
// shows the results: pretty.go, tap.go.
//
// The first process for a file also tells which tests it has. A test that
// ends its process counts as failed, and the next one runs.
package testrun
