package slas_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

var catalogue = spec.NewCatalogue(slas.Registry(slas.Entries()...), durations.Registry(durations.Entries()...))

const none = cloud.Absent

// small is a cloud of four hosts in two racks, of which the last is in none, and four VMs.
func small() *cloud.Instance {
	return &cloud.Instance{
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts: []cloud.Host{
			{Name: "a", Rack: "r1", Zone: "z", Capacity: []int64{9}, Reserved: []int64{0}, NICMbps: 1000},
			{Name: "b", Rack: "r1", Zone: "z", Capacity: []int64{9}, Reserved: []int64{0}, NICMbps: 1000},
			{Name: "c", Rack: "r2", Zone: "z", Capacity: []int64{9}, Reserved: []int64{0}, NICMbps: 1000},
			{Name: "d", Capacity: []int64{9}, Reserved: []int64{0}, NICMbps: 1000},
		},
		VMs: []cloud.VM{
			{Name: "v0", Demand: []int64{1000}, DirtyMiBPerS: new(50.0)},
			{Name: "v1", Demand: []int64{1}},
			{Name: "v2", Demand: []int64{1}, Interruptible: true},
			{Name: "v3", Demand: []int64{1}},
		},
		Groups: []cloud.Group{{Name: "web-a", VMs: []cloud.VMID{0, 1}}, {Name: "web-b", VMs: []cloud.VMID{1, 2}}},
	}
}

