package expression_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/expr-lang/expr"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
)

// words are what random expressions are made of.
type words struct{ numbers, texts, tests []string }

var ofHostAndLoad = words{
	numbers: []string{"host.capacity.r0", "host.reserved.r0", "host.nic_mbps", "used.r0", "vms", "0", "1", "2", "7", "0.5"},
	texts:   []string{"host.name", "host.zone", "host.rack", "host.labels.disk", "'y'", "'a'", "'ssd'", "''"},
}

var ofVMAndHost = words{
	numbers: []string{"vm.demand.r0", "vm.dirty_mib_per_s", "len(vm.groups)", "host.capacity.r0", "host.reserved.r0", "1", "3"},
	texts:   []string{"vm.name", "vm.arch", "host.name", "host.arch", "host.rack", "host.zone", "'x86_64'", "'a'"},
	tests:   []string{"vm.interruptible", "'g0' in vm.groups"},
}

var ofVMAndWay = words{
	numbers: []string{"vm.demand.r0", "len(vm.groups)", "from.capacity.r0", "to.capacity.r0", "1", "3", "0.25"},
	texts:   []string{"vm.arch", "from.name", "from.zone", "from.rack", "to.name", "to.zone", "to.rack", "'a'"},
	tests:   []string{"vm.interruptible", "from.rack == to.rack", "from.zone == to.zone"},
}

// number draws an expression that yields a number; in it, nothing leaves the range in
// which float64 is exact as long as there is no division by anything but 2.
func (w words) number(t *rapid.T, depth int) string {
	if depth == 0 {
		return rapid.SampledFrom(w.numbers).Draw(t, "number")
	}
	a := func() string { return w.number(t, depth-1) }
	switch rapid.IntRange(0, 7).Draw(t, "form") {
	case 0:
		return fmt.Sprintf("(%s + %s)", a(), a())
	case 1:
		return fmt.Sprintf("(%s - %s)", a(), a())
	case 2:
		return fmt.Sprintf("%s * %s", a(), a())
	case 3:
		return fmt.Sprintf("(%s) / 2", a())
	case 4:
		return fmt.Sprintf("max(%s, %s)", a(), a())
	case 5:
		return fmt.Sprintf("abs(-(%s))", a())
	case 6:
		return fmt.Sprintf("(%s ? %s : %s)", w.test(t, depth-1), a(), a())
	default:
		return a()
	}
}

func (w words) test(t *rapid.T, depth int) string {
	if depth == 0 {
		if len(w.tests) > 0 && rapid.Bool().Draw(t, "ready-made") {
			return rapid.SampledFrom(w.tests).Draw(t, "test")
		}
		operator := rapid.SampledFrom([]string{"==", "!=", "contains", "startsWith"}).Draw(t, "operator")
		return fmt.Sprintf("%s %s %s", rapid.SampledFrom(w.texts).Draw(t, "text"), operator, rapid.SampledFrom(w.texts).Draw(t, "text"))
	}
	a := func() string { return w.test(t, depth-1) }
	switch rapid.IntRange(0, 4).Draw(t, "form") {
	case 0:
		return fmt.Sprintf("(%s && %s)", a(), a())
	case 1:
		return fmt.Sprintf("(%s or %s)", a(), a())
	case 2:
		return fmt.Sprintf("!(%s)", a())
	case 3:
		return fmt.Sprintf("%s in [%s]", rapid.SampledFrom(w.texts).Draw(t, "text"), "'a', 'y', 'ssd'")
	default:
		operator := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "operator")
		return fmt.Sprintf("%s %s %s", w.number(t, depth-1), operator, w.number(t, depth-1))
	}
}

func compile(t *rapid.T, in *cloud.Instance, source string, yields expression.Result, may expression.Subject) *expression.Program {
	p, err := expression.Compile(in, source, yields, may)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return p
}

// Where float64 is exact, an expression means what it means to Expr itself.
func TestMeaningIsNotThatOfExpr(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		source := ofHostAndLoad.test(t, 3)
		p := compile(t, in, source, expression.Test, expression.Host|expression.Used|expression.VMs)
		for h := range in.Hosts {
			at := &expression.At{Host: cloud.HostID(h), Used: make([]int64, len(in.Resources)), VMs: int64(h)}
			at.Used[0] = rapid.Int64Range(0, 9).Draw(t, "used")
			host := &in.Hosts[h]
			want, err := expr.Eval(source, map[string]any{
				"vms": at.VMs, "used": map[string]any{"r0": at.Used[0]},
				"host": map[string]any{
					"name": host.Name, "zone": host.Zone, "rack": host.Rack, "nic_mbps": host.NICMbps,
					"labels":   map[string]any{"disk": host.Labels["disk"]},
					"capacity": map[string]any{"r0": host.Capacity[0]},
					"reserved": map[string]any{"r0": host.Reserved[0]},
				},
			})
			if err != nil {
				t.Fatalf("%s: %v", source, err)
			}
			for _, q := range []*expression.Program{p, p.On(at.Host), p.OnEach()[h]} {
				if got, err := q.Test(at); err != nil || got != want {
					t.Fatalf("%s on host %d: Expr says %v, found %v, %v", source, h, want, got, err)
				}
			}
		}
	})
}

