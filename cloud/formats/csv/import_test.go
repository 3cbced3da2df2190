package csv

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func TestSmallFixtureIsReadWhole(t *testing.T) {
	in, err := importer{gentest.Catalogue()}.Import([]string{"testdata/small_hosts.csv", "testdata/small_vms.csv", "testdata/small_rules.csv"})
	if err != nil {
		t.Fatal(err)
	}
	if in.Name != "small" {
		t.Errorf("got the name %q", in.Name)
	}
	if diff := cmp.Diff([]cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}}, in.Resources); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	hosts := []cloud.Host{
		{Name: "h1", Capacity: []int64{4096, 8}, Reserved: []int64{512, 0}, Zone: "a", Rack: "a1", NICMbps: 10000, Labels: map[string]string{"disk": "ssd"}},
		{Name: "h2", Capacity: []int64{4096, 8}, Reserved: []int64{512, 0}, Zone: "a", Rack: "a2", NICMbps: 10000},
		{Name: "h3", Capacity: []int64{8192, 16}, Reserved: []int64{0, 0}, Zone: "b", Rack: "b1", Labels: map[string]string{"disk": ""}},
	}
	if diff := cmp.Diff(hosts, in.Hosts); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
	vms := []cloud.VM{
		{
			Name: "web1", Demand: []int64{1024, 2}, Arch: "x86_64", DirtyMiBPerS: new(12.5), WorkingSetMiB: 200,
			Pages: []string{"linux", "linux/debian"}, Labels: map[string]string{"owner": "Smith, Jane"},
		},
		{Name: "web2", Demand: []int64{1024, 2}, Arch: "x86_64"},
		{Name: "db", Demand: []int64{2048, 4}, DirtyMiBPerS: new(0.0), Interruptible: true},
		{Name: "new", Demand: []int64{512, 1}},
	}
	if diff := cmp.Diff(vms, in.VMs); diff != "" {
		t.Errorf("VMs (-want +got):\n%s", diff)
	}
	groups := []cloud.Group{{Name: "web", VMs: []cloud.VMID{0, 1}}, {Name: "odd;name", VMs: []cloud.VMID{1}}}
	if diff := cmp.Diff(groups, in.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if len(in.Rules) != 2 || in.Rules[1].String() != "anti-affinity(group=web, by=rack)" {
		t.Errorf("got the rules %v", in.Rules)
	}
	if !in.Initial.Equal(cloud.Placement{0, 1, 2, -1}) || !in.Target.Equal(cloud.Placement{1, 2, -1, 0}) {
		t.Errorf("initial %v, target %v", in.Initial, in.Target)
	}
	bound, err := rules.Bind(gentest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f := validate.Placement(in, bound, in.Initial, false); len(f) > 0 {
		t.Errorf("the initial placement is not sane: %v", f)
	}
}

// decode reads files of which the names are h.csv, v.csv, and more1.csv and so on.
func decode(hosts, vms string, more ...string) (*cloud.Instance, error) {
	names := []string{"h.csv", "v.csv", "more1.csv", "more2.csv"}
	var tables []*table
	for i, data := range append([]string{hosts, vms}, more...) {
		t, err := readTable(names[i], []byte(data))
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return translate(gentest.Catalogue(), tables)
}

const (
	someHosts = "name,ram\nh1,10\nh2,10\n"
	someVMs   = "name,ram,host\nv1,4,h1\nv2,4,h2\n"
)

func TestColumnsMayBeLeftOut(t *testing.T) {
	in, err := decode("\xef\xbb\xbf"+someHosts, "name,ram\r\nv1,4\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if in.Target != nil || in.Initial[0] != cloud.Absent || in.Rules != nil || in.Groups != nil {
		t.Errorf("got target %v, initial %v, rules %v, groups %v", in.Target, in.Initial, in.Rules, in.Groups)
	}
}

func TestNoRulesAreOtherRulesThanTheDefault(t *testing.T) {
	in, err := decode(someHosts, someVMs, "rule\n")
	if err != nil {
		t.Fatal(err)
	}
	if in.Rules == nil || len(in.Rules) > 0 {
		t.Errorf("got %v, want an empty list", in.Rules)
	}
}

func TestFilesOfGroupsAndRulesComeInEitherOrder(t *testing.T) {
	groups, ruled := "vm,group\nv2,g\nv1,g\n,empty\n", "rule\nanti-affinity(group=g)\n"
	for _, more := range [][]string{{groups, ruled}, {ruled, groups}} {
		in, err := decode(someHosts, someVMs, more...)
		if err != nil {
			t.Fatal(err)
		}
		want := []cloud.Group{{Name: "g", VMs: []cloud.VMID{1, 0}}, {Name: "empty", VMs: []cloud.VMID{}}}
		if diff := cmp.Diff(want, in.Groups); diff != "" || len(in.Rules) != 1 {
			t.Errorf("rules %v, groups (-want +got):\n%s", in.Rules, diff)
		}
	}
}

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct {
		name, hosts, vms string
		more             []string
		want             string
	}{
		{"nothing at all", "", someVMs, nil, "h.csv:1: expected a header that names the columns, found the end of the file"},
		{"semicolons", "name;ram\nh1;4\n", someVMs, nil, `h.csv:1: expected columns between commas, found "name;ram"`},
		{"no names", "nam,ram\n", someVMs, nil, `h.csv:1: expected a column "name", did you mean "nam"?`},
		{"column twice", "name,ram,ram\n", someVMs, nil, `h.csv:1: column "ram": columns 2 and 3 have the same name`},
		{"column without a name", "name,,ram\n", someVMs, nil, "h.csv:1: expected a name for column 2, found nothing"},
		{"resource twice", "name,ram,ram [MiB]\n", someVMs, nil, `h.csv:1: column "ram [MiB]": resource "ram" has two columns`},
		{"resource without a name", "name,ram,capacity.\n", someVMs, nil, `h.csv:1: column "capacity.": expected the name of a resource, found nothing`},
		{"no resources", "name\nh1\n", "name\nv1\n", nil, "h.csv:1: expected a column for each resource, found none"},
		{"resource of hosts alone", "name,ram,vcpu\nh1,1,1\n", someVMs, nil, `v.csv:1: expected a column "vcpu": h.csv has it as a resource; the other columns there are name, arch, zone, rack, nic_mbps`},
		{"resource of VMs alone", someHosts, "name,ram,hots\n", nil, `h.csv:1: expected a column "hots": v.csv has it as a resource, did you mean "host"?`},
		{"units that differ", "name,ram [MiB]\n", "name,ram [GiB]\n", nil, `v.csv:1: column "ram [GiB]": expected the unit "MiB", as in h.csv, found "GiB"`},
		{"reserved of nothing", "name,ram,reserved.rma\n", someVMs, nil, `h.csv:1: column "reserved.rma": unknown resource "rma", did you mean "ram"?`},
		{"short row", "name,ram\nh1,10\nh2\n", someVMs, nil, "h.csv:3: expected as many cells as the header has, which is 2, found 1"},
		{"open quote", "name,ram\n\"h1,10\n", someVMs, nil, `h.csv:2:8: invalid CSV: extraneous or missing " in quoted-field`},
		{"not UTF-8", "name,ram\nh\xff,10\n", someVMs, nil, `h.csv:2: column "name": expected text in UTF-8, found "h\xff"`},
		{"capacity that is none", "name,ram\nh1,10.5\n", someVMs, nil, `h.csv:2: column "ram": expected an integer of at least 0, found "10.5"`},
		{"negative capacity", "name,ram\nh1,-1\n", someVMs, nil, `h.csv:2: column "ram": expected an integer of at least 0, found "-1"`},
		{"capacity left out", "name,ram\nh1,\n", someVMs, nil, `h.csv:2: column "ram": expected an integer of at least 0, found nothing`},
		{"capacity too large", "name,ram\nh1,9223372036854775808\n", someVMs, nil, `h.csv:2: column "ram": expected an integer that fits in 64 bits, found "9223372036854775808"`},
		{"sum too large", "name,ram\nh1,9223372036854775807\nh2,1\n", someVMs, nil, `h.csv:3: column "ram": with this one the sum of "capacity" over all hosts does not fit in 64 bits`},
		{"more reserved than there is", "name,ram,reserved.ram\nh1,10,11\nh2,1,1\n", someVMs, nil, `h.csv:2: column "reserved.ram": expected an integer from 0 to the capacity, which is 10, found 11`},
		{"host without a name", "name,ram\n,1\n", someVMs, nil, `h.csv:2: column "name": expected a name that is not empty`},
		{"host twice", "name,ram\nh1,1\n\nh1,1\n", someVMs, nil, `h.csv:4: column "name": "h1" is already defined on line 2`},
		{"unknown host", someHosts, "name,ram,host\nv1,1,h3\n", nil, `v.csv:2: column "host": unknown host "h3", did you mean "h1"?`},
		{"unknown target", someHosts, "name,ram,target\nv1,1,x\n", nil, `v.csv:2: column "target": unknown host "x"; known are h1, h2`},
		{"maybe", someHosts, "name,ram,interruptible\nv1,1,maybe\n", nil, `v.csv:2: column "interruptible": expected yes or no, found "maybe"`},
		{"rate that is none", someHosts, "name,ram,dirty_mib_per_s\nv1,1,NaN\n", nil, `v.csv:2: column "dirty_mib_per_s": expected a number of at least 0, found "NaN"`},
		{"list with a hole", someHosts, "name,ram,groups\nv1,1,a;;b\n", nil, `v.csv:2: column "groups": expected a text between semicolons, found nothing; an empty one is written ""`},
		{"group twice", someHosts, "name,ram,groups\nv1,1,a;a\n", nil, `v.csv:2: column "groups": group "a" is named twice`},
		{"stray backslash", someHosts, "name,ram,pages\nv1,1,a\\b\n", nil, `v.csv:2: column "pages": expected \; or \\, found "\\b"`},
		{"bad rule", someHosts, someVMs, []string{"rule\ncapacity(\n"}, `more1.csv:2: column "rule": column 10 of "capacity(": expected a parameter name, found the end of the text`},
		{"unknown rule", someHosts, someVMs, []string{"rule\narch\narhc\n"}, `more1.csv:3: column "rule": unknown rule "arhc", did you mean "arch"?`},
		{"rule about an unknown group", someHosts, someVMs, []string{"rule\nanti-affinity(group=g)\n"}, `more1.csv:2: column "rule": rule anti-affinity(group=g): unknown group "g"`},
		{"rule with two faults", someHosts, someVMs, []string{"rule\narch(kind=x)\n\"affinity(by=host, max=2)\"\n"}, `more1.csv:2: column "rule": unknown parameter "kind" of arch; it takes runs.<key>
more1.csv:3: column "rule": unknown parameter "max" of affinity; it takes group, by, continuous
more1.csv:3: column "rule": affinity needs parameter "group": name of a group, or a pattern such as web-* that stands for each group it matches`},
		{"rules with another column", someHosts, someVMs, []string{"rule,why\n"}, `more1.csv:1: unknown column "why"; known are rule`},
		{"rules twice", someHosts, someVMs, []string{"rule\n", "rule\n"}, "more2.csv:1: expected one file of rules and one of groups at the most, found a second one"},
		{"neither rules nor groups", someHosts, someVMs, []string{someHosts}, `more1.csv:1: expected the column "rule" of a file of rules, or "group" and "vm" of a file of groups; found neither`},
		{"files in the order of a shell", someHosts, "rule\n", []string{someVMs}, "v.csv:1: expected the VMs, found rules or groups: the files are HOSTS VMS [RULES] [GROUPS]"},
		{"groups here and there", someHosts, "name,ram,groups\n", []string{"group,vm\n"}, `v.csv:1: column "groups": expected groups here or in more1.csv, found both`},
		{"groups without VMs", someHosts, someVMs, []string{"group\n"}, `more1.csv:1: expected a column "vm"`},
		{"unknown VM", someHosts, someVMs, []string{"group,vm\ng,v3\n"}, `more1.csv:2: column "vm": unknown VM "v3", did you mean "v1"?`},
		{"VM twice", someHosts, someVMs, []string{"group,vm\ng,v1\ng,v2\ng,v1\n"}, `more1.csv:4: column "vm": "v1" is already in group "g" on line 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(c.hosts, c.vms, c.more...)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestListsComeBackAsTheyWere(t *testing.T) {
	for _, items := range [][]string{
		nil, {""}, {"", ""}, {"a"}, {"a", "b"}, {"a;b", `c\`, `\;`}, {`"`, `""`, `"a"`, `""""`}, {" ", "\n"},
	} {
		got, err := splitList(joinList(items))
		if err != nil || !cmp.Equal(items, got) {
			t.Errorf("%q: got %q, %v by way of %q", items, got, err, joinList(items))
		}
	}
}

func FuzzImport(f *testing.F) {
	var seeds []string
	for _, name := range []string{"hosts", "vms", "rules"} {
		data, err := os.ReadFile("testdata/small_" + name + ".csv")
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(data))
	}
	f.Add(seeds[0], seeds[1], seeds[2])
	f.Add(someHosts, someVMs, "group,vm\ng,v1\ng,\n")
	f.Add("name,capacity.rack,x [] []\nh,1,1\n", "name,rack,x [] [],target\nv,1,1,h\n", "rule\n")
	f.Fuzz(func(t *testing.T, hosts, vms, more string) {
		in, err := decode(hosts, vms, more)
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				if !strings.Contains(line, ".csv:") && !strings.HasPrefix(line, "and ") {
					t.Errorf("the error does not name a file and a line: %v", err)
				}
			}
			return
		}
		if err := in.Check(); err != nil {
			t.Errorf("an instance that does not hold what the model demands: %v", err)
		}
		if err := in.Encode(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	})
}

// A row takes many times its bytes once it is read.
func TestFileOfCommasIsRead(t *testing.T) {
	for name, data := range map[string]string{
		"columns": strings.Repeat(",", maxColumns), "line": strings.Repeat(" ", maxLineBytes+1), "rows": "name,ram\n" + strings.Repeat("\n", maxRowBytes/64),
	} {
		if _, err := readTable("f.csv", []byte(data)); err == nil || !strings.HasPrefix(err.Error(), "f.csv: more ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
