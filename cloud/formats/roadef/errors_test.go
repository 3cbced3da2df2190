package roadef

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// tiny is a model of one resource, two machines, one service and one process, one
// section a line.
const tiny = `1 0 10
2
0 0 100 90 0 1
0 1 100 90 1 0
1
1 0
1
0 50 7
1
0 0 2
10
1 2 3
`

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	line := func(n int, text string) string {
		lines := strings.Split(tiny, "\n")
		lines[n-1] = text
		return strings.Join(lines, "\n")
	}
	for _, c := range []struct {
		name, model, assignment string
		want                    string
	}{
		{"nothing at all", "", "0", "m.txt:1: expected the number of resources (an integer of at least 1), found the end of the file"},
		{"no resources", line(1, "0"), "0", `m.txt:1: expected the number of resources (an integer of at least 1), found "0"`},
		{"flag that is none", line(1, "1 2 10"), "0", `m.txt:1: expected whether resource 0 is transient (an integer from 0 to 1), found "2"`},
		{"negative number", line(4, "0 1 -100 90 1 0"), "0", `m.txt:4: expected the capacity for resource 0 of machine 1 (an integer of at least 0), found "-100"`},
		{"number that is none", line(3, "0 0 100 90 0 x1"), "0", `m.txt:3: expected the cost of a move from machine 0 to machine 1 (an integer of at least 0), found "x1"`},
		{"number with a tail", line(3, "0 0 100.5 90 0 1"), "0", `m.txt:3: expected the capacity for resource 0 of machine 0 (an integer of at least 0), found "100.5"`},
		{"number too large", line(4, "0 1 9999999999999999999 90 1 0"), "0", `m.txt:4: expected the capacity for resource 0 of machine 1 (an integer of at least 0), found "9999999999999999999"`},
		{"count too large", line(2, "3000000000"), "0", `m.txt:2: expected the number of machines (an integer of at least 1), found "3000000000"`},
		{"count beyond the file", line(2, "2000000000"), "0", "m.txt:13: expected the cost of a move from machine 0 to machine 23 (an integer of at least 0), found the end of the file"},
		{"dependency on nobody", line(6, "1 1 1"), "0", `m.txt:6: expected service number 1 that service 0 depends on (an integer from 0 to 0), found "1"`},
		{"process of no service", line(8, "1 50 7"), "0", `m.txt:8: expected the service of process 0 (an integer from 0 to 0), found "1"`},
		{"balance of no resource", line(10, "0 1 2"), "0", `m.txt:10: expected the second resource of balance cost 0 (an integer from 0 to 0), found "1"`},
		{"model cut short", tiny[:len(tiny)-4], "0", "m.txt:12: expected the weight of service moves (an integer from 0 to 1000000000), found the end of the file"},
		{"trailing data", tiny + "4", "0", `m.txt:13: expected the end of the file, found "4"`},
		{"assignment cut short", tiny, "\n", "a.txt:2: expected the machine of process 0 (an integer from 0 to 1), found the end of the file"},
		{"unknown machine", tiny, "2", `a.txt:1: expected the machine of process 0 (an integer from 0 to 1), found "2"`},
		{"trailing assignment", tiny, "1\n\n0", `a.txt:3: expected the end of the file, found "0"`},
		{"files the wrong way round", "1", tiny, "m.txt:1: expected whether resource 0 is transient (an integer from 0 to 1), found the end of the file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := whole.decode("m.txt", []byte(c.model), "a.txt", []byte(c.assignment))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestSumsThatOverflowAreRefused(t *testing.T) {
	huge := strings.NewReplacer("100 90", "9223372036854775807 90").Replace(tiny)
	_, err := whole.decode("m.txt", []byte(huge), "a.txt", []byte("0"))
	if err == nil || !strings.HasPrefix(err.Error(), "m.txt: ") {
		t.Errorf("got %v", err)
	}
}

func TestTinyModelIsSound(t *testing.T) {
	if _, err := whole.decode("m.txt", []byte(tiny), "a.txt", []byte("0")); err != nil {
		t.Error(err)
	}
}

// Ten MiB of noise end at the first number that is none, whatever else they hold.
func TestNoiseIsAnErrorAtOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, alphabet := range map[string]string{
		"bytes": "", "digits": "0123456789", "numbers": "0123456789 \n", "spaces": " \n", "nines": "9",
	} {
		noise := make([]byte, 10<<20)
		for i := range noise {
			if alphabet == "" {
				noise[i] = byte(rng.Uint32())
			} else {
				noise[i] = alphabet[rng.IntN(len(alphabet))]
			}
		}
		_, err := whole.decode("m.txt", noise, "a.txt", []byte("0"))
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if len(err.Error()) > 200 {
			t.Errorf("%s: an error of %d bytes", name, len(err.Error()))
		}
	}
}

func FuzzImport(f *testing.F) {
	model, assignment := fixture(f)
	f.Add(model, assignment)
	f.Add([]byte(tiny), []byte("0"))
	f.Add([]byte(strings.ReplaceAll(tiny, "1", "2")), []byte("1 1"))
	f.Fuzz(func(t *testing.T, model, assignment []byte) {
		in, err := whole.decode("m.txt", model, "a.txt", assignment)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "m.txt:") && !strings.HasPrefix(err.Error(), "a.txt:") {
				t.Errorf("the error does not name a file: %v", err)
			}
			return
		}
		if err := in.Check(); err != nil {
			t.Errorf("an instance that does not hold what the model demands: %v", err)
		}
		findings(t, in) // binds every rule
		if err := in.Encode(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	})
}
