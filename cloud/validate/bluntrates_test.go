package validate_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// What the blunt judge knows of durations, links and rates. Its memory is in kB, its speeds in kbit/s, which is bits per ms.

// bits is the memory of a step's VM.
func bits(in *cloud.Instance, s cloud.Step) int64 { return 8000 * in.VMs[s.VM].Demand[0] }

func up(a, b int64) int64 { return (a + b - 1) / b }

// nic is the speed of a host's interface.
func nic(in *cloud.Instance, h cloud.HostID, otherwise args) int64 {
	if n := in.Hosts[h].NICMbps; n > 0 {
		return 1000 * n
	}
	return int64(1000 * otherwise.number("bandwidth"))
}

// chain lists a host's switches from the first to the top.
func chain(in *cloud.Instance, h cloud.HostID) []cloud.Switch {
	var out []cloud.Switch
	for name := in.Hosts[h].Switch; name != ""; name = out[len(out)-1].Up {
		out = append(out, in.Switches[slices.IndexFunc(in.Switches, func(s cloud.Switch) bool { return s.Name == name })])
	}
	return out
}

// carriers are the links and switches on the way of a step, and what they carry; those without a capacity are left out.
func carriers(in *cloud.Instance, s cloud.Step, model args) map[string]int64 {
	out := map[string]int64{}
	add := func(name string, mbps int64) {
		if mbps > 0 {
			out[name] = 1000 * mbps
		}
	}
	if s.From != cloud.Absent {
		out["from "+in.Hosts[s.From].Name] = nic(in, s.From, model)
	}
	if s.To != cloud.Absent {
		out["to "+in.Hosts[s.To].Name] = nic(in, s.To, model)
	}
	if s.From == cloud.Absent || s.To == cloud.Absent {
		return out
	}
	a, b := chain(in, s.From), chain(in, s.To)
	isIn := func(list []cloud.Switch) func(cloud.Switch) bool {
		return func(x cloud.Switch) bool {
			return slices.ContainsFunc(list, func(y cloud.Switch) bool { return x.Name == y.Name })
		}
	}
	if i := slices.IndexFunc(a, isIn(b)); i >= 0 { // where both ways up meet
		add("switch "+a[i].Name, a[i].Mbps)
		onlyA, onlyB := slices.DeleteFunc(slices.Clone(a), isIn(b)), slices.DeleteFunc(slices.Clone(b), isIn(a))
		a, b = onlyA, onlyB
	}
	for _, x := range a {
		add("switch "+x.Name, x.Mbps)
		add("up from "+x.Name, x.UpMbps)
	}
	for _, x := range b {
		add("switch "+x.Name, x.Mbps)
		add("down to "+x.Name, x.UpMbps)
	}
	return out
}

// full is the full rate of a step.
func full(in *cloud.Instance, s cloud.Step, model args) int64 {
	out := int64(0)
	for _, c := range carriers(in, s, model) {
		if out == 0 || c < out {
			out = c
		}
	}
	return out
}

// least is the least rate of a step that sends its memory once.
func least(in *cloud.Instance, s cloud.Step, model args) int64 {
	share := model.text("least", "1")
	if model.text("sharing", "pinned") == "max-min" {
		share = model.text("least", "0")
	}
	part, ok := new(big.Rat).SetString(share)
	if !ok {
		panic(share)
	}
	return max(1, up(part.Num().Int64()*full(in, s, model), part.Denom().Int64()))
}

func travels(s cloud.Step) bool {
	return s.Action != cloud.Shutdown && s.Action != cloud.Provision && s.From != s.To
}

