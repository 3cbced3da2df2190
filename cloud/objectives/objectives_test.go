package objectives_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// small is an instance of three hosts with 16 cores and 64 GiB each, of which one is empty.
func small(tb testing.TB) *cloud.Instance {
	tb.Helper()
	in := &cloud.Instance{
		Name:      "small",
		Resources: []cloud.Resource{{Name: "ram", Unit: "GiB"}, {Name: "vcpu"}},
		Groups:    []cloud.Group{{Name: "web", VMs: []cloud.VMID{0, 1, 2}}},
		Initial:   cloud.Placement{0, 0, 1, cloud.Absent},
	}
	for h := range 3 {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("h%d", h), Capacity: []int64{64, 16}, Reserved: []int64{0, 0}, Rack: fmt.Sprintf("r%d", h/2),
		})
	}
	for v, demand := range [][]int64{{16, 4}, {8, 7}, {62, 1}, {64, 16}} {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("vm%d", v), Demand: demand})
	}
	if err := in.Check(); err != nil {
		tb.Fatal(err)
	}
	return in
}

func bind(tb testing.TB, in *cloud.Instance, s string) (cloud.Objective, error) {
	tb.Helper()
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return objectives.Bind(catalogue.Standard(), in, bound, spec.MustParse(s))
}

func TestValueOfAnExampleChanges(t *testing.T) {
	in := small(t)
	for _, c := range []struct{ spec, want string }{
		{"hosts", "2 hosts"},
		{"load", "96.875 %"},                                // 62 of 64 GiB
		{"load(resource=vcpu)", "68.75 %"},                  // 11 of 16 cores
		{"load(weights.ram=1, weights.vcpu=1)", "53.125 %"}, // host 0: (37.5 % + 68.75 %) / 2
		{"load(measure=range)", "96.875 %"},
		{"load(measure=stddev)", "40.6918 %"}, // of 68.75 %, 96.875 % and 0
		{"load(measure=above, threshold=0.5)", "65.625 %"},
		{"fragments(size.vcpu=4)", "4 vcpu"},             // 1 and 3
		{"fragments(size.vcpu=4, size.ram=4)", "86 GiB"}, // host 0 has room for one (36 left), host 1 for none (2), host 2 for 4 (48)
		{"fragments(size.vcpu=4, size.ram=4, resource=vcpu)", "16 vcpu"},
		{"headroom(size.vcpu=4, size.ram=4, count=10)", "5 VMs"},
		{"headroom(size.vcpu=4, size.ram=4, count=5)", "0 VMs"},
		{"locality(group=web)", "0 places"},
		{"locality(group=*, level=host)", "1 place"},
		{`expression(value="vms == 0 ? 0 : 100 + used.vcpu", unit=W)`, "212 W"},
		{"expression(value=vms, measure=range)", "2 points"},
		{`expression(value="1000 * vms", measure=stddev)`, "817 points"}, // of 2, 1 and 0 VMs
		{"sum(of=[hosts, locality(group=web, level=host)], weights=[10, 1])", "21 points"},
		{"sum(of=[load, load(resource=vcpu)])", "165.625 %"},
		{"lexicographic(of=[hosts, load])", "2 hosts, 96.875 %"},
	} {
		o, err := bind(t, in, c.spec)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		if got := o.Show(o.Value(in.Initial)); got != c.want {
			t.Errorf("%s is %q, expected %q", c.spec, got, c.want)
		}
	}
}

