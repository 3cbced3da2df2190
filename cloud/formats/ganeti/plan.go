package ganeti

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// PlanReader is the entry of the format's plan reader.
func PlanReader() spec.Entry[formats.PlanReader] {
	return spec.Entry[formats.PlanReader]{
		Descriptor: spec.Descriptor{
			Name:     "ganeti",
			Synopsis: "commands that hbal -C and hsqueeze -C suggest",
			Doc: "Reads `gnt-instance migrate -n NODE INSTANCE` and failover in the order of the text and skips all other text. " +
				"Where several commands may run at the same time, they follow each other.",
			Citation: hbal,
		},
		New: func(spec.Args) (formats.PlanReader, error) { return reader{}, nil },
	}
}

// TargetReader is the entry of the format's reader of targets.
func TargetReader() spec.Entry[formats.TargetReader] {
	return spec.Entry[formats.TargetReader]{
		Descriptor: spec.Descriptor{
			Name:     "ganeti",
			Synopsis: "where the commands lead that hbal -C and hsqueeze -C suggest",
			Doc:      "Reads what the plan format ganeti reads. VMs that no command moves stay where they are.",
			Citation: hbal,
		},
		New: func(spec.Args) (formats.TargetReader, error) { return reader{}, nil },
	}
}

const hbal = "Ganeti, hbal(1): https://docs.ganeti.org/docs/ganeti/2.18/man/hbal.html"

// reader reads plans, and targets as the ends of plans.
type reader struct{}

// ReadTarget implements [formats.TargetReader]. It takes the time of ReadPlan.
func (r reader) ReadTarget(in *cloud.Instance, file string, data []byte) (cloud.Placement, error) {
	plan, err := r.ReadPlan(in, file, data)
	if err != nil {
		return nil, err
	}
	target := in.Initial.Clone()
	for _, step := range plan.Migrations {
		target[step.VM] = step.To
	}
	return target, nil
}

// ReadPlan implements [formats.PlanReader]. Names may lack the domain that all have in common, as the tools
// write them. O(commands), and O(hosts + VMs) for each shortened name.
func (reader) ReadPlan(in *cloud.Instance, file string, data []byte) (out formats.Plan, err error) {
	at := in.Initial.Clone()
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "gnt-instance" {
			continue
		}
		step, err := read(in, words[1:])
		if err != nil {
			return out, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		step.From = at[step.VM]
		at[step.VM] = step.To
		out.Migrations = append(out.Migrations, step)
	}
	return out, nil
}

// read reads one command without its first word.
func read(in *cloud.Instance, words []string) (cloud.Change, error) {
	if words[0] != "migrate" && words[0] != "failover" {
		return cloud.Change{}, fmt.Errorf("gnt-instance %s moves disks or changes VMs: expected migrate or failover", words[0])
	}
	i := slices.Index(words, "-n")
	if i < 0 || i+2 >= len(words) {
		return cloud.Change{}, fmt.Errorf("expected gnt-instance %s -n NODE INSTANCE: without a node, it goes to the node that mirrors its disk", words[0])
	}
	host, ok := named(words[i+1], len(in.Hosts), func(h int) string { return in.Hosts[h].Name }, in.Host)
	if !ok {
		return cloud.Change{}, fmt.Errorf("unknown host %q", words[i+1])
	}
	last := words[len(words)-1]
	vm, ok := named(last, len(in.VMs), func(v int) string { return in.VMs[v].Name }, in.VM)
	if !ok {
		return cloud.Change{}, fmt.Errorf("unknown VM %q", last)
	}
	return cloud.Change{VM: vm, To: host}, nil
}

// named finds what has a name, or the only one that has it followed by a domain.
func named[ID cloud.HostID | cloud.VMID](short string, n int, name func(int) string, exact func(string) (ID, bool)) (ID, bool) {
	if id, ok := exact(short); ok {
		return id, true
	}
	found := -1
	for i := range n {
		if strings.HasPrefix(name(i), short+".") {
			if found >= 0 {
				return 0, false
			}
			found = i
		}
	}
	return ID(found), found >= 0
}
