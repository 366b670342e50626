# Short names for everything; .ci/run is the gate.
.PHONY: all build test race lint gen coverage vm bench fuzz gate clean

all: build

build:
	CGO_ENABLED=0 go build -o bin/nlsh ./cmd/nlsh

test:
	go test ./...

race:
	go test -race ./...

lint:
	gofmt -l $$(git ls-files '*.go')
	go vet ./...
	go tool staticcheck ./...

# Regenerates the kernel's constants and the documentation of fields.
gen:
	tests/oracle/fetch.sh headers
	go generate ./...
	go test ./bindings/docgen -update

# How many attributes of each kernel enum have rows.
coverage:
	go run ./tests/witness/coverage >docs/coverage.gen.md

# The tests on another kernel, user-mode Linux or Debian's in QEMU:
# make vm, make vm PKG=nlcore, make vm KERNEL=6.1 (6.12, newest, uml).
KERNEL = uml
comma = ,
vm:
	tests/vm/fetch.sh root $(subst $(comma), ,$(KERNEL))
	go run ./tests/vm -kernels $(KERNEL) $(if $(PKG),./$(PKG))

bench:
	cd tests/bench && go test -run '^$$' -bench . -benchtime 3x .

fuzz:
	go test -run '^$$' -fuzz "$(TARGET)" -fuzztime 10m ./$(PKG)

gate:
	bash .ci/run

clean:
	rm -rf bin .cache/nlsh