func bound(t testing.TB, d cloud.Duration, unit, text string) slas.SLA {
	t.Helper()
	list, err := slas.Bind(catalogue, small(), d, unit, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func step(action cloud.Action, vm cloud.VMID, from, to cloud.HostID, start, end int64) cloud.Step {
	return cloud.Step{Action: action, VM: vm, From: from, To: to, Start: start, End: end}
}

// day is a schedule of all actions.
func day() []cloud.Step {
	return []cloud.Step{
		step(cloud.Shutdown, 3, 0, none, 0, 5),
		step(cloud.Migrate, 0, 0, 1, 5, 20),
		step(cloud.Suspend, 2, 2, none, 5, 10),
		step(cloud.Migrate, 1, 0, 3, 15, 30),
		step(cloud.Resume, 2, none, 0, 20, 25),
		step(cloud.Provision, 3, none, 2, 30, 40),
	}
}

func TestJudgeReadsSLAsOtherwise(t *testing.T) {
	for text, want := range map[string]string{
		"deadline(at=40ms)":                            "",
		"deadline(at=39ms)":                            `5: the provision of VM "v3" ends at 40 ms, 1 ms late`,
		"deadline(at=20ms, group=web-a)":               `3: the migration of VM "v1" ends at 30 ms, 10 ms late`,
		"deadline(at=4ms, vms=v3)":                     `0: the shutdown of VM "v3" ends at 5 ms, 1 ms late; 5: the provision of VM "v3" ends at 40 ms, 36 ms late`,
		"frozen(from=0s, to=5ms)":                      "",
		"frozen(from=0s, to=6ms)":                      `1: the migration of VM "v0" is under way from 5 ms to 20 ms, in the window from 0 ms to 6 ms; 2: the suspend of VM "v2" is under way from 5 ms to 10 ms, in the window from 0 ms to 6 ms`,
		"frozen(from=10ms, to=20ms, vms=v2)":           "",
		"frozen(from=9ms, to=20ms, vms=v2)":            `2: the suspend of VM "v2" is under way from 5 ms to 10 ms, in the window from 9 ms to 20 ms`,
		"frozen(from=1ms, to=3ms, every=23ms, vms=v2)": `4: the resume of VM "v2" is under way from 20 ms to 25 ms, in the window from 24 ms to 26 ms`,
		"frozen(from=1ms, to=3ms, every=24ms, vms=v2)": "",
		"at-once(most=2)":                              "",
		"at-once(most=1)":                              `2: 2 migrations are under way, at most 1 may be`,
		"at-once(most=3)":                              "",
		"at-once(most=1, by=rack)":                     `3: 2 migrations are under way in rack "r1", at most 1 may be`,
		"at-once(most=1, by=host)":                     `3: 2 migrations are under way at host "a", at most 1 may be`,
		"at-once(most=1, group=web-*, by=group)":       `3: 2 migrations are under way in group "web-a", at most 1 may be; 4: 2 migrations are under way in group "web-b", at most 1 may be`,
		"downtime(most=20ms)":                          "",
		"downtime(most=19ms)":                          `2: VM "v2" is down for 20 ms, at most 19 ms is allowed`,
		"downtime(most=9ms, window=10ms)":              `2: VM "v2" is down for 10 ms in the 10 ms from 5 ms on, at most 9 ms is allowed`,
		"downtime(most=19ms, vms=[v0, v1])":            "",
		"downtime(most=19ms, per=all, window=30ms)":    `2: the VMs together are down for 20 ms in the 30 ms from 5 ms on, at most 19 ms is allowed`,
	} {
		got := texts(bound(t, nil, "ms", text).Violations(day()))
		if got != want {
			t.Errorf("%s: expected\n%s\nfound\n%s", text, want, got)
		}
	}
}

func texts(found []slas.Violation) string {
	var out []string
	for _, v := range found {
		out = append(out, fmt.Sprintf("%d: %s", v.Step, v.Msg))
	}
	return strings.Join(out, "; ")
}

func TestSpecsAreAcceptedThatMeanNothing(t *testing.T) {
	for text, want := range map[string]string{
		"deadline":                                   "at",
		"deadline(at=1h, group=db)":                  `unknown group "db"`,
		"deadline(at=1h, vms=v9)":                    `unknown VM "v9"`,
		"deadline(at=0.1ms)":                         "a whole number of milliseconds, found 100µs",
		"frozen(from=2h, to=1h)":                     "to: expected a time after from, 2h0m0s, found 1h0m0s",
		"frozen(from=1h, to=2h, every=1h)":           "every: expected more than the length of the window",
		"at-once(most=0)":                            "most",
		"at-once(most=1, by=group)":                  "by=group: expected group",
		"at-once(most=1, by=group, group=a, vms=v1)": "by=group: expected group",
		"downtime(most=1s, per=host)":                "per",
		"soon":                                       `unknown SLA "soon"`,
	} {
		if _, err := slas.Bind(catalogue, small(), nil, "ms", spec.MustParse(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: expected an error with %q, found %v", text, want, err)
		}
	}
	in := small()
	in.SLAs = []spec.Spec{spec.MustParse("deadline(at=1h)"), spec.MustParse("deadline(at=1h, vms=v9)")}
	if _, err := slas.Bind(catalogue, in, nil, "ms"); err == nil || !strings.Contains(err.Error(), "/slas/1") {
		t.Errorf("the place in the instance is missing: %v", err)
	}
	list, err := slas.Bind(catalogue, small(), nil, "ms", spec.MustParse("deadline(at=60m)"), spec.MustParse("deadline(at=1h)"))
	if err != nil || len(list) != 1 {
		t.Errorf("equal SLAs are bound twice: %v, %v", list, err)
	}
	if _, err := slas.Bind(catalogue, small(), nil, "step", spec.MustParse("deadline(at=1500ms)")); err == nil || !strings.Contains(err.Error(), "stands for a step") {
		t.Errorf("half a step: %v", err)
	}
	if got := texts(bound(t, nil, "step", "deadline(at=39s)").Violations(day())); got != `5: the provision of VM "v3" ends at time step 40, 1 step late` {
		t.Errorf("in steps: %s", got)
	}
}

// With precopy, a live migration stops its VM before its end.
func TestStopAndCopyIsForgotten(t *testing.T) {
	d, err := durations.Bind(catalogue, small(), spec.MustParse("precopy(max-downtime=100ms, max-rounds=20)"))
	if err != nil {
		t.Fatal(err)
	}
	s := step(cloud.Migrate, 0, 0, 1, 0, 0)
	s.End = cloud.TimeOf(d, &s)
	stopped := d.(durations.Stopping).Stopped(&s)
	if stopped < 1 || stopped > 100 {
		t.Fatalf("the VM stops for %d ms, at most 100 were asked for", stopped)
	}
	level := bound(t, d, "ms", fmt.Sprintf("downtime(most=%dms)", stopped))
	if got := level.Violations([]cloud.Step{s}); len(got) != 0 {
		t.Errorf("%v", got)
	}
	level = bound(t, d, "ms", fmt.Sprintf("downtime(most=%dms)", stopped-1))
	if got := level.Violations([]cloud.Step{s}); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if a := level.(slas.DownLimiter).Accounts()[0]; a.Stopped(&s) != stopped {
		t.Errorf("schedulers are told %d", a.Stopped(&s))
	}
}

// The window is open exactly where no instant of the time taken is closed.
func TestWindowOpensAtTheWrongTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, least, most int64) int64 { return rapid.Int64Range(least, most).Draw(t, name) }
		w := slas.Window{From: n("from", -5, 10)}
		w.To = w.From + n("length", 1, 6)
		if rapid.Bool().Draw(t, "again") {
			w.Every = w.To - w.From + n("gap", 1, 8)
		}
		at, time := n("at", 0, 30), n("time", 1, 10)
		closed := func(i int64) bool {
			for k := int64(0); k == 0 || w.Every > 0 && k < 100; k++ {
				if i >= w.From+k*w.Every && i < w.To+k*w.Every {
					return true
				}
			}
			return false
		}
		free := func(start int64) bool {
			for i := start; i < start+time; i++ {
				if closed(i) {
					return false
				}
			}
			return true
		}
		want := int64(-1)
		for start := at; start < 120 && want < 0; start++ {
			if free(start) {
				want = start
			}
		}
		if got, ok := w.Open(at, time); ok != (want >= 0) || ok && got != want {
			t.Fatalf("%+v, %d from %d on: expected %d, found %d, %v", w, time, at, want, got, ok)
		}
	})
}