// withinLinks judges what is under way by what links carry.
func withinLinks(in *cloud.Instance, p *cloud.Plan, m moment) bool {
	model := args{spec.MustParse(p.Schedule.Model)}
	if model.text("admission", "yes") == "no" {
		return true
	}
	taken, capacity := map[string]int64{}, map[string]int64{}
	for _, s := range p.Steps {
		start, end := momentsOf(s)
		if !travels(s) || bits(in, s) == 0 || start.compare(m) > 0 || end.compare(m) <= 0 {
			continue
		}
		rate := least(in, s, model)
		if model.text("sharing", "pinned") == "pinned" {
			if took := s.End - s.Start; took > 0 {
				rate = max(rate, up(bits(in, s), took))
			} else if bits(in, s) > 0 {
				rate = full(in, s, model)
			}
		}
		for name, c := range carriers(in, s, model) {
			taken[name] += rate
			capacity[name] = c
		}
	}
	for name, n := range taken {
		if n > capacity[name] {
			return false
		}
	}
	return true
}

// tooShort tells whether some step ends earlier than it can.
func (o *opinion) tooShort(in *cloud.Instance, p *cloud.Plan) {
	if p.Schedule.Duration == "" {
		return
	}
	model, duration := args{spec.MustParse(p.Schedule.Model)}, args{spec.MustParse(p.Schedule.Duration)}
	ends := make([]int64, len(p.Steps))
	for i, s := range p.Steps {
		switch {
		case duration.spec.Name == "unit":
			if ends[i] = s.Start; travels(s) {
				ends[i]++
			}
		case s.Action == cloud.Provision && duration.has("provision"):
			ends[i] = s.Start + 2 // of the one spec that says so
		case !travels(s):
			ends[i] = s.Start
		case model.spec.Name == "bandwidth":
			ends[i] = s.Start + up(bits(in, s), full(in, s, model))
		default:
			speed := int64(0)
			for _, h := range []cloud.HostID{s.From, s.To} {
				if h != cloud.Absent && (speed == 0 || nic(in, h, duration) < speed) {
					speed = nic(in, h, duration)
				}
			}
			ends[i] = s.Start + up(bits(in, s), speed)
		}
	}
	if model.text("sharing", "pinned") == "max-min" {
		tick(in, p, model, ends)
	}
	for i, s := range p.Steps {
		if s.End < ends[i] {
			o.fault("step %d: too short", i)
		}
	}
}

// tick lets ms after ms pass, in each of which everything under way sends as many bits as its rate is.
func tick(in *cloud.Instance, p *cloud.Plan, model args, ends []int64) {
	left, open := map[int]int64{}, 0
	for i, s := range p.Steps {
		if travels(s) {
			left[i] = bits(in, s)
			open++
		}
	}
	for now := int64(-20); open > 0; now++ {
		var active []int
		for i, s := range p.Steps {
			if n, moving := left[i]; moving && s.Start <= now && n > 0 {
				active = append(active, i)
			} else if moving && s.Start <= now {
				ends[i] = max(now, s.Start+1)
				delete(left, i)
				open--
			}
		}
		for i, rate := range fair(in, p, model, active) {
			left[i] = max(0, left[i]-rate)
		}
	}
}

// fair are the rates of what is under way.
func fair(in *cloud.Instance, p *cloud.Plan, model args, active []int) map[int]int64 {
	rates := map[int]int64{}
	for len(rates) < len(active) {
		capacity, users := map[string]int64{}, map[string]int64{}
		for _, i := range active {
			for name, c := range carriers(in, p.Steps[i], model) {
				if _, ok := capacity[name]; !ok {
					capacity[name] = c
				}
				if rate, has := rates[i]; has {
					capacity[name] -= rate
				} else {
					users[name]++
				}
			}
		}
		smallest := int64(-1)
		for name, n := range users {
			if share := capacity[name] / n; smallest < 0 || share < smallest {
				smallest = share
			}
		}
		for _, i := range active {
			if _, has := rates[i]; has {
				continue
			}
			for name := range carriers(in, p.Steps[i], model) {
				if capacity[name]/users[name] == smallest {
					rates[i] = smallest
				}
			}
		}
	}
	return rates
}

