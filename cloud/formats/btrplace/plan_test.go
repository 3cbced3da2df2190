package btrplace

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
)

func actions(list ...string) []byte {
	return []byte(`{"origin": {}, "actions": [` + strings.Join(list, ", ") + `]}`)
}

func ms(start, end int64) formats.Span { return formats.Span{Start: start, End: end} }

func TestActionsAreTakenAsTheyStart(t *testing.T) {
	got, err := planReader{}.ReadPlan(some(t), "p.json", actions(
		`{"id": "migrateVM", "vm": 2, "from": 2, "to": 0, "start": 9, "end": 12, "bw": 1000}`,
		`{"id": "bootNode", "node": 2, "start": 0, "end": 9}`,
		`{"id": "shutdownVM", "vm": 0, "on": 0, "start": 0, "end": 1}`,
		`{"id": "migrateVM", "vm": 1, "from": 1, "to": 2, "start": 0, "end": 5, "hooks": {}}`,
		`{"id": "migrateVM", "vm": 2, "from": 1, "to": 2, "start": 0, "end": 4}`,
		`{"id": "suspendVM", "vm": 2, "from": 0, "to": 0, "start": 12, "end": 13}`,
		`{"id": "migrateVM", "vm": 1, "from": 2, "to": 1, "start": 12, "end": 13}`,
		`{"id": "resumeVM", "vm": 2, "from": 0, "to": 2, "start": 13, "end": 14}`,
		`{"id": "forgeVM", "vm": 3, "start": 0, "end": 2, "hooks": {"PRE": [], "POST": []}}`,
		`{"id": "bootVM", "vm": 3, "on": 0, "start": 14, "end": 15}`,
		`{"id": "suspendVM", "vm": 0, "from": 0, "to": 0, "start": 0, "end": 1}`, // goes, and does not come back
	))
	if err != nil {
		t.Fatal(err)
	}
	want := formats.Plan{
		Migrations: []cloud.Change{
			{VM: 2, From: 1, To: 2},
			{VM: 1, From: 1, To: 2},
			{VM: 2, From: 2, To: 0},
			{VM: 2, From: 0, To: cloud.Absent},
			{VM: 1, From: 2, To: 1},
			{VM: 2, From: cloud.Absent, To: 2},
		},
		Times:  []formats.Span{ms(0, 4000), ms(0, 5000), ms(9000, 12_000), ms(12_000, 13_000), ms(12_000, 13_000), ms(13_000, 14_000)},
		Others: map[cloud.VMID]formats.Span{0: ms(0, 1000), 3: ms(14_000, 15_000)},
		Model:  "bandwidth",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Where all actions are at one instant, or have no times, the order of the list is all that a plan says.
func TestTimesThatSayNothingMakeASchedule(t *testing.T) {
	in := some(t)
	for h := range in.Hosts {
		in.Hosts[h].NICMbps = 0
	}
	for times, model := range map[string]string{
		``: "", `, "start": 7, "end": 7`: "", `, "start": 7, "end": 8`: "slots(total=2147483647)",
	} {
		got, err := planReader{}.ReadPlan(in, "p.json", actions(
			`{"id": "migrateVM", "vm": 2, "from": 1, "to": 0`+times+`}`, `{"id": "migrateVM", "vm": 1, "from": 1, "to": 2`+times+`}`))
		if err != nil || got.Model != model || (got.Times == nil) != (model == "") || len(got.Migrations) != 2 || got.Migrations[0].VM != 2 {
			t.Errorf("%q: %v, %v", times, got, err)
		}
	}
}

func TestFaultsOfPlansAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing at all", nil, "p.json:1:1: expected a JSON document, found an empty file"},
		{"an instance", []byte(`{"model": {}}`), `p.json:1:2: /model: unknown field "model"; known are origin, actions`},
		{"no actions", []byte(`{}`), `p.json:1:1: expected "actions", an array, found nothing`},
		{"unknown action", actions(`{"id": "moveVM"}`), `p.json:1:28: /actions/0: unknown action "moveVM"; known are migrateVM, suspendVM, resumeVM, forgeVM, bootVM, shutdownVM, killVM, allocate, bootNode, shutdownNode`},
		{"no id", actions(`{}`), `p.json:1:28: /actions/0: expected "id", a text, found nothing`},
		{"no start", actions(`{"id": "migrateVM", "vm": 1, "from": 1, "to": 2, "end": 1}`), `p.json:1:28: /actions/0: expected "start", a time in seconds, found nothing`},
		{"no times", actions(`{"id": "killVM", "vm": 1, "start": 0, "end": 1}`, `{"id": "killVM", "vm": 1}`), `p.json:1:77: /actions/1: expected "start", a time in seconds, found nothing`},
		{"negative start", actions(`{"id": "killVM", "vm": 1, "start": -1, "end": 1}`), `p.json:1:54: /actions/0/start: expected a time in seconds, from 0 to 2147483647, found -1`},
		{"no VM", actions(`{"id": "killVM", "start": 0, "end": 1}`), `p.json:1:28: /actions/0: expected "vm", an integer, found nothing`},
		{"unknown VM", actions(`{"id": "migrateVM", "vm": 4, "from": 1, "to": 2, "start": 0, "end": 1}`), `p.json:1:28: /actions/0: unknown VM 4`},
		{"unknown node", actions(`{"id": "migrateVM", "vm": 1, "from": 1, "to": 3, "start": 0, "end": 1}`), `p.json:1:28: /actions/0: unknown node 3`},
		{"end before start", actions(`{"id": "migrateVM", "vm": 1, "from": 1, "to": 2, "start": 2, "end": 1}`), `p.json:1:28: /actions/0: expected an end that is not before the start, 2, found 1`},
		{"text for a number", actions(`{"id": "migrateVM", "vm": "vm1"}`), `p.json:1:48: /actions/0/vm: expected an integer, found a string`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := planReader{}.ReadPlan(some(t), "p.json", c.data)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzReadPlan(f *testing.F) {
	in := some(f)
	f.Add(actions(`{"id": "migrateVM", "vm": 2, "from": 2, "to": 0, "start": 9, "end": 12, "bw": 1000}`, `{"id": "bootNode", "node": 2, "start": 0, "end": 9}`))
	f.Add(actions())
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := planReader{}.ReadPlan(in, "p.json", data)
		if err != nil && !strings.HasPrefix(err.Error(), "p.json:") {
			t.Errorf("the error does not name the file: %v", err)
		}
		for i, c := range plan.Migrations {
			if int(c.VM) >= len(in.VMs) || int(c.From) >= len(in.Hosts) || int(c.To) >= len(in.Hosts) {
				t.Errorf("change %d is %v", i, c)
			}
		}
	})
}
