package btrplace

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
)

func actions(list ...string) []byte {
	return []byte(`{"origin": {}, "actions": [` + strings.Join(list, ", ") + `]}`)
}

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
	want := []cloud.Change{
		{VM: 2, From: 1, To: 2},
		{VM: 1, From: 1, To: 2},
		{VM: 2, From: 2, To: 0},
		{VM: 2, From: 0, To: cloud.Absent},
		{VM: 1, From: 2, To: 1},
		{VM: 2, From: cloud.Absent, To: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
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
		{"no start", actions(`{"id": "migrateVM", "vm": 1, "from": 1, "to": 2}`), `p.json:1:28: /actions/0: expected "start", an integer, found nothing`},
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
		changes, err := planReader{}.ReadPlan(in, "p.json", data)
		if err != nil && !strings.HasPrefix(err.Error(), "p.json:") {
			t.Errorf("the error does not name the file: %v", err)
		}
		for i, c := range changes {
			if int(c.VM) >= len(in.VMs) || int(c.From) >= len(in.Hosts) || int(c.To) >= len(in.Hosts) {
				t.Errorf("change %d is %v", i, c)
			}
		}
	})
}
