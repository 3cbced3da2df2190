package cloud_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
)

var update = flag.Bool("update", false, "write golden files anew")

func testdata(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// edit replaces the only place where old stands.
func edit(tb testing.TB, text, old, by string) string {
	tb.Helper()
	if n := strings.Count(text, old); n != 1 {
		tb.Fatalf("%q stands %d times in the document", old, n)
	}
	return strings.Replace(text, old, by, 1)
}

type badInput struct{ name, old, by string }

// badInstances are single faults in testdata/instance.json.
var badInstances = []badInput{
	{"unknown host", `"vm1": "host1"`, `"vm1": "hots1"`},
	{"unknown host, nothing similar", `"vm1": "host1"`, `"vm1": "compute-17"`},
	{"unknown VM", `"vm3": "host2"`, `"wm3": "host2"`},
	{"unknown VM in a group", `["vm1", "vm2"]`, `["vm1", "vm22"]`},
	{"unknown resource", `"disk/ssd": 100`, `"disk/sdd": 100`},
	{"unknown resource in a demand", `{"ram": 500}`, `{"rma/~": 500}`},
	{"target with unknown host", `"vm2": "host1",`, `"vm2": "host3",`},
	{"VM without a name in a placement", `"vm1": "host1"`, `"": "host1"`},
	{"duplicate host", `{"name": "host2"`, `{"name": "host1"`},
	{"duplicate VM", `{"name": "vm3"`, `{"name": "vm1"`},
	{"duplicate resource", `{"name": "vcpu"`, `{"name": "ram"`},
	{"duplicate group", `{"name": "web", "vms": ["vm1", "vm2"]}`, `{"name": "web", "vms": []}, {"name": "web", "vms": ["vm1", "vm2"]}`},
	{"group holds a VM twice", `["vm1", "vm2"]`, `["vm1", "vm1"]`},
	{"duplicate member", `"zone": "az1"`, `"zone": "az1", "zone": "az2"`},
	{"duplicate member of a placement", `"vm1": "host1",`, "\"vm1\": \"host1\",\n    \"vm1\": \"host2\","},
	{"duplicate amount", `{"ram": 500}`, `{"ram": 500, "ram": 500}`},
	{"negative capacity", `"vcpu": 8}, "reserved"`, `"vcpu": -8}, "reserved"`},
	{"negative demand", `{"ram": 500}`, `{"ram": -500}`},
	{"negative bandwidth", `10000`, `-1`},
	{"negative rate", `12.5`, `-0.5`},
	{"huge rate", `12.5`, `1e999`},
	{"NaN", `12.5`, `NaN`},
	{"number in quotes", `12.5`, `"12.5"`},
	{"overflowing integer", `{"ram": 500}`, `{"ram": 9223372036854775808}`},
	{"float for an integer", `{"ram": 500}`, `{"ram": 500.5}`},
	{"whole float for an integer", `{"ram": 500}`, `{"ram": 500.0}`},
	{"exponent for an integer", `{"ram": 500}`, `{"ram": 5e2}`},
	{"sum of demands overflows", `{"ram": 500}`, `{"ram": 9223372036854775807}`},
	{"sum of capacities overflows", `{"ram": 4096, "vcpu": 8, `, `{"ram": 9223372036854775807, "vcpu": 8, `},
	{"reserved above capacity", `"reserved": {"ram": 256}`, `"reserved": {"ram": 4097}`},
	{"reserved without capacity", `"reserved": {"ram": 256}`, `"reserved": {"disk/ssd": 1}`},
	{"negative reserve", `"reserved": {"ram": 256}`, `"reserved": {"ram": -256}`},
	{"another version", `rearrange/instance/1`, `rearrange/instance/2`},
	{"another format with other fields", `"format": "rearrange/instance/1",`, `"format": "rearrange/plan/1", "steps": [],`},
	{"no format", `"format": "rearrange/instance/1",`, ``},
	{"format of another type", `"rearrange/instance/1"`, `1`},
	{"no name", `"name": "small",`, ``},
	{"empty name", `"name": "small"`, `"name": ""`},
	{"host without a name", `{"name": "host2", `, `{`},
	{"host without capacity", `{"name": "host2", "capacity": {"ram": 4096, "vcpu": 8, "disk/ssd": 100}}`, `{"name": "host2"}`},
	{"VM without demand", `{"name": "vm3", "demand": {}}`, `{"name": "vm3"}`},
	{"group without VMs", `, "vms": ["vm1", "vm2"]`, ``},
	{"string for an array", `"rules": ["capacity(overcommit.vcpu=4)", "arch", "anti-affinity(group=web)"]`, `"rules": "capacity"`},
	{"object for a string", `"az1"`, `{"name": "az1"}`},
	{"array for an object", `{"ram": 500}`, `[500]`},
	{"number for a boolean", `"interruptible": true`, `"interruptible": 1`},
	{"boolean for a number", `10000`, `true`},
	{"number for a host", `"vm2": "host2"`, `"vm2": 2`},
	{"array for a host", `"vm2": "host2"`, `"vm2": ["host2"]`},
	{"string for an object", `{"ram": 500}`, `"500 MiB"`},
	{"null", `"az1"`, `null`},
	{"null for a placement", `"vm2": "host2"`, `"vm2": null`},
	{"unknown field", `"zone": "az1"`, `"zoen": "az1"`},
	{"unknown field of the document", `"groups"`, `"Groups"`},
	{"rule with a syntax error", `"arch",`, `"arch(",`},
	{"empty rule", `"arch",`, `"",`},
	{"rule that is no string", `"arch",`, `{"arch": {}},`},
	{"objective with a syntax error", `"rules":`, `"objective": "load(", "rules":`},
	{"empty objective", `"rules":`, `"objective": "", "rules":`},
	{"objective that is no string", `"rules":`, `"objective": ["hosts"], "rules":`},
	{"duplicate objective", `"rules":`, `"objective": "hosts", "objective": "load", "rules":`},
	{"number that is no integer", `"zone": "az1"`, `"numbers": {"watts": 3.5}, "zone": "az1"`},
	{"number that is too large", `"zone": "az1"`, `"numbers": {"watts": 9223372036854775808}, "zone": "az1"`},
	{"duplicate number", `{"ram": 500}`, `{"ram": 500}, "numbers": {"ends_in_s": 1, "ends_in_s": 1}`},
	{"list of numbers", `{"ram": 500}`, `{"ram": 500}, "numbers": [1]`},
	{"host in two classes", `"rules":`, `"move_costs": [{"hosts": ["host1", "host2"], "to": [0, 1]}, {"hosts": ["host2"], "to": [1, 0]}], "rules":`},
	{"unknown host in a class", `"rules":`, `"move_costs": [{"hosts": ["host1", "hots2"], "to": [0]}], "rules":`},
	{"too few costs of a class", `"rules":`, `"move_costs": [{"hosts": ["host1", "host2"], "to": []}], "rules":`},
	{"negative cost of a move", `"rules":`, `"move_costs": [{"hosts": ["host1", "host2"], "to": [-1]}], "rules":`},
	{"unknown member of a class", `"rules":`, `"move_costs": [{"host": ["host1", "host2"], "to": [1]}], "rules":`},
	{"unknown switch", `"nic_mbps": 10000`, `"nic_mbps": 10000, "switch": "core"`},
	{"unknown switch above", `"rules":`, `"switches": [{"name": "left", "up": "cor"}, {"name": "core"}], "rules":`},
	{"duplicate switch", `"rules":`, `"switches": [{"name": "core"}, {"name": "core"}], "rules":`},
	{"switch without a name", `"rules":`, `"switches": [{"mbps": 1000}], "rules":`},
	{"ring of switches", `"rules":`, `"switches": [{"name": "a", "up": "b"}, {"name": "b", "up": "c"}, {"name": "c", "up": "b"}], "rules":`},
	{"switch above itself", `"rules":`, `"switches": [{"name": "a", "up": "a"}], "rules":`},
	{"negative capacity of a switch", `"rules":`, `"switches": [{"name": "a", "mbps": -1}], "rules":`},
	{"negative capacity of a link up", `"rules":`, `"switches": [{"name": "a", "up_mbps": -1}], "rules":`},
	{"link up to no switch", `"rules":`, `"switches": [{"name": "a", "up_mbps": 1}], "rules":`},
	{"unknown member of a switch", `"rules":`, `"switches": [{"name": "a", "down": "b"}], "rules":`},
	{"switch that is no object", `"rules":`, `"switches": ["a"], "rules":`},
	{"missing comma", `"name": "small",`, `"name": "small"`},
	{"trailing comma", `"vm3": "host2"`, `"vm3": "host2",`},
	{"comment", `"name": "small",`, "\"name\": \"small\", // a comment"},
	{"single quotes", `"small"`, `'small'`},
	{"invalid UTF-8", `"small"`, "\"sm\xffll\""},
	{"control character", `"small"`, "\"sm\x00ll\""},
	{"lone surrogate", `"small"`, `"sm\ud800ll"`},
	{"very long unknown name", `"vm1": "host1"`, `"vm1": "` + strings.Repeat("host", 5000) + `"`},
	{"very long unknown field", `"zone"`, `"` + strings.Repeat("zone", 5000) + `"`},
	{"long value of a wrong type", `{"ram": 500}`, `"` + strings.Repeat("é", 5000) + `"`},
}

// planSchedule is the schedule in testdata/plan.json.
const planSchedule = `"schedule": {"model": "sequential", "scheduler": "list", "duration": "rate", "unit": "ms", "makespan": 5500, ` +
	`"lower_bound": 4000, "bottleneck": "host2"}`

// badPlans are single faults in testdata/plan.json.
var badPlans = []badInput{
	{"instance instead of plan", `rearrange/plan/1`, `rearrange/instance/1`},
	{"unknown VM", `"vm": "vm2"`, `"vm": "vm9"`},
	{"unknown host", `"to": "host1"`, `"to": "host"`},
	{"no VM", `"vm": "vm2", `, ``},
	{"no source", `"from": "host2", `, ``},
	{"no target", `"vm": "vm3", "to": "host2"`, `"vm": "vm3"`},
	{"no cost of a step", `, "cost": 500, "start": 0`, `, "start": 0`},
	{"cost of a provision", `"vm": "vm3", "to": "host2"`, `"vm": "vm3", "to": "host2", "cost": 3`},
	{"source of a provision", `"vm": "vm3", "to": "host2"`, `"vm": "vm3", "from": "host1", "to": "host2"`},
	{"empty source of a provision", `"vm": "vm3", "to": "host2"`, `"vm": "vm3", "from": "", "to": "host2"`},
	{"unknown action", `"migrate"`, `"move"`},
	{"no action", `"action": "migrate", `, ``},
	{"negative cost", `"cost": 500, "start"`, `"cost": -500, "start"`},
	{"negative total", "\"cost\": 500,\n", "\"cost\": -500,\n"},
	{"no total", "\"cost\": 500,\n", "\n"},
	{"total without a plan", `"optimal"`, `"infeasible"`},
	{"negative bound", `"lower_bound": 500`, `"lower_bound": -1`},
	{"unknown status", `"optimal"`, `"best"`},
	{"no status", `"status": "optimal",`, ``},
	{"no start", `"start": 0, "end": 4500`, `"end": 4500`},
	{"no end", `"start": 0, "end": 4500`, `"start": 0`},
	{"no times of a shutdown", `, "start": 0, "end": 0}`, `}`},
	{"negative start", `"start": 0, "end": 4500`, `"start": -1, "end": 4500`},
	{"negative end", `"end": 4500`, `"end": -4500`},
	{"float time", `"end": 4500`, `"end": 4500.5`},
	{"time in quotes", `"end": 4500`, `"end": "4.5 s"`},
	{"duplicate start", `"start": 0, "end": 4500`, `"start": 0, "start": 0, "end": 4500`},
	{"times without a schedule", planSchedule + ",", ``},
	{"no model", `"model": "sequential", `, ``},
	{"no unit", `"unit": "ms", `, ``},
	{"unknown unit", `"unit": "ms"`, `"unit": "s"`},
	{"empty unit", `"unit": "ms"`, `"unit": ""`},
	{"no makespan", `"makespan": 5500, `, ``},
	{"negative makespan", `"makespan": 5500`, `"makespan": -1`},
	{"negative bound of a schedule", `"lower_bound": 4000`, `"lower_bound": -1`},
	{"times in the schedule", `"makespan": 5500`, `"makespan": 5500, "starts": [0, 0, 4500]`},
	{"empty schedule", planSchedule, `"schedule": {}`},
	{"unknown field of a schedule", `"makespan"`, `"span"`},
	{"float counter", `12,`, `12.5,`},
	{"unknown field of a step", `"vm": "vm2"`, `"vm": "vm2", "host": "host2"`},
}

// TestMessageReadsBadly holds every message against a golden file, which is there to
// be read.
func TestMessageReadsBadly(t *testing.T) {
	var b strings.Builder
	note := func(name string, err error) {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		fmt.Fprintf(&b, "## %s\n%v\n\n", name, err)
		for e := range unjoin(err) {
			if strings.HasPrefix(e.Error(), "small.json: and ") {
				continue
			}
			var doc *cloud.DocumentError
			if !errors.As(e, &doc) || doc.Line < 1 || doc.Col < 1 || doc.File == "" {
				t.Errorf("%s: no place in %v", name, e)
			}
			if len(e.Error()) > 600 {
				t.Errorf("%s: the message is %d bytes long", name, len(e.Error()))
			}
		}
	}
	instance := testdata(t, "instance.json")
	b.WriteString("# Instances\n\n")
	for _, c := range badInstances {
		_, err := cloud.DecodeInstance("small.json", []byte(edit(t, instance, c.old, c.by)))
		note(c.name, err)
	}
	for _, c := range []struct{ name, text string }{
		{"empty file", ""},
		{"blank file", " \n\t\n"},
		{"empty object", "{}"},
		{"array", "[]"},
		{"string", `"instance"`},
		{"no JSON", "hosts: 5\n"},
		{"byte order mark", "\ufeff" + instance},
		{"UTF-16", "\xff\xfe{\x00}\x00"},
		{"compressed", "\x1f\x8b\x08\x00"},
		{"trailing garbage", instance + "garbage\n"},
		{"second document", instance + instance},
		{"deep nesting", strings.Repeat("[", 100_000)},
		{"deep nesting of objects", strings.Repeat(`{"a":`, 100_000)},
		{"many faults", edit(t, instance, `["vm1", "vm2"]`, "[\n\"vm"+strings.Repeat("x\",\n\"vm", 30)+"1\"]")},
	} {
		_, err := cloud.DecodeInstance("small.json", []byte(c.text))
		note(c.name, err)
	}
	in, err := cloud.DecodeInstance("", []byte(instance))
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("# Plans\n\n")
	plan := testdata(t, "plan.json")
	_, err = cloud.DecodePlan("plan.json", []byte(strings.ReplaceAll(edit(t, plan, `"small"`, `"large"`), `: "vm`, `: "wm`)), in)
	note("plan of another instance", err)
	for _, c := range badPlans {
		_, err := cloud.DecodePlan("plan.json", []byte(edit(t, plan, c.old, c.by)), in)
		note(c.name, err)
	}
	golden := filepath.Join("testdata", "messages.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(testdata(t, "messages.golden"), b.String()); d != "" {
		t.Errorf("messages (-golden +found); -update writes them anew:\n%s", d)
	}
}

func unjoin(err error) func(func(error) bool) {
	return func(yield func(error) bool) {
		many, ok := err.(interface{ Unwrap() []error })
		if !ok {
			yield(err)
			return
		}
		for _, e := range many.Unwrap() {
			if !yield(e) {
				return
			}
		}
	}
}

func TestTruncatedFileIsAccepted(t *testing.T) {
	instance := strings.TrimRight(testdata(t, "instance.json"), "\n")
	in, err := cloud.DecodeInstance("", []byte(instance))
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.TrimRight(testdata(t, "plan.json"), "\n")
	check := func(text string, err error) {
		var doc *cloud.DocumentError
		if !errors.As(err, &doc) {
			t.Fatalf("after %d bytes: %v", len(text), err)
		}
		line, col := strings.Count(text, "\n")+1, len(text)-strings.LastIndexByte(text, '\n')
		if len(strings.TrimSpace(text)) > 0 && (doc.Line != line || doc.Col > col || doc.Msg != "invalid JSON: the file ends too early") {
			t.Fatalf("after %d bytes, at %d:%d: %v", len(text), line, col, err)
		}
	}
	for n := range instance {
		_, err := cloud.DecodeInstance("f", []byte(instance[:n]))
		check(instance[:n], err)
	}
	for n := range plan {
		_, err := cloud.DecodePlan("f", []byte(plan[:n]), in)
		check(plan[:n], err)
	}
}

// Noise ends reading at once: no message grows with it, and what is allocated is not
// many times its size.
func TestNoiseIsDear(t *testing.T) {
	const size = 10 << 20
	noise := make([]byte, size)
	x := uint32(1)
	for i := range noise {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		noise[i] = byte(x)
	}
	quiet := func(prefix, unit string) []byte {
		return append([]byte(prefix), bytes.Repeat([]byte(unit), (size-len(prefix))/len(unit))...)
	}
	const head = `{"format": "rearrange/instance/1", "name": "x", `
	for name, data := range map[string][]byte{
		"random bytes":     noise,
		"zeros":            make([]byte, size),
		"brackets":         quiet("", "["),
		"braces":           quiet("", `{"a":`),
		"digits":           quiet("", "7"),
		"open string":      quiet(head+`"`, "x"),
		"unknown array":    quiet(head+`"noise": [`, "1,"),
		"unknown hosts":    quiet(head+`"resources": [{"name": "r"}], "hosts": [], "vms": [], "initial": {"a": "`, "b"),
		"nameless hosts":   []byte(head + `"resources": [{"name": "r"}], "vms": [], "initial": {}, "hosts": [{}` + strings.Repeat(",{}", 1<<16) + "]}"),
		"nameless members": append(quiet(head+`"resources": [{"name": "r"}], "vms": [{"name": "v", "demand": {}}], "initial": {}, "hosts": [{"name": "h", "capacity": {"`, "c"), `": 1}}]}`...),
		"commas":           append(quiet(head+`"resources": [{"name": "r"}], "hosts": [], "initial": {}, "vms": [`, ","), `]}`...),
		"spaces":           quiet("", " "),
	} {
		_, err := cloud.DecodeInstance("noise.json", data)
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if n := len(err.Error()); n > 30_000 {
			t.Errorf("%s: a message of %d bytes", name, n)
		}
	}
}