// drawn are random steps, in no order.
func drawn(t *rapid.T) []cloud.Step {
	var out []cloud.Step
	for range rapid.IntRange(1, 7).Draw(t, "steps") {
		from, to := cloud.HostID(rapid.IntRange(0, 3).Draw(t, "from")), cloud.HostID(rapid.IntRange(0, 3).Draw(t, "to"))
		start := rapid.Int64Range(0, 20).Draw(t, "start")
		action := rapid.SampledFrom([]cloud.Action{cloud.Migrate, cloud.Migrate, cloud.Suspend, cloud.Resume, cloud.Shutdown, cloud.Provision}).Draw(t, "action")
		switch action {
		case cloud.Suspend, cloud.Shutdown:
			to = none
		case cloud.Resume, cloud.Provision:
			from = none
		}
		out = append(out, step(action, cloud.VMID(rapid.IntRange(0, 3).Draw(t, "vm")), from, to, start, start+rapid.Int64Range(1, 8).Draw(t, "time")))
	}
	return out
}

// The form for schedulers and that for the judge say the same of any steps.
func TestSchedulersAndJudgeDisagree(t *testing.T) {
	kept, broken := map[string]int{}, map[string]int{}
	check := func(t *rapid.T) {
		steps := drawn(t)
		of := rapid.SampledFrom([]string{"", ", vms=[v0, v2]", ", group=web-*"}).Draw(t, "of")
		n := func(name string, least, most int) int { return rapid.IntRange(least, most).Draw(t, name) }
		var text string
		kind := rapid.SampledFrom([]string{"deadline", "frozen", "at-once"}).Draw(t, "kind")
		switch kind {
		case "deadline":
			text = fmt.Sprintf("deadline(at=%dms%s)", n("at", 10, 28), of)
		case "frozen":
			from, length := n("from", 0, 25), n("length", 1, 5)
			text = fmt.Sprintf("frozen(from=%dms, to=%dms%s%s)", from, from+length, []string{"", fmt.Sprintf(", every=%dms", length+n("gap", 1, 20))}[n("again", 0, 1)], of)
		default:
			by := rapid.SampledFrom([]string{"all", "rack", "host", "zone", "group"}).Draw(t, "by")
			if by == "group" {
				of = ", group=web-*"
			}
			text = fmt.Sprintf("at-once(most=%d, by=%s%s)", n("most", 1, 3), by, of)
		}
		list, err := slas.Bind(catalogue, small(), nil, "ms", spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		want := keeps(list[0], steps)
		if found := list[0].Violations(steps); (len(found) == 0) != want {
			t.Fatalf("%s: schedulers say %v, the judge finds %v in\n%v", text, want, found, steps)
		}
		if want {
			kept[kind]++
		} else {
			broken[kind]++
		}
	}
	for range 5 { // few at-once are broken
		rapid.Check(t, check)
	}
	for _, kind := range []string{"deadline", "frozen", "at-once"} {
		if kept[kind] < 5 || broken[kind] < 5 {
			t.Errorf("%s: %d kept, %d broken: too few", kind, kept[kind], broken[kind])
		}
	}
}

// keeps asks the form for schedulers.
func keeps(level slas.SLA, steps []cloud.Step) bool {
	switch l := level.(type) {
	case slas.Dater:
		return !slices.ContainsFunc(steps, func(s cloud.Step) bool { at, ok := l.Due(&s); return ok && s.End > at })
	case slas.Closer:
		return !slices.ContainsFunc(steps, func(s cloud.Step) bool {
			return slices.ContainsFunc(l.Closed(&s), func(w slas.Window) bool {
				at, ok := w.Open(s.Start, s.End-s.Start)
				return !ok || at > s.Start
			})
		})
	case slas.Limiter:
		for now := int64(0); now < 30; now++ {
			guard := concurrency.GuardOf(l.Limits())
			for _, s := range steps {
				if needs := (concurrency.Needs{Uses: l.Uses(&s)}); s.Start <= now && now < s.End {
					if guard.Lacks(needs) >= 0 {
						return false
					}
					guard.Begin(needs)
				}
			}
		}
	}
	return true
}

// The judge's downtime is what counting instant by instant yields.
func TestDowntimeIsMiscounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var steps []cloud.Step
		down := map[int64]int64{} // by instant: VMs that are down
		for vm := range cloud.VMID(rapid.IntRange(1, 3).Draw(t, "VMs")) {
			for at := rapid.Int64Range(0, 5).Draw(t, "from"); at < 25; at += rapid.Int64Range(6, 15).Draw(t, "later") {
				gap := rapid.Int64Range(0, 3).Draw(t, "gap")
				steps = append(steps, step(cloud.Suspend, vm, 0, none, at, at+1), step(cloud.Resume, vm, none, 0, at+1+gap, at+2+gap))
				for i := at; i < at+2+gap; i++ {
					down[i]++
				}
			}
		}
		window := rapid.Int64Range(1, 20).Draw(t, "window")
		worst := int64(0)
		for from := int64(-20); from < 60; from++ {
			total := int64(0)
			for i := from; i < from+window; i++ {
				total += down[i]
			}
			worst = max(worst, total)
		}
		for _, most := range []int64{worst - 1, worst} {
			list, err := slas.Bind(catalogue, small(), nil, "ms", spec.MustParse(fmt.Sprintf("downtime(most=%dms, window=%dms, per=all)", max(most, 0), window)))
			if err != nil {
				t.Fatal(err)
			}
			if found := list[0].Violations(steps); (len(found) > 0) != (most < worst) {
				t.Fatalf("at most %d of %d: %v", most, worst, found)
			}
		}
	})
}
