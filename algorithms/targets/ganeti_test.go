//go:build soak

package targets_test

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

var ganetiTables = flag.String("ganeti-tables", "", "FILE for the tables of the comparison with Ganeti's tools")

// What stands against hbal and hsqueeze, with hbal's score as an objective, and what hbal moves, for the blanks.
const (
	againstHbal     = "policy(objective=lexicographic(of=[load(measure=peak), %s]), reachable=yes)"
	forNoMore       = "policy(objective=%s, max-cost=%d, reachable=yes)"
	againstHsqueeze = "defragment"
)

// What counts in hbal's score of instances on shared storage, in millionths: the standard deviations of the share of memory
// in use and of vcpus over CPUs, and four times that of the number of instances, which stands for the load of processors,
// memory, disks and network where hbal is not told the load.
const (
	memoryPart = `expression(value="1000000 * (used.ram + host.reserved.ram) / host.capacity.ram", measure=stddev)`
	vcpuPart   = `expression(value="1000000 * used.r2 / (host.capacity.r2 - host.reserved.r2)", measure=stddev)`
	vmsPart    = `expression(value="1000000 * vms", measure=stddev)`
)

// ganetiCluster is a cluster for Ganeti's tools.
type ganetiCluster struct {
	hosts       int
	sizes       string // of hosts
	utilisation float64
	options     []string // of hbal
	score       string   // hbal's, as an objective
}

// ganetiClusters are 18. Hosts of two sizes should not hold as many VMs, so there hbal is told to ignore their number.
// It goes on while a migration gains anything, where it would end below a gain of .01.
func ganetiClusters() (out []ganetiCluster) {
	goOn := []string{"--min-gain=0", "--min-gain-limit=0"}
	for _, hosts := range []int{6, 9, 12} {
		for _, utilisation := range []float64{.4, .6, .8} {
			out = append(out,
				ganetiCluster{
					hosts, "1", utilisation, goOn,
					fmt.Sprintf("sum(of=[%s, %s, %s], weights=[1, 1, 4])", memoryPart, vcpuPart, vmsPart),
				},
				ganetiCluster{hosts, "1, 2", utilisation, append(goOn, "--ignore-dynu"), fmt.Sprintf("sum(of=[%s, %s])", memoryPart, vcpuPart)})
		}
	}
	return out
}

func (c ganetiCluster) String() string {
	return fmt.Sprintf("%d × %s, %.0f %%", c.hosts, strings.ReplaceAll(c.sizes, ", ", "/"), 100*c.utilisation)
}

// family makes hosts of 128 GiB and 128 vcpus, or twice that, less 4 that are reserved, and VMs of 4 to 32; a fifth of the VMs are in
// groups of three that must stand apart. The second resource, r2, is vcpus.
func (c ganetiCluster) family() string {
	return fmt.Sprintf("random(hosts=%d, resources=2, capacity=128, reserved=4, host-sizes=[%s], sizes=flavours, flavours=[4, 8, 16, 32], "+
		"weights=[.4, .3, .2, .1], correlation=0.5, grouped=0.2, utilisation=%g, start=fresh, target=none)", c.hosts, c.sizes, c.utilisation)
}

// ganetiRun compares on one cluster.
type ganetiRun struct {
	ganetiCluster
	t                  *testing.T
	in                 *cloud.Instance
	rules              []cloud.Rule
	cost               cloud.CostFunction
	points, peak, used cloud.Objective
}

