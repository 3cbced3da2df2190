package openstack

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	server := func(columns string) string {
		return "[\n" + `{"ID": "1", "Name": "v", "Status": "ACTIVE", "Host": "a.x", "Flavor": "small"},` + "\n{" + columns + "}]"
	}
	const good = `[]`
	for _, c := range []struct {
		name  string
		lists []string
		want  string
	}{
		{"empty file", []string{" \n", twoHosts, oneFlavor}, "s.json:2:1: expected what `openstack server list --all-projects --long -f json` prints, found an empty file"},
		{"table", []string{"+----+\n| ID |", twoHosts, oneFlavor}, "s.json:1:1: expected what `openstack server list --all-projects --long -f json` prints, found a table: -f json is missing"},
		{"byte order mark", []string{"\ufeff[]", twoHosts, oneFlavor}, "s.json:1:1: expected what `openstack server list --all-projects --long -f json` prints, found a byte order mark before it: save the file as UTF-8 without one"},
		{"Windows' redirection", []string{"\xff\xfe[\x00]\x00", twoHosts, oneFlavor}, "s.json:1:1: expected what `openstack server list --all-projects --long -f json` prints in UTF-8, found UTF-16"},
		{"object", []string{`{"servers": []}`, twoHosts, oneFlavor}, "s.json:1:1: expected what `openstack server list --all-projects --long -f json` prints, which is an array"},
		{"array of numbers", []string{good, "[\n1]", oneFlavor}, "h.json:2:1: /0: expected what `openstack hypervisor list --long -f json` prints, an array of objects"},
		{"cut short", []string{good, twoHosts, "[{\"ID\": \"1\",\n \"Name\": "}, "f.json:2:2: /0/Name: invalid JSON: unexpected EOF"},
		{"column twice", []string{server(`"ID": "1",` + "\n" + `"ID": "2"`), twoHosts, oneFlavor}, "s.json:3:2: /1/ID: invalid JSON: duplicate object member name"},
		{"something behind", []string{good, twoHosts, oneFlavor + "\n]"}, "f.json:1:1: invalid JSON: invalid character ']' after top-level value"},
		{"no id", []string{server(`"Name": "w"`), twoHosts, oneFlavor}, "s.json:3:1: /1: there is no column \"ID\"; `openstack server list --all-projects --long -f json` prints it"},
		{"empty name", []string{server(`"ID": "2", "Name": ""`), twoHosts, oneFlavor}, `s.json:3:13: /1/Name: expected a value, found none`},
		{"id twice", []string{server(`"ID": "1", "Name": "w", "Status": "ACTIVE", "Host": "a.x", "Flavor": "small"`), twoHosts, oneFlavor}, `s.json:3:2: /1/ID: "1" is already defined at /0`},
		{"no host column", []string{server(`"ID": "2", "Name": "w", "Status": "ACTIVE"`), twoHosts, oneFlavor}, "s.json:3:1: /1: there is no column \"Host\"; `openstack server list --all-projects --long -f json` prints it"},
		{"unknown host", []string{server(`"ID": "2", "Name": "w", "Status": "ACTIVE", "Host": "b.y.z", "Flavor": "small"`), `[{"Hypervisor Hostname": "a.x", "vCPUs": 8, "Memory MB": 1}, {"Hypervisor Hostname": "c", "vCPUs": 8, "Memory MB": 1}]`, oneFlavor}, `s.json:3:46: /1/Host: unknown hypervisor "b.y.z"; known are a.x, c`},
		{"ambiguous host", []string{server(`"ID": "2", "Name": "w", "Status": "ACTIVE", "Host": "b", "Flavor": "small"`), `[{"Hypervisor Hostname": "a.x", "vCPUs": 8, "Memory MB": 1}, {"Hypervisor Hostname": "b.x", "vCPUs": 8, "Memory MB": 1}, {"Hypervisor Hostname": "b.y", "vCPUs": 8, "Memory MB": 1}]`, oneFlavor}, `s.json:3:46: /1/Host: "b" may be hypervisor "b.x" or "b.y"`},
		{"host that is no text", []string{server(`"ID": "2", "Name": "w", "Status": "ACTIVE", "Host": ["b"], "Flavor": "small"`), twoHosts, oneFlavor}, `s.json:3:46: /1/Host: expected a text, found ["b"]`},
		{"no flavor", []string{server(`"ID": "2", "Name": "w", "Status": "ACTIVE", "Host": null, "Flavor": null`), twoHosts, oneFlavor}, `s.json:3:1: /1: the server has no flavor, neither by "Flavor ID" nor by "Flavor Name" or "Flavor"`},
		{
			"deleted flavors",
			[]string{server(`"ID": "2", "Name": "w", "Status": "ACTIVE", "Host": "a", "Flavor": "large"},{"ID": "3", "Name": "u", "Status": "ACTIVE", "Host": "a", "Flavor Name": "", "Flavor ID": "17"},{"ID": "4", "Name": "u", "Status": "ACTIVE", "Host": "a", "Flavor": "large"`), twoHosts, oneFlavor},
			`s.json:3:59: /1/Flavor: the list of flavors lacks "large" (servers that have it: 2); if it was deleted, add it there by hand, with ID, Name, RAM and VCPUs` + "\n" +
				`s.json:3:155: /2/Flavor ID: the list of flavors lacks "17" (servers that have it: 1); if it was deleted, add it there by hand, with ID, Name, RAM and VCPUs`,
		},
		{"hypervisor twice", []string{good, `[{"Hypervisor Hostname": "a", "vCPUs": 8, "Memory MB": 1}, {"Hypervisor Hostname": "a", "vCPUs": 8, "Memory MB": 1}]`, oneFlavor}, `h.json:1:61: /1/Hypervisor Hostname: "a" is already defined at /0`},
		{"negative memory", []string{good, `[{"Hypervisor Hostname": "a", "vCPUs": 8, "Memory MB": -1}]`, oneFlavor}, `h.json:1:43: /0/Memory MB: expected an integer from 0 to 1099511627776, found -1`},
		{"too many cores", []string{good, `[{"Hypervisor Hostname": "a", "vCPUs": 1e30, "Memory MB": 1}]`, oneFlavor}, `h.json:1:31: /0/vCPUs: expected an integer from 0 to 1099511627776, found 1e30`},
		{"flavor name twice", []string{good, twoHosts, `[{"ID": "1", "Name": "s", "RAM": 1, "VCPUs": 1}, {"ID": "2", "Name": "s", "RAM": 1, "VCPUs": 1}]`}, `f.json:1:62: /1/Name: "s" is already defined at /0`},
		{"no memory", []string{good, twoHosts, `[{"ID": "1", "Name": "s", "RAM": null, "VCPUs": 1}]`}, `f.json:1:27: /0/RAM: expected a value, found none`},
		{"properties that are none", []string{good, twoHosts, `[{"ID": "1", "Name": "s", "RAM": 1, "VCPUs": 1, "Properties": [1]}]`}, `f.json:1:49: /0/Properties: expected an object or a text, found [1]`},
		{"members that are none", []string{good, twoHosts, oneFlavor, `[{"ID": "1", "Name": "g", "Policy": "affinity", "Members": [1]}]`}, `g.json:1:49: /0/Members: expected an array of texts, found [1]`},
		{"group without members", []string{good, twoHosts, oneFlavor, `[{"ID": "1", "Name": "g", "Policy": "affinity"}]`}, "g.json:1:2: /0: there is no column \"Members\"; `openstack server group list --all-projects --long -f json` prints it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decoded(t, c.lists...)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestMissingFilesAreNamed(t *testing.T) {
	_, err := importer{}.Import([]string{"testdata/new/servers.json", "testdata/missing.json", "testdata/new/flavors.json"})
	if err == nil || !strings.Contains(err.Error(), "missing.json") {
		t.Errorf("got %v", err)
	}
}

func FuzzImport(f *testing.F) {
	for _, generation := range []string{"old", "new"} {
		var seed [4][]byte
		for i, list := range []string{"servers", "hypervisors", "flavors", "groups"} {
			var err error
			if seed[i], err = os.ReadFile("testdata/" + generation + "/" + list + ".json"); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Add([]byte(`[{"ID":1,"Name":"v","Status":"ACTIVE","Host":"a","Flavor":"small","Pinned Availability Zone":"z"}]`),
		[]byte(twoHosts), []byte(oneFlavor), []byte(`[{"ID":"g","Name":"g","Policies":["affinity"],"Members":["1"]}]`))
	files := []string{"s.json", "h.json", "f.json", "g.json"}
	i := built(f, "openstack")
	f.Fuzz(func(t *testing.T, servers, hypervisors, flavors, groups []byte) {
		in, err := i.decode(files, [][]byte{servers, hypervisors, flavors, groups})
		if err != nil {
			for _, file := range files {
				if strings.HasPrefix(err.Error(), file+":") {
					return
				}
			}
			t.Fatalf("the error does not name a file: %v", err)
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
