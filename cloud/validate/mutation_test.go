package validate_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// fits is a second, blunter judge of placements, for capacity, arch and an
// anti-affinity of the first group. In extra the VM of a change is charged as well.
func fits(in *cloud.Instance, place cloud.Placement, vm cloud.VMID, extra cloud.HostID) bool {
	for h, host := range in.Hosts {
		used := make([]int64, len(in.Resources))
		members := 0
		for v := range in.VMs {
			if place[v] != cloud.HostID(h) && (cloud.VMID(v) != vm || extra != cloud.HostID(h)) {
				continue
			}
			for r, d := range in.VMs[v].Demand {
				used[r] += d
			}
			if slices.Contains(in.Groups[0].VMs, cloud.VMID(v)) {
				members++
			}
			g := in.VMs[v].Arch
			if g != "" && host.Arch != "" && g != host.Arch && (g != "i386" || host.Arch != "x86_64") {
				return false
			}
		}
		for r, u := range used {
			if u > host.Capacity[r]-host.Reserved[r] {
				return false
			}
		}
		if members > 1 {
			return false
		}
	}
	return true
}

func sane(in *cloud.Instance, place cloud.Placement) bool { return fits(in, place, -1, cloud.Absent) }

// valid is a second judge of plans, written for this test alone.
func valid(in *cloud.Instance, p *cloud.Plan) bool {
	place := in.Initial.Clone()
	ok := sane(in, place)
	phase, cost := 0, int64(0)
	for _, s := range p.Steps {
		n := map[cloud.Action]int{cloud.Shutdown: 0, cloud.Migrate: 1, cloud.Provision: 2}[s.Action]
		if n < phase || place[s.VM] != s.From {
			return false
		}
		if n > phase && phase == 0 && !sane(in, place) {
			return false
		}
		phase = n
		want := int64(0)
		switch s.Action {
		case cloud.Shutdown:
			ok = ok && s.From != cloud.Absent && s.To == cloud.Absent && in.Target[s.VM] == cloud.Absent && in.Initial[s.VM] != cloud.Absent
			place[s.VM] = cloud.Absent
		case cloud.Migrate:
			want = in.VMs[s.VM].Demand[0]
			ok = ok && s.From != s.To && s.From != cloud.Absent && s.To != cloud.Absent && fits(in, place, s.VM, s.To)
			place[s.VM] = s.To
			ok = ok && sane(in, place)
		case cloud.Provision:
			ok = ok && s.From == cloud.Absent && s.To != cloud.Absent && in.Initial[s.VM] == cloud.Absent && in.Target[s.VM] != cloud.Absent
			place[s.VM] = s.To
		}
		ok = ok && s.Cost == want
		cost += want
	}
	return ok && sane(in, place) && place.Equal(in.Target) && p.Cost == cost && p.LowerBound <= cost &&
		p.Status.HasPlan() && (p.Status != cloud.Optimal || p.LowerBound == cost)
}

// randomPlan draws an instance and walks to its target.
func randomPlan(t *rapid.T) (*cloud.Instance, *cloud.Plan) {
	in := cloudtest.Instance(t)
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.Named("arch"), spec.MustParse("anti-affinity(group=g0)")}
	for v := range in.VMs {
		if !sane(in, in.Initial) {
			in.Initial[v] = cloud.Absent
		}
	}
	place := in.Initial.Clone()
	p := &cloud.Plan{Status: cloud.Feasible}
	add := func(s cloud.Step) {
		p.Steps = append(p.Steps, s)
		p.Cost += s.Cost
		place[s.VM] = s.To
	}
	for v := range in.VMs {
		if place[v] != cloud.Absent && rapid.IntRange(0, 4).Draw(t, "stays") == 0 {
			add(down(cloud.VMID(v), place[v]))
		}
	}
	for range rapid.IntRange(0, 12).Draw(t, "tries") {
		v := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
		to := cloud.HostID(rapid.IntRange(0, len(in.Hosts)-1).Draw(t, "to"))
		if place[v] != cloud.Absent && place[v] != to && fits(in, place, v, to) {
			add(migrate(v, place[v], to, in.VMs[v].Demand[0]))
		}
	}
	for v := range in.VMs {
		to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "at"))
		if in.Initial[v] == cloud.Absent && to != cloud.Absent && fits(in, place, cloud.VMID(v), to) {
			add(provision(cloud.VMID(v), to))
		}
	}
	in.Target = place
	p.LowerBound = rapid.Int64Range(0, p.Cost).Draw(t, "bound")
	return in, p
}

// mutate changes one thing of a plan.
func mutate(t *rapid.T, in *cloud.Instance, p *cloud.Plan) string {
	kinds := []string{"total", "bound", "status", "target"}
	if len(p.Steps) > 0 {
		kinds = append(kinds, "vm", "from", "to", "cost", "action", "drop", "repeat", "swap")
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "mutation")
	host := func() cloud.HostID { return cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "host")) }
	i := 0
	if len(p.Steps) > 0 {
		i = rapid.IntRange(0, len(p.Steps)-1).Draw(t, "step")
	}
	switch kind {
	case "total":
		p.Cost += rapid.SampledFrom([]int64{-1, 1}).Draw(t, "by")
	case "bound":
		p.LowerBound = rapid.Int64Range(0, p.Cost+2).Draw(t, "bound")
	case "status":
		p.Status = rapid.SampledFrom([]cloud.Status{cloud.Optimal, cloud.Infeasible, cloud.Unknown, cloud.Unsupported, ""}).Draw(t, "status")
	case "target":
		in.Target[rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm")] = host()
	case "vm":
		p.Steps[i].VM = cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
	case "from":
		p.Steps[i].From = host()
	case "to":
		p.Steps[i].To = host()
	case "cost":
		p.Steps[i].Cost = rapid.Int64Range(0, 4).Draw(t, "cost")
	case "action":
		p.Steps[i].Action = rapid.SampledFrom([]cloud.Action{cloud.Shutdown, cloud.Migrate, cloud.Provision}).Draw(t, "action")
	case "drop":
		p.Steps = slices.Delete(p.Steps, i, i+1)
	case "repeat":
		p.Steps = slices.Insert(p.Steps, i, p.Steps[i])
	case "swap":
		j := rapid.IntRange(0, len(p.Steps)-1).Draw(t, "with")
		p.Steps[i], p.Steps[j] = p.Steps[j], p.Steps[i]
	}
	return kind
}

func TestJudgeMissesAMutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, p := randomPlan(t)
		if !valid(in, p) {
			t.Fatalf("the random plan is not valid: %+v", p)
		}
		if r := judge(t, in, p); !r.OK() {
			t.Fatalf("a valid plan is refused: %v", r.Findings)
		}
		for range 3 {
			kind := mutate(t, in, p)
			want := valid(in, p)
			if r := judge(t, in, p); r.OK() != want {
				t.Fatalf("after the mutation of the %s: valid is %v, the judge finds %v\n%+v", kind, want, r.Findings, p)
			}
		}
	})
}
