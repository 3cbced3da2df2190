package cloud_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
)

// The bytes of an instance are what its hash stands for: whoever changes them makes every
// hash in every record another one.
func TestBytesOfAnInstanceChange(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
	if err != nil {
		t.Fatal(err)
	}
	in.Name = "größer \"als\" <a&b>\u2028\n"
	in.VMs[0].DirtyMiBPerS, in.VMs[0].WorkingSetMiB = new(1e21), 1.5e-7
	in.Hosts[0].Labels["a\\b"] = "\x01"
	const want = `{
 "format": "rearrange/instance/1",
 "name": "größer \"als\" <a&b>` + "\u2028" + `\n",
 "description": "two hosts of three resources, and one VM of each kind",
 "resources": [
  {"name":"ram","unit":"MiB"},
  {"name":"vcpu","unit":"core"},
  {"name":"disk/ssd"}],
 "hosts": [
  {"name":"host1","capacity":{"ram":4096,"vcpu":8,"disk/ssd":0},"reserved":{"ram":256},"arch":"x86_64","zone":"az1","rack":"r1","labels":{"a\\b":"\u0001","gen":"7"},"nic_mbps":10000},
  {"name":"host2","capacity":{"ram":4096,"vcpu":8,"disk/ssd":100}}],
 "vms": [
  {"name":"vm1","demand":{"ram":1000,"vcpu":2,"disk/ssd":0},"arch":"i386","labels":{"tier":"web"},"dirty_mib_per_s":1e+21,"working_set_mib":1.5e-7,"interruptible":true,"pages":["linux","linux/debian"]},
  {"name":"vm2","demand":{"ram":500,"vcpu":0,"disk/ssd":0}},
  {"name":"vm3","demand":{"ram":0,"vcpu":0,"disk/ssd":0}}],
 "groups": [
  {"name":"web","vms":["vm1","vm2"]}],
 "rules": [
  "capacity(overcommit.vcpu=4)",
  "arch",
  "anti-affinity(group=web)"],
 "initial": {
  "vm1": "host1",
  "vm2": "host2"},
 "target": {
  "vm2": "host1",
  "vm3": "host2"}
}
`
	if d := cmp.Diff(want, instanceText(t, in)); d != "" {
		t.Errorf("(-expected +found)\n%s", d)
	}
}

// withObjective stands in place of the member rules.
const withObjective = `"objective": "lexicographic(of=[hosts,  load(measure = stddev)])", "rules":`

// Records of before instances had objectives name them by this hash.
func TestHashWithoutAnObjectiveChanges(t *testing.T) {
	text := testdata(t, "instance.json")
	in, err := cloud.DecodeInstance("", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	const want = "24dad589c263cf810131665270746a50f13b9af53624136b5993ba348b3eb016"
	if got := in.SHA256(); got != want || in.Objective != nil {
		t.Errorf("the hash is %s, expected %s; the objective is %v", got, want, in.Objective)
	}
	other, err := cloud.DecodeInstance("", []byte(edit(t, text, `"rules":`, withObjective)))
	if err != nil {
		t.Fatal(err)
	}
	if other.SHA256() == want || other.SourceSHA256() != in.SourceSHA256() {
		t.Error("an objective makes no difference to what an instance is, or makes one to what it was made out of")
	}
	written := instanceText(t, other)
	if line := "\n \"objective\": \"lexicographic(of=[hosts, load(measure=stddev)])\",\n \"initial\""; !strings.Contains(written, line) {
		t.Errorf("expected a line %q in\n%s", line, written)
	}
	again, err := cloud.DecodeInstance("", []byte(written))
	if err != nil || again.SHA256() != other.SHA256() {
		t.Errorf("what is written reads as another instance: %v", err)
	}
}

func TestHashIsThatOfAnotherInstance(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
	if err != nil {
		t.Fatal(err)
	}
	before := in.SHA256()
	other := *in
	other.Name, other.Description = "other", "of another name"
	if other.SHA256() != before {
		t.Error("a copy with another name has another hash than what it was copied from")
	}
	if source := other.SourceSHA256(); source == before || source != in.SourceSHA256() {
		t.Error("what instances were made out of has a hash of its own, which they share")
	}
	other.Hosts = slices.Clone(other.Hosts)
	other.Hosts[0].Rack = "another"
	if other.SHA256() == before || other.SourceSHA256() == in.SourceSHA256() {
		t.Error("a copy with another host has the hash of what it was copied from")
	}
	if err := other.Check(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if other.SHA256() == before || in.SHA256() != before {
			t.Error("a copy that was checked and what it was copied from share a hash")
		}
	}
	in.Hosts[0].Rack = "renamed"
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	if in.SHA256() == before {
		t.Error("an instance that was checked again has the hash it had before")
	}
}