// What is looked up by class is what the expression says of each VM on each host.
func TestFilterDiffersFromItsExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		p := compile(t, in, ofVMAndHost.test(t, 3), expression.Test, expression.VM|expression.Host)
		f, err := p.Filter()
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		for v := range in.VMs {
			for h := range in.Hosts {
				at := &expression.At{VM: cloud.VMID(v), Host: cloud.HostID(h)}
				want, err := p.Test(at)
				if got := f.Admits(at.VM, at.Host); err != nil || got != want {
					t.Fatalf("%s: VM %d on host %d: expected %v, %v, found %v", p, v, h, want, err, got)
				}
			}
		}
	})
}

func TestTariffDiffersFromItsExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		p := compile(t, in, "abs("+ofVMAndWay.number(t, 3)+")", expression.Amount, expression.VM|expression.From|expression.To)
		f, err := p.Tariff()
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		for v := range in.VMs {
			for from := range in.Hosts {
				for to := range in.Hosts {
					if from == to {
						continue
					}
					at := &expression.At{VM: cloud.VMID(v), From: cloud.HostID(from), To: cloud.HostID(to)}
					want, err := p.Amount(at)
					if got := f.Amounts[int(f.VM[v])*f.Ways+int(f.Way(at.From, at.To))]; err != nil || got != want {
						t.Fatalf("%s: VM %d from %d to %d: expected %d, %v, found %d", p, v, from, to, want, err, got)
					}
				}
			}
		}
	})
}

// crowd is an instance in which every VM and every host has a name and a demand of its
// own, on two racks.
func crowd(t *testing.T, n int) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{Name: "crowd", Resources: []cloud.Resource{{Name: "ram"}}, Initial: make(cloud.Placement, n)}
	for i := range n {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", i), Demand: []int64{int64(i)}})
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("h%d", i), Rack: []string{"a", "b"}[i%2], Capacity: []int64{int64(i)}, Reserved: []int64{0},
		})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// Classes are by what the expression makes of VMs and hosts, so that few of them serve
// many VMs and hosts; and there is an end to how many are tried.
func TestClassesAreTooManyOrUnbounded(t *testing.T) {
	in := crowd(t, 5000)
	may := expression.VM | expression.Host
	for source, want := range map[string]string{
		"vm.demand.ram > 100 || host.capacity.ram > 100": "",
		"vm.demand.ram <= host.capacity.ram || true":     "tells apart 5000 classes of VMs and 5000 of hosts: expected at most 20000000 combinations",
	} {
		p, err := expression.Compile(in, source, expression.Test, may)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = p.Filter(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: expected %q, found %v", source, want, err)
		}
	}
	may = expression.VM | expression.From | expression.To
	for source, want := range map[string]string{
		"vm.demand.ram * (from.rack == to.rack ? 1 : 3)": "",
		"from.name == to.name ? 1 : 2":                   "5000 classes of hosts to leave and 5000 of hosts to go to",
		"vm.demand.ram + from.capacity.ram":              "5000 classes of VMs and 5000 of ways from host to host",
	} {
		p, err := expression.Compile(in, source, expression.Amount, may)
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.Tariff()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: expected %q, found %v", source, want, err)
		}
		if err == nil && f.Ways != 2 {
			t.Errorf("%s: expected 2 classes of ways, found %d", source, f.Ways)
		}
	}
}

// Errors of binding name who is concerned.
func TestFaultNamesNobody(t *testing.T) {
	in := crowd(t, 3)
	for _, c := range []struct {
		source string
		yields expression.Result
		want   string
	}{
		{"1 / vm.demand.ram > host.capacity.ram", expression.Test, `VM "v0" on host "h0": column 3: division by zero`},
		// v1 is not taken for one of those for whom it comes to 0.
		{"vm.demand.ram / (vm.demand.ram - 1) >= host.capacity.ram", expression.Test, `VM "v1" on host "h0": column 15: division by zero`},
		{"to.capacity.ram - from.capacity.ram", expression.Amount, `VM "v0" from host "h1" to "h0": expected a number of at least 0, found -1`},
		{"vm.demand.ram * 9223372036854775807", expression.Amount, `VM "v2" from host "h0" to "h1": the number does not fit in 64 bits`},
	} {
		p, err := expression.Compile(in, c.source, c.yields, everything)
		if err != nil {
			t.Fatal(err)
		}
		if c.yields == expression.Test {
			_, err = p.Filter()
		} else {
			_, err = p.Tariff()
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: expected %s, found %v", c.source, c.want, err)
		}
	}
}

// A fault that no combination meets is none: the VM decides whether the host is asked.
func TestFaultThatNobodyMeetsIsReported(t *testing.T) {
	in := crowd(t, 3)
	p, err := expression.Compile(in, "vm.demand.ram < 5 || 1 / host.capacity.ram > 0", expression.Test, everything)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Filter(); err != nil {
		t.Error(err)
	}
}

// Evaluation in a search's loop takes no memory.
func TestEvaluationAllocates(t *testing.T) {
	in := small(t)
	p, err := expression.Compile(in, "used.ram <= 0.9 * host.capacity.ram && vms <= 4 || host.labels.big == 'yes'", expression.Test, everything)
	if err != nil {
		t.Fatal(err)
	}
	p, a := p.On(1), at()
	a.Host = 1
	if n := testing.AllocsPerRun(100, func() {
		if _, err := p.Test(a); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("expected no allocation, found %v", n)
	}
}

func BenchmarkHostTest(b *testing.B) {
	in := small(b)
	p, err := expression.Compile(in, "used.ram <= 0.9 * host.capacity.ram", expression.Test, everything)
	if err != nil {
		b.Fatal(err)
	}
	p, a := p.On(0), at()
	for b.Loop() {
		if _, err := p.Test(a); err != nil {
			b.Fatal(err)
		}
	}
}