func newGanetiRun(t *testing.T, c ganetiCluster) *ganetiRun {
	t.Helper()
	family, _, err := spec.Build[generators.Family](catalogue.Standard(), generators.Kind, spec.MustParse(c.family()))
	if err != nil {
		t.Fatal(err)
	}
	made, err := family(1)
	if err != nil {
		t.Fatal(err)
	}
	r := &ganetiRun{ganetiCluster: c, t: t, in: made[0]}
	if r.rules, err = rules.Bind(catalogue.Standard(), r.in, nil); err != nil {
		t.Fatal(err)
	}
	if r.cost, err = costs.Bind(catalogue.Standard(), r.in, spec.Named("ram")); err != nil {
		t.Fatal(err)
	}
	for text, o := range map[string]*cloud.Objective{c.score: &r.points, "load(measure=peak)": &r.peak, "hosts": &r.used} {
		if *o, err = objectives.Bind(catalogue.Standard(), r.in, r.rules, spec.MustParse(text)); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// way is where migrations lead.
type way struct {
	to         cloud.Placement
	migrations int
	ram        int64 // GiB
}

// along goes on. Its end must obey the rules, or Ganeti's were others. On the way they may be broken: a node that
// takes instances of one that is to be closed may have too many vcpus for a while.
func (r *ganetiRun) along(w way, path []cloud.Change) way {
	r.t.Helper()
	w.to = w.to.Clone()
	for _, c := range path {
		w.to[c.VM] = c.To
		w.migrations++
		w.ram += r.cost.Migrate(c.VM, c.From, c.To)
	}
	if broken := validate.Placement(r.in, r.rules, w.to, true); broken != nil {
		r.t.Fatalf("%s: the target breaks a rule: %s", r, broken[0])
	}
	return w
}

// tool runs one of Ganeti's tools on a placement.
func (r *ganetiRun) tool(in *cloud.Instance, program string, options ...string) string {
	r.t.Helper()
	files, lost, err := formats.Export(catalogue.Standard(), spec.MustParse("ganeti(vcpus=r2)"), in)
	if err != nil || lost != nil {
		r.t.Fatalf("lost %v, %v", lost, err)
	}
	file := filepath.Join(r.t.TempDir(), files[0].Name)
	if err := os.WriteFile(file, files[0].Data, 0o600); err != nil {
		r.t.Fatal(err)
	}
	out, err := exec.CommandContext(r.t.Context(), program, append(options, "-t", file)...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// theirs goes on as one of Ganeti's tools suggests.
func (r *ganetiRun) theirs(from way, program string, options ...string) way {
	r.t.Helper()
	in := *r.in
	in.Initial = from.to
	out := r.tool(&in, program, append(options, "-C")...)
	plan, err := formats.ReadPlan(catalogue.Standard(), spec.Named("ganeti"), &in, "-", strings.NewReader(out))
	if err != nil {
		r.t.Fatal(err)
	}
	return r.along(from, plan.Migrations)
}

// squeezed is what hsqueeze suggests. If some node is full it looks for nodes to open, and closes none; then it
// is asked again after hbal.
func (r *ganetiRun) squeezed(start, balanced way) way {
	r.t.Helper()
	options := []string{"--target-resources=0", "--minimal-resources=0"}
	if w := r.theirs(start, "hsqueeze", options...); r.used.Value(w.to).Compare(r.used.Value(start.to)) < 0 {
		return w
	}
	return r.theirs(balanced, "hsqueeze", options...)
}

// ours is what a strategy chooses.
func (r *ganetiRun) ours(start way, strategy string) way {
	r.t.Helper()
	request, err := targets.NewRequest(catalogue.Standard(), r.in, nil, r.cost)
	if err != nil {
		r.t.Fatal(err)
	}
	request.Search = request.Briefly(1)
	choice, err := targets.Choose(context.Background(), build(r.t, strategy), request)
	if err != nil {
		r.t.Fatal(err)
	}
	if choice.Path == nil {
		r.t.Errorf("%s: %s: no path is known", r, strategy)
	}
	return r.along(start, choice.Path)
}

var initialScore = regexp.MustCompile(`Initial score: ([0-9.]+)`)

// scoreOf is hbal's score of a placement, which must be what the objective says.
func (r *ganetiRun) scoreOf(w way) float64 {
	r.t.Helper()
	in := *r.in
	in.Initial = w.to
	out := r.tool(&in, "hbal", append(r.options, "--max-length=0")...)
	m := initialScore.FindStringSubmatch(out)
	if m == nil {
		r.t.Fatalf("hbal prints no score:\n%s", out)
	}
	score, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		r.t.Fatal(err)
	}
	if own := float64(r.points.Value(w.to)[0]) / 1e6; math.Abs(own-score) > 1e-5 {
		r.t.Errorf("%s: hbal's score is %f, the objective's %f", r, score, own)
	}
	return score
}

// On 18 clusters the targets use no more hosts than hsqueeze leaves, have no higher peak than hbal's, and are better by hbal's
// own score on 15 at least.
func TestSoakGanetiFindsBetterTargets(t *testing.T) {
	for _, program := range []string{"hbal", "hsqueeze"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (Debian: ganeti-htools)", program)
		}
	}
	var squeezing, balancing strings.Builder
	better := 0
	clusters := ganetiClusters()
	for _, c := range clusters {
		r := newGanetiRun(t, c)
		start := way{to: r.in.Initial}
		hbal, policy := r.theirs(start, "hbal", c.options...), r.ours(start, fmt.Sprintf(againstHbal, c.score))
		thrifty := r.ours(start, fmt.Sprintf(forNoMore, c.score, hbal.ram))
		hsqueeze, packed := r.squeezed(start, hbal), r.ours(start, againstHsqueeze)

		fmt.Fprintf(&squeezing, "| %s | %d | %d | %d | %d | %d | %d | %d | %d |\n", c, len(r.in.VMs),
			r.used.Value(start.to)[0], r.used.Value(hsqueeze.to)[0], r.used.Value(packed.to)[0],
			hsqueeze.migrations, packed.migrations, hsqueeze.ram, packed.ram)
		if a, b := r.used.Value(packed.to), r.used.Value(hsqueeze.to); b.Compare(a) < 0 {
			t.Errorf("%s: %s in use, hsqueeze leaves %s", c, r.used.Show(a), r.used.Show(b))
		}

		percent := func(w way) float64 { return float64(r.peak.Value(w.to)[0]) / 1e4 }
		scores := []float64{r.scoreOf(start), r.scoreOf(hbal), r.scoreOf(policy), r.scoreOf(thrifty)}
		fmt.Fprintf(&balancing, "| %s | %.1f | %.1f | %.1f | %.3f | %.3f | %.3f | %.3f | %d | %d | %d | %d | %d | %d |\n", c,
			percent(start), percent(hbal), percent(policy), scores[0], scores[1], scores[2], scores[3],
			hbal.migrations, policy.migrations, thrifty.migrations, hbal.ram, policy.ram, thrifty.ram)
		if a, b := r.peak.Value(policy.to), r.peak.Value(hbal.to); b.Compare(a) < 0 {
			t.Errorf("%s: a highest load of %s, hbal's is %s", c, r.peak.Show(a), r.peak.Show(b))
		}
		if scores[2] < scores[1] {
			better++
		}
	}
	tables := fmt.Sprintf(`| cluster | VMs | hosts: start | hsqueeze | ours | migrations: hsqueeze | ours | GiB: hsqueeze | ours |
|:---|---:|---:|---:|---:|---:|---:|---:|---:|
%s
| cluster | peak (%%): start | hbal | ours | score: start | hbal | ours | thrifty | migrations: hbal | ours | thrifty | GiB: hbal | ours | thrifty |
|:---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
%s`, &squeezing, &balancing)
	t.Logf("\n%s", tables)
	if better < 15 {
		t.Errorf("better by hbal's score on %d of %d clusters", better, len(clusters))
	}
	if *ganetiTables != "" {
		if err := os.WriteFile(*ganetiTables, []byte(tables), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
