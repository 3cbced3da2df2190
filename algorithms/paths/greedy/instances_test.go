package greedy_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/generators"
)

// failer is what tests, benchmarks and rapid have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func testCatalogue() *spec.Catalogue { return pathtest.Catalogue(paths.Registry(greedy.Entry())) }

func problem(t failer, in *cloud.Instance, cost string) *paths.Problem {
	t.Helper()
	p, err := paths.NewProblem(pathtest.Catalogue(), in, nil, spec.MustParse(cost))
	if err != nil {
		t.Fatalf("%s: %v", in.Name, err)
	}
	return p
}

// solve runs greedy without any limit unless told otherwise, and has the judge look
// at whatever it found.
func solve(t failer, p *paths.Problem, algorithm string, o paths.Options) paths.Result {
	t.Helper()
	searcher, args, err := spec.Build[func() paths.Searcher](testCatalogue(), paths.Kind, spec.MustParse(algorithm))
	if err != nil {
		t.Fatalf("%v", err)
	}
	r, err := paths.NewSolver(searcher).Solve(context.Background(), p, o)
	if err != nil {
		t.Fatalf("%s: %v", p.Instance.Name, err)
	}
	if !r.Status.HasPlan() {
		return r
	}
	report := validate.Plan(p.Instance, p.Rules, p.Cost, r.Plan(p, args.Full().String()))
	if !report.OK() {
		t.Fatalf("%s: the plan is invalid: %v", p.Instance.Name, report.Findings)
	}
	return r
}

// sharedData finds a folder of other people's instances next to the checkout.
func sharedData(t *testing.T, folder string) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			data := filepath.Join(dir, "..", "shared", "data", folder)
			if _, err := os.Stat(data); err != nil {
				t.Skipf("no %s here", filepath.Join("..", "shared", "data", folder))
			}
			return data
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// recipe describes a random instance.
type recipe struct {
	hosts, resources int
	capacity         int64
	util             float64 // of the first resource
	groups           bool    // with anti-affinity, spread and dependencies
}

func (r recipe) String() string {
	s := fmt.Sprintf("%d hosts of %d, %d resources, %.0f %% full", r.hosts, r.capacity, r.resources, 100*r.util)
	if r.groups {
		s += ", groups"
	}
	return s
}

// make fills the hosts at random; the initial placement is sane, there is no target.
func (r recipe) make(t failer, rnd *rand.Rand) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{Name: r.String(), Rules: []spec.Spec{spec.Named("capacity")}}
	for i := range r.resources {
		in.Resources = append(in.Resources, cloud.Resource{Name: fmt.Sprintf("r%d", i), Unit: "u"})
	}
	for h := range r.hosts {
		host := cloud.Host{
			Name: fmt.Sprintf("h%d", h), Zone: fmt.Sprintf("z%d", h%2),
			Capacity: make([]int64, r.resources), Reserved: make([]int64, r.resources),
		}
		for i := range host.Capacity {
			host.Capacity[i] = r.capacity
		}
		in.Hosts = append(in.Hosts, host)
	}
	used := make([][]int64, r.hosts)
	for h := range used {
		used[h] = make([]int64, r.resources)
	}
	missing := int64(r.util * float64(r.capacity) * float64(r.hosts))
	for tries := 0; missing > 0 && tries < 100*int(missing+1); tries++ {
		demand := make([]int64, r.resources)
		demand[0] = min(1<<rnd.IntN(5), r.capacity/2, missing)
		for i := 1; i < r.resources; i++ {
			demand[i] = 1 + rnd.Int64N(demand[0])
		}
		h := rnd.IntN(r.hosts)
		fits := true
		for i, d := range demand {
			fits = fits && used[h][i]+d <= r.capacity
		}
		if !fits {
			continue
		}
		for i, d := range demand {
			used[h][i] += d
		}
		missing -= demand[0]
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", len(in.VMs)), Demand: demand})
		in.Initial = append(in.Initial, cloud.HostID(h))
	}
	if r.groups {
		r.addGroups(in)
	}
	if err := in.Check(); err != nil {
		t.Fatalf("%v", err)
	}
	return in
}

// addGroups adds rules that the initial placement keeps.
func (r recipe) addGroups(in *cloud.Instance) {
	for g := range 3 {
		taken := map[cloud.HostID]bool{}
		group := cloud.Group{Name: fmt.Sprintf("g%d", g)}
		zones := map[string]bool{}
		for v := g; v < len(in.VMs); v += 3 {
			if h := in.Initial[v]; !taken[h] {
				taken[h] = true
				zones[in.Hosts[h].Zone] = true
				group.VMs = append(group.VMs, cloud.VMID(v))
			}
		}
		in.Groups = append(in.Groups, group)
		if len(group.VMs) > 1 {
			in.Rules = append(in.Rules, spec.MustParse(fmt.Sprintf("anti-affinity(group=g%d)", g)))
		}
		if len(zones) == 2 {
			in.Rules = append(in.Rules, spec.MustParse(fmt.Sprintf("spread(group=g%d, min=2, by=zone)", g)))
			if g == 1 {
				in.Rules = append(in.Rules, spec.MustParse("depends(group=g0, on=g1)"))
			}
		}
	}
}

// drift takes n random sane migrations from the initial placement: the way back, and
// so the way there unless dependencies forbid it, exists.
func drift(t failer, in *cloud.Instance, n int, rnd *rand.Rand) cloud.Placement {
	t.Helper()
	bound, err := rules.Bind(pathtest.Catalogue(), in, nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	s := cloud.NewState(in, bound, in.Initial)
	for tries := 0; n > 0 && tries < 1000; tries++ {
		v, h := cloud.VMID(rnd.IntN(len(in.VMs))), cloud.HostID(rnd.IntN(len(in.Hosts)))
		if s.Allows(v, h) {
			s.Move(v, h)
			n, tries = n-1, 0
		}
	}
	return s.Placement()
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// fresh is the family of full clouds whose start and target are random and independent.
func fresh(hosts int, utilisation float64) string {
	return fmt.Sprintf("random(hosts=%d, utilisation=%g, capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], "+
		"weights=[.30, .30, .20, .15, .05], tries=20, start=fresh, target=fresh)", hosts, utilisation)
}

// generate is the first instance of a family.
func generate(t failer, family string, seed uint64) *cloud.Instance {
	t.Helper()
	f, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse(family))
	if err != nil {
		t.Fatalf("%v", err)
	}
	instances, err := f(seed)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return instances[0]
}