func TestBindingErrorSaysTooLittle(t *testing.T) {
	in := small(t)
	in.Hosts[0].Numbers = map[string]int64{"watts": -1}
	for _, c := range []struct{ spec, want string }{
		{"lod", `unknown objective "lod", did you mean "load"?`},
		{"hosts(weight=watts)", `objective hosts(weight=watts): host "h0" has watts: -1 among its numbers, expected at least 0`},
		{"load(resource=rma)", `unknown resource "rma", did you mean "ram"?`},
		{"load(resource=[])", "expected at least one resource"},
		{"load(resource=[ram, ram])", `resource "ram" is named twice`},
		{"load(resource=ram, weights.ram=1)", "expected resource or weights, found both"},
		{"load(weights.ram=0)", "expected a weight above 0, found none"},
		{"load(measure=above)", "expected a threshold with measure=above, and only with it"},
		{"load(threshold=1)", "expected a threshold with measure=above, and only with it"},
		{"load(measure=above, threshold=1001)", "expected a ratio from 0 to 1000"},
		{"fragments", "expected the size of a VM, such as size.ram=16"},
		{"fragments(size.ram=0)", "expected an integer from 1 to 9223372036854775807"},
		{"fragments(size.cpu=1)", `unknown resource "cpu", did you mean "vcpu"?`},
		{"fragments(size.ram=1, resource=vcpu)", `the size does not demand "vcpu", whose fragments are to count`},
		{"headroom(size.ram=1)", `headroom needs parameter "count"`},
		{"locality(group=wbe)", `unknown group "wbe", did you mean "web"?`},
		{"locality(group=web, level=row)", `no host has the label "row"`},
		{"expression(value=\"1 / vms\")", `host "h0" without VMs: column 3: division by zero`},
		{"expression(value=\"vm.demand.ram\")", `unknown name "vm"`},
		{"sum(of=[])", "expected at least one objective in of=[…]"},
		{"sum(of=[hosts, load], weights=1)", "expected one weight for each of 2 objectives, found 1"},
		{"sum(of=lexicographic(of=[hosts, load]))", "lexicographic(of=[hosts, load]): its scores have 2 components, expected one to add up"},
		{"sum(of=[load(measure=peak), sum(of=load, weights=1000000000)], weights=[1, 1000000000])", "the sum may not fit in 64 bits"},
		{"sum(of=hosts(weight=watts))", `host "h0" has watts: -1`},
		{"lexicographic(of=[hosts, load, hosts, lexicographic(of=[hosts, load])])", "expected at most 4 ranks, those of nested objectives included, found 5"},
	} {
		if _, err := bind(t, in, c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: expected %q, found %v", c.spec, c.want, err)
		}
	}
}

// Shares are exact where float64 is not, and saturate.
func TestLoadIsRoundedOtherwise(t *testing.T) {
	const most = math.MaxInt64
	for _, c := range []struct{ used, limit, want int64 }{
		{0, 0, 0},
		{0, most, 0},
		{1, most, 1}, // up
		{most, most, 1_000_000},
		{most - 1, most, 1_000_000}, // up
		{most, most - 1, 1_000_001},
		{1, 3, 333_334},
		{29, 100, 290_000}, // 289999.99999999994 in floating point
		{999_999, 1000, 999_999_000},
		{1_000_000, 1000, 1_000_000_000},
		{most, 1, 1_000_000_000},
		{1, 0, 1_000_000_000},
	} {
		in := &cloud.Instance{
			Name: "one", Resources: []cloud.Resource{{Name: "ram"}}, Initial: cloud.Placement{0},
			Hosts: []cloud.Host{{Name: "h", Capacity: []int64{c.limit}, Reserved: []int64{0}}},
			VMs:   []cloud.VM{{Name: "vm", Demand: []int64{c.used}}},
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		o, err := bind(t, in, "load")
		if err != nil {
			t.Fatal(err)
		}
		meter := o.NewMeter(cloud.NewState(in, nil, in.Initial))
		if value := o.Value(in.Initial)[0]; value != c.want || meter.Value()[0] != c.want {
			t.Errorf("%d of %d is a load of %d, the meter says %d, expected %d", c.used, c.limit, value, meter.Value()[0], c.want)
		}
	}
}

// The loads of the rules' limits count, not those of the capacity.
func TestOvercommitIsLeftOut(t *testing.T) {
	in := small(t)
	in.Rules = []spec.Spec{spec.MustParse("capacity(overcommit.vcpu=2)")}
	o, err := bind(t, in, "load(resource=vcpu)")
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Show(o.Value(in.Initial)); got != "34.375 %" {
		t.Errorf("11 of 2 × 16 cores are %s, expected 34.375 %%", got)
	}
}

// The published rate: what is left of the free cores beyond multiples of 16, over all free cores.
func TestFragmentRateIsNotThePublishedOne(t *testing.T) {
	in := &cloud.Instance{Name: "nodes", Resources: []cloud.Resource{{Name: "cpu"}}}
	used := []int64{44, 40, 28, 12, 0}
	free, chunks := int64(0), int64(0)
	for i, n := range used {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("node", i), Capacity: []int64{44}, Reserved: []int64{0}})
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", i), Demand: []int64{n}})
		in.Initial = append(in.Initial, cloud.HostID(i))
		free += 44 - n
		chunks += (44 - n) / 16
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	o, err := bind(t, in, "fragments(size.cpu=16)")
	if err != nil {
		t.Fatal(err)
	}
	if value := o.Value(in.Initial)[0]; value != free-16*chunks {
		t.Errorf("the rate is %d/%d, expected %d/%d", value, free, free-16*chunks, free)
	}
}

