package bytedance2025

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

const sample = "testdata/clusters.json"

func TestSampleIsReadOtherwise(t *testing.T) {
	in, err := importer{all: true}.Import([]string{sample})
	if err != nil {
		t.Fatal(err)
	}
	var hosts []string
	for h := range in.Hosts {
		hosts = append(hosts, in.Hosts[h].Name+" of "+in.Hosts[h].Labels["machine"]+" in "+in.Hosts[h].Rack+" of "+in.Hosts[h].Zone)
	}
	if diff := cmp.Diff([]string{"pm_0/0 of pm_0 in 2 of east", "pm_0/1 of pm_0 in 2 of east", "pm_1/0 of pm_1 in 3 of east", "pm_1/1 of pm_1 in 3 of east", "pm_2/0 of pm_2 in 1 of west"}, hosts); diff != "" {
		t.Error(diff)
	}
	if got := in.Hosts[0].Capacity; got[ram] != 2048 || got[cpu] != 8 {
		t.Errorf("found a capacity of %v", got)
	}
	if v := in.VMs[1]; v.Demand[ram] != 1024 || v.Demand[cpu] != 4 || v.Labels["numa"] != "2" || in.Initial[1] != 0 {
		t.Errorf("found %+v on host %d", v, in.Initial[1])
	}
	var texts []string
	for _, s := range in.Rules {
		texts = append(texts, s.String())
	}
	if diff := cmp.Diff([]string{"numa(pair=machine)", "anti-affinity(group=set0, by=machine)", "pin(group=pinned)"}, texts); diff != "" {
		t.Error(diff)
	}
	if want := "the free amounts that the file gives disagree with its VMs on 1 of 5 NUMA nodes"; !strings.Contains(in.Description, want) {
		t.Errorf("found %q", in.Description)
	}
}

func TestAnotherClusterIsRead(t *testing.T) {
	in, err := importer{cluster: "west"}.Import([]string{sample})
	if err != nil || len(in.Hosts) != 1 || len(in.VMs) != 0 {
		t.Errorf("found %v, %v", in, err)
	}
	if _, err = (importer{cluster: "wst"}).Import([]string{sample}); err == nil || !strings.Contains(err.Error(), `unknown cluster "wst", did you mean "west"?`) {
		t.Errorf("found %v", err)
	}
}

func TestFaultsAreNamedWithoutTheirPlace(t *testing.T) {
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{`"status": "ACTIVE"`, `"status": "DOWN"`, `/cluster_list/0/host_info/0/status: unknown status "DOWN", expected ACTIVE`},
		{`"node_id": "pm_1"`, `"node_id": "pm_0"`, `host "pm_0" is defined twice`},
		{`"instance_id": "vm_1"`, `"instance_id": "vm_0"`, `VM "vm_0" is defined twice`},
		{`"total_cpu": 8,`, `"total_cpu": 8.5,`, `total_cpu: expected a whole number from 0 to 2^53, found 8.5`},
		{`"mem_mb": 512.0}, {`, `"mem_mb": 256.0}, {`, `expected as much as on the first node`},
		{`{"node": 1, "cpu": 2`, `{"node": 0, "cpu": 2`, `node 0 is listed twice`},
		{`{"node": 1, "cpu": 2`, `{"node": 7, "cpu": 2`, `host "pm_0" has no node 7`},
		{`"host_id": "pm_0"`, `"host_id": "pm_9"`, `unknown host "pm_9"`},
		{`"granularity": "host"`, `"granularity": "switch"`, `unknown granularity "switch", expected host or rack`},
		{`["vm_0", "vm_1"]`, `["vm_0", "vm_7"]`, `/deployment_set/0/data/1: unknown VM "vm_7"`},
		{`"cluster_list"`, `"clusters"`, `unknown field "clusters"`},
	} {
		_, err := importer{all: true}.decode("c.json", bytes.Replace(data, []byte(c.from), []byte(c.to), 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\nfound    %v\nexpected … %s …", c.to, err, c.want)
		}
	}
}

// The published clusters keep their rules, and have the fragment rates that were published with them.
func TestPublishedClustersAreReadOtherwise(t *testing.T) {
	dir := realdata.Dir(t, "bytedance2025")
	for _, c := range []struct {
		name                       string
		hosts, vms                 int
		free, fragments, disagrees int64
	}{
		{"medium", 2 * 279, 2089, 1394, 1394 - 32, 80},
		{"large", 2 * 1176, 4546, 18772, 18772 - 7504, 239},
	} {
		in, err := importer{all: true}.Import([]string{filepath.Join(dir, c.name+".json.gz")})
		if err != nil {
			t.Fatal(err)
		}
		bound, err := rules.Bind(gentest.Catalogue(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if found := validate.Placement(in, bound, in.Initial, true); len(found) > 0 {
			t.Errorf("%s: %v", c.name, found[0])
		}
		var free, fragments int64
		used := cloud.ChargesOf(in, bound).Used(len(in.Hosts), in.Initial)
		for h := range in.Hosts {
			left := in.Hosts[h].Capacity[cpu] - used[h*resources+cpu]
			free, fragments = free+left, fragments+left%16
		}
		if len(in.Hosts) != c.hosts || len(in.VMs) != c.vms || free != c.free || fragments != c.fragments {
			t.Errorf("%s: %d hosts, %d VMs, %d free cores, %d of them fragments", c.name, len(in.Hosts), len(in.VMs), free, fragments)
		}
		if want := "disagree with its VMs on"; !strings.Contains(in.Description, want) {
			t.Errorf("%s: found %q", c.name, in.Description)
		}
		t.Log(in.Description)
	}
}

func FuzzImport(f *testing.F) {
	data, err := os.ReadFile(sample)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := importer{all: true}.decode("c.json", data)
		if err != nil {
			return
		}
		if err := in.Check(); err != nil {
			t.Errorf("a faulty instance: %v", err)
		}
		if _, err := rules.Bind(gentest.Catalogue(), in, nil); err != nil {
			t.Errorf("rules that do not bind: %v", err)
		}
		if err := in.Encode(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	})
}
