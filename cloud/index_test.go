package cloud

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// Hashes are drawn from few, so that names collide.
func TestIndexMistakesANameForAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		x, known := newIndex(n), map[string]int{}
		hashes := rapid.SliceOfN(rapid.Uint64(), 1, 3).Draw(t, "hashes")
		list := make([]string, n)
		for id := range list {
			name := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "name"))
			list[id] = name
			h := hashes[len(name)%len(hashes)]
			same := func(id int) bool { return list[id] == name }
			before, has := known[name]
			if at, found := x.find(h, same); found != has || found && at != before {
				t.Fatalf("%q is found at %d (%v), expected %d (%v)", name, at, found, before, has)
			}
			first, dup := x.add(h, id, same)
			if dup != has || dup && first != before || !dup && first != id {
				t.Fatalf("%q: %d, %v; expected %d, %v", name, first, dup, before, has)
			}
			if !has {
				known[name] = id
			}
		}
	})
}

func TestIndexNeedsACheck(t *testing.T) {
	in := &Instance{VMs: []VM{{Name: "vm1"}}, Hosts: []Host{{Name: "host1"}}}
	if _, ok := in.VM("vm1"); ok {
		t.Error("a VM is found before the instance was checked")
	}
	if _, ok := in.Host("host1"); ok {
		t.Error("a host is found before the instance was checked")
	}
}

// Texts are kept apart however they lie in memory.
func TestNamesOverwriteEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n names
		var kept []string
		texts := rapid.SliceOf(rapid.StringN(0, 40, -1)).Draw(t, "texts")
		for _, text := range texts {
			buf := []byte(text)
			kept = append(kept, n.keep(buf))
			clear(buf)
		}
		for i, text := range texts {
			if kept[i] != text {
				t.Fatalf("%d: expected %q, found %q", i, text, kept[i])
			}
		}
	})
}
