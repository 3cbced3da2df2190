package drivers_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// three is a cloud of three hosts with room for two of its VMs each: a and b stand on h1, c on h2. Each migration takes 10 s.
func three(t *testing.T, on string, seed uint64, ruleTexts ...string) *drivers.Simulation {
	t.Helper()
	c := spec.NewCatalogue(rules.Registry(rules.Entries()...), durations.Registry(durations.Entries()...), drivers.Registry(drivers.Entries()...))
	in := &cloud.Instance{Name: "three", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, Initial: cloud.Placement{0, 0, 1}}
	for i := range 3 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", i+1), Capacity: []int64{2000}, Reserved: []int64{0}})
	}
	for _, name := range []string{"a", "b", "c"} {
		in.VMs = append(in.VMs, cloud.VM{Name: name, Demand: []int64{1000}})
	}
	for _, text := range append([]string{"capacity"}, ruleTexts...) {
		in.Rules = append(in.Rules, spec.MustParse(text))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	takes, err := durations.Bind(c, in, spec.MustParse("rate(bandwidth=800)"))
	if err != nil {
		t.Fatal(err)
	}
	bind, _, err := spec.Build[drivers.Binder](c, drivers.Kind, spec.MustParse(on))
	if err != nil {
		t.Fatal(err)
	}
	plan := &cloud.Plan{Steps: []cloud.Step{{Action: cloud.Migrate, VM: 0, From: 0, To: 2}, {Action: cloud.Migrate, VM: 2, From: 1, To: 0}}}
	d, err := bind(drivers.Setting{Catalogue: c, Instance: in, Duration: takes, Plan: plan, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return d.(*drivers.Simulation)
}

// asks asks for a migration, and tells why it is refused, or "".
func asks(t *testing.T, d *drivers.Simulation, id int64, vm, from, to string) string {
	t.Helper()
	err := d.Begin(t.Context(), drivers.Request{ID: id, Action: cloud.Migrate, VM: vm, From: from, To: to})
	if no, ok := errors.AsType[*drivers.RefusedError](err); ok {
		return no.Why
	}
	if err != nil {
		t.Fatal(err)
	}
	return ""
}

// look waits until a time, and tells where the VMs stand: "a:h1 b:h1>h2" has b under way.
func look(t *testing.T, d *drivers.Simulation, until int64) string {
	t.Helper()
	for {
		s, err := d.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s.At >= until {
			var texts []string
			for _, vm := range s.VMs {
				text := vm.Name + ":" + vm.Host
				if vm.UnderWay {
					text += ">" + vm.To
				}
				texts = append(texts, text)
			}
			return strings.Join(texts, " ")
		}
		if err := d.Wait(t.Context(), until); err != nil {
			t.Fatal(err)
		}
	}
}

func expect(t *testing.T, want, got string) {
	t.Helper()
	if got != want {
		t.Errorf("found %q, expected %q", got, want)
	}
}

func TestBothEndsAreCharged(t *testing.T) {
	d := three(t, "simulation", 1)
	expect(t, "", asks(t, d, 1, "a", "h1", "h2"))
	expect(t, `VM "a" is under way already`, asks(t, d, 2, "a", "h1", "h3"))
	expect(t, `no valid host was found for VM "c"`, asks(t, d, 3, "c", "h2", "h1")) // a still stands there
	expect(t, `VM "c" stands on host "h2"`, asks(t, d, 4, "c", "h3", "h1"))
	expect(t, "a:h1>h2 b:h1 c:h2", look(t, d, 5_000))
	expect(t, "a:h2 b:h1 c:h2", look(t, d, 20_000))
	expect(t, "", asks(t, d, 5, "c", "h2", "h1"))
	expect(t, "a:h2 b:h1 c:h1", look(t, d, 40_000))
	var whats []string
	for _, e := range d.Log() {
		whats = append(whats, fmt.Sprint(e.Request.ID, " ", e.What))
	}
	want := []string{"1 accepted", "2 started twice", "3 refused", "4 refused", "1 ended", "5 accepted", "5 ended"}
	if !slices.Equal(whats, want) {
		t.Errorf("the log has %q, expected %q", whats, want)
	}
}

func TestUncheckedCloudCarriesOutWhatBreaksRules(t *testing.T) {
	d := three(t, "simulation(checks=no)", 1)
	expect(t, "", asks(t, d, 1, "c", "h2", "h1"))
	expect(t, "a:h1 b:h1 c:h1", look(t, d, 20_000))
}

func TestSchedulerOfTheCloudLagsBehind(t *testing.T) {
	d := three(t, "simulation(lag=120s)", 1, "max-vms(max=2)")
	expect(t, "", asks(t, d, 1, "a", "h1", "h3"))
	look(t, d, 60_000)
	expect(t, `no valid host was found for VM "c"`, asks(t, d, 2, "c", "h2", "h1")) // a has left 50 s ago
	look(t, d, 140_000)
	expect(t, "", asks(t, d, 3, "c", "h2", "h1"))
}

func TestHostsHaveSlots(t *testing.T) {
	d := three(t, "simulation(slots=1)", 1)
	expect(t, "", asks(t, d, 1, "a", "h1", "h3"))
	expect(t, `host "h1" is busy with 1 step`, asks(t, d, 2, "b", "h1", "h2"))
	look(t, d, 20_000)
	expect(t, "", asks(t, d, 3, "b", "h1", "h2"))
}

func TestStalledMigrationEndsWhenAborted(t *testing.T) {
	d := three(t, "simulation(stalls=1)", 1)
	expect(t, "", asks(t, d, 1, "a", "h1", "h3"))
	expect(t, "a:h1>h3 b:h1 c:h2", look(t, d, 1_000_000))
	if err := d.Wait(t.Context(), math.MaxInt64); err == nil {
		t.Error("waiting without end for nothing is no error")
	}
	if err := d.Abort(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	expect(t, "a:h1 b:h1 c:h2", look(t, d, 1_000_000))
}

func TestDeadHostTakesItsVMsDown(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		d := three(t, "simulation(deaths=1)", seed)
		asks(t, d, 1, "a", "h1", "h3")
		look(t, d, 30_000)
		s, err := d.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Down) != 1 {
			t.Fatalf("seed %d: hosts %q are down, expected one", seed, s.Down)
		}
		for _, vm := range s.VMs {
			if vm.UnderWay || vm.Host == s.Down[0] {
				t.Errorf("seed %d: VM %s stands on %q, under way: %v, and %q is down", seed, vm.Name, vm.Host, vm.UnderWay, s.Down[0])
			}
		}
		if why := asks(t, d, 2, "c", "h2", s.Down[0]); why == "" {
			t.Errorf("seed %d: a migration to a dead host was accepted", seed)
		}
	}
}

// What becomes of an attempt to move a VM depends on the seed alone, not on when it is made, nor on what others do or whether executors are killed.
func TestFatesAreCommonRandomNumbers(t *testing.T) {
	fates := func(on string, first, second string, seed uint64) map[string]string {
		d, from, out := three(t, on, seed), map[string]string{"a": "h1", "c": "h2"}, map[string]string{}
		for i, vm := range []string{first, second} {
			for { // until the executor hears of it
				err := d.Begin(t.Context(), drivers.Request{ID: int64(i + 1), Action: cloud.Migrate, VM: vm, From: from[vm], To: "h3"})
				if !errors.Is(err, drivers.ErrKilled) {
					break
				}
			}
		}
		began := map[string]int64{}
		for n := 0; n < 200; n++ {
			if err := d.Wait(t.Context(), int64(n)*1000); err != nil && !errors.Is(err, drivers.ErrKilled) {
				t.Fatal(err)
			}
		}
		for _, e := range d.Log() {
			switch e.What {
			case drivers.Accepted:
				began[e.Request.VM] = e.At
			case drivers.Ended, drivers.Failed:
				out[e.Request.VM] = fmt.Sprint(e.What, " after ", e.At-began[e.Request.VM])
			}
		}
		return out
	}
	differ := map[string]bool{}
	for seed := uint64(1); seed <= 40; seed++ {
		const on = "simulation(failures=0.5, deviation=3, kills="
		one, other := fates(on+"0)", "a", "c", seed), fates(on+"2)", "c", "a", seed)
		if len(one) != 2 || !cmp.Equal(one, other) {
			t.Errorf("seed %d: %v, and in another order with kills %v", seed, one, other)
		}
		differ[one["a"]] = true
	}
	if len(differ) < 20 {
		t.Errorf("there are only %d different fates", len(differ))
	}
}