// heavy is an objective of another module.
type heavy struct{ cloud.Objective }

func (heavy) Value(cloud.Placement) cloud.Score { return cloud.Score{math.MaxInt64 / 2} }

// What another module's objective comes to is not known beforehand: the sum stays at the largest number.
func TestSumWrapsAround(t *testing.T) {
	in := small(t)
	entry := spec.Entry[objectives.Binder]{
		Descriptor: spec.Descriptor{Name: "heavy", Synopsis: "a large number"},
		New: func(spec.Args) (objectives.Binder, error) {
			return func(in *cloud.Instance, _ []cloud.Rule) (cloud.Objective, error) {
				hosts, err := objectives.Bind(catalogue.Standard(), in, nil, spec.Named("hosts"))
				return heavy{hosts}, err
			}, nil
		},
	}
	c := spec.NewCatalogue(objectives.Registry(append(objectives.Entries(), entry)...))
	o, err := objectives.Bind(c, in, nil, spec.MustParse("sum(of=[heavy, heavy, heavy])"))
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Value(in.Initial)[0]; got != math.MaxInt64 {
		t.Errorf("expected %d, found %d", int64(math.MaxInt64), got)
	}
}

func TestInstancesOwnObjectiveIsOverlooked(t *testing.T) {
	in := small(t)
	given, own, otherwise := new(spec.Named("hosts")), spec.MustParse("load"), spec.Named("otherwise")
	if got := objectives.InForce(in, nil, otherwise); !got.Equal(otherwise) {
		t.Errorf("expected what the caller has chosen, found %s", got)
	}
	in.Objective = &own
	if got := objectives.InForce(in, nil, otherwise); !got.Equal(own) {
		t.Errorf("expected the instance's own, found %s", got)
	}
	if got := objectives.InForce(in, given, otherwise); !got.Equal(*given) {
		t.Errorf("expected the given one, found %s", got)
	}
	own = spec.Named("lod")
	_, err := objectives.BindInForce(catalogue.Standard(), in, nil, nil, otherwise)
	if at := (*cloud.PathError)(nil); !errors.As(err, &at) || at.Pointer != "/objective" {
		t.Errorf("expected a fault at /objective, found %v", err)
	}
	if o, err := objectives.BindInForce(catalogue.Standard(), in, nil, given, otherwise); err != nil || o.String() != "hosts" {
		t.Errorf("found %v, %v", o, err)
	}
}

func TestRegistryHasProblems(t *testing.T) {
	for _, err := range spec.NewCatalogue(objectives.Registry(objectives.Entries()...), rules.Registry(rules.Entries()...)).Problems() {
		t.Error(err)
	}
	for _, e := range catalogue.Standard().Descriptors(objectives.Kind) {
		if e.Doc == "" || e.Citation == "" {
			t.Errorf("%s has no text or no citation", e.Name)
		}
		for _, p := range e.Params {
			if slices.Contains([]spec.Type{spec.Int, spec.Ratio}, p.Type) && p.Bounds == nil {
				t.Errorf("%s: the parameter %s has no bounds", e.Name, p.Name)
			}
		}
	}
}

func ExampleBind() {
	in := &cloud.Instance{
		Name:      "i",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts:     []cloud.Host{{Name: "a", Capacity: []int64{1000}, Reserved: []int64{0}}, {Name: "b", Capacity: []int64{1000}, Reserved: []int64{0}}},
		VMs:       []cloud.VM{{Name: "vm1", Demand: []int64{300}}, {Name: "vm2", Demand: []int64{400}}},
		Initial:   cloud.Placement{0, 1},
	}
	objective, err := objectives.Bind(catalogue.Standard(), in, nil, spec.MustParse("lexicographic(of=[hosts, load])"))
	if err != nil {
		panic(err)
	}
	state := cloud.NewState(in, nil, in.Initial)
	meter := cloud.Measure(objective, state)
	fmt.Println(objective.Show(meter.Value()))
	state.Move(0, 1)
	fmt.Println(objective.Show(meter.Value()))
	// Output:
	// 2 hosts, 40 %
	// 1 host, 70 %
}