// withRates gives a schedule a network, a duration and perhaps a model that looks at them.
func withRates(t *rapid.T, in *cloud.Instance, p *cloud.Plan) {
	in.Resources = slices.Clone(in.Resources)
	in.Resources[0].Unit = "kB"
	cloudtest.Switches(t, in)
	for i := range in.Switches { // 8 Mbit/s send a kB in a ms
		in.Switches[i].Mbps = rapid.SampledFrom([]int64{0, 13, 24}).Draw(t, "of a switch")
		if in.Switches[i].Up != "" {
			in.Switches[i].UpMbps = rapid.SampledFrom([]int64{0, 9, 16}).Draw(t, "of a link")
		}
	}
	for h := range in.Hosts {
		in.Hosts[h].NICMbps = rapid.SampledFrom([]int64{0, 7, 16, 32}).Draw(t, "NIC")
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	p.Schedule.Duration = rapid.SampledFrom([]string{"rate(bandwidth=16)", "rate(bandwidth=16, provision=1500us)"}).Draw(t, "duration")
	models := []string{
		"bandwidth(bandwidth=20)", "bandwidth(least=1/3, bandwidth=20)", "bandwidth(sharing=max-min, bandwidth=20)",
		"bandwidth(sharing=max-min, least=0.9, bandwidth=20)", "bandwidth(sharing=max-min, admission=no, bandwidth=20)", "slots(total=6)", "steps",
	}
	p.Schedule.Model = rapid.SampledFrom(models).Draw(t, "model")
	if p.Schedule.Model == "steps" {
		p.Schedule.Unit, p.Schedule.Duration = "step", "unit"
	}
}

// relax makes steps longer where the judge says that they are too short, until it says so no longer, or too often.
func relax(t *rapid.T, in *cloud.Instance, p *cloud.Plan) {
	m, err := concurrency.Of(catalogue.Standard(), in, p.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	p.Schedule.Model = m.String()
	for i, earliest := range m.Earliest(p.Steps) {
		s := &p.Steps[i]
		if s.End < earliest && rapid.IntRange(0, 3).Draw(t, "relaxed") > 0 {
			s.End = earliest
		}
		p.Schedule.Makespan = max(p.Schedule.Makespan, s.End)
	}
}

// The judge of links, rates and times accepts and rejects what the blunt one does.
func TestJudgeOfRatesDepartsFromItsFormat(t *testing.T) {
	cases := rapid.Custom(func(t *rapid.T) variant {
		in, p := draw(t, rapid.SampledFrom([]string{"capacity", "arch"}).Draw(t, "rule"), false, true, false)
		for h := range in.Hosts { // so that little but times is ever wrong
			in.Hosts[h].Capacity = slices.Clone(in.Hosts[h].Capacity)
			for r := range in.Hosts[h].Capacity {
				in.Hosts[h].Capacity[r] += 50
			}
		}
		withRates(t, in, p)
		relax(t, in, p)
		return variant{in: in, plan: p}
	})
	type outcome struct{ valid, short, full int } // full: only links, or slots
	of := map[string]*outcome{}
	for i := range 3000 {
		x := cases.Example(i)
		if len(x.plan.Steps) == 0 {
			continue
		}
		o := agree(t, x.in, x.plan)
		model := x.plan.Schedule.Model
		if of[model] == nil {
			of[model] = &outcome{}
		}
		has := func(what string) bool {
			return len(o.broken) == 0 && len(o.faults) > 0 && !slices.ContainsFunc(o.faults, func(f string) bool { return !strings.HasSuffix(f, what) })
		}
		switch {
		case o.valid():
			of[model].valid++
		case has("too short"):
			of[model].short++
		case has("too many under way"):
			of[model].full++
		}
	}
	for model, n := range of {
		t.Logf("%s: %+v", model, *n)
		free := []string{"slots(total=6)", "bandwidth(sharing=max-min, bandwidth=20)", "bandwidth(sharing=max-min, admission=no, bandwidth=20)"}
		if n.valid < 100 || n.short < 10 || n.full < 3 && !slices.Contains(free, model) {
			t.Errorf("%s: %+v", model, *n)
		}
	}
	if len(of) != 7 {
		t.Errorf("%d models", len(of))
	}
}
