// Command lstate only opens a gopher-lua state like nlsh's and ends: the floor
// of nlsh's start.
package main

import glua "github.com/yuin/gopher-lua"

func main() {
	L := glua.NewState(glua.Options{
		CallStackSize: 20000, MinimizeStackMemory: true,
		RegistrySize: 256, RegistryMaxSize: 1 << 22, RegistryGrowStep: 4096,
	})
	defer L.Close()
	if err := L.DoString(""); err != nil {
		panic(err)
	}
}
