package bounds_test

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

// bind makes the question of an instance under its own rules, and the objective hosts.
func bind(t testing.TB, in *cloud.Instance) (bounds.Question, *objectives.Hosts) {
	t.Helper()
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := objectives.Bind(spec.NewCatalogue(objectives.Registry(objectives.Entries()...)), in, bound, spec.MustParse("hosts"))
	if err != nil {
		t.Fatal(err)
	}
	return bounds.Question{Instance: in, Rules: bound}, o.(*objectives.Hosts)
}

// Other people's solvers have found targets of these instances: no bound may be above them.
func TestBoundIsAboveAKnownTarget(t *testing.T) {
	dir := filepath.Join(realdata.Cases(t, "targets"), "exact")
	f, err := os.Open(filepath.Join(dir, "known.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	reader := csv.NewReader(f)
	reader.Comma = '\t'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var hosts, hostsMet, peaks, peaksMet, evacuations int
	for _, row := range rows[1:] {
		cell := map[string]string{}
		for i, name := range rows[0] {
			cell[name] = row[i]
		}
		in := read(t, filepath.Join(dir, cell["file"]))
		q, o := bind(t, in)
		b := bounds.New(q)
		if p, none := b.Infeasible(); none {
			t.Errorf("%s has a target, and %q", cell["file"], p.Reason)
		}
		least, peak := b.Hosts(o), b.Peak(nil)
		line := fmt.Sprintf("%s: hosts %d (%s); peak %d (%s)", cell["file"], least.Score[0], least.Reason, peak.Score[0], peak.Reason)
		if best, err := strconv.ParseInt(cell["hosts_best"], 10, 64); err == nil {
			if hosts++; least.Score[0] == best {
				hostsMet++
			}
			line += fmt.Sprintf("; best known %d hosts", best)
			if least.Score[0] > best {
				t.Errorf("%s: the bound is %d hosts, %d are enough", cell["file"], least.Score[0], best)
			}
		}
		if best, err := strconv.ParseFloat(cell["peak_best"], 64); err == nil { // of four digits
			if peaks++; math.Abs(float64(peak.Score[0])/bounds.FullLoad-best) <= 2e-4 {
				peaksMet++
			}
			line += fmt.Sprintf("; best known peak %.4f", best)
			if float64(peak.Score[0])/bounds.FullLoad > best+1.5e-4 {
				t.Errorf("%s: the bound is a peak of %d, %g is possible", cell["file"], peak.Score[0], best)
			}
		}
		if cell["evac_end"] == "INFEASIBLE" {
			k, err := strconv.Atoi(cell["evac_exact_k"])
			if err != nil {
				t.Fatal(err)
			}
			q.Closed = make([]bool, len(in.Hosts))
			for h := range k {
				q.Closed[h] = true
			}
			if p, none := bounds.New(q).Infeasible(); none {
				t.Errorf("%s: the first %d hosts can be emptied, and %q", cell["file"], k, p.Reason)
			}
			q.Closed[k] = true
			if p, none := bounds.New(q).Infeasible(); none {
				evacuations++
				line += "; evacuation: " + p.Reason
			}
		}
		t.Log(line)
	}
	t.Logf("met: %d of %d best known numbers of hosts, %d of %d peaks; %d proofs that no more hosts can be emptied",
		hostsMet, hosts, peaksMet, peaks, evacuations)
	if hostsMet < 24 || peaksMet < 21 || evacuations < 25 {
		t.Errorf("fewer bounds are met than once were")
	}
}

func read(t testing.TB, name string) *cloud.Instance {
	t.Helper()
	in, err := cloud.ReadInstance(name)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// In these clouds memory and cores have the same ratio everywhere, and the sizes of VMs divide each other:
// volume decides, and a first fit of the smaller clouds proves that the bound is met.
func TestLargeCloudHasAnotherBound(t *testing.T) {
	for _, x := range []struct {
		hosts       int
		utilisation string
		want        int64
	}{{1000, "0.6", 534}, {1000, "0.85", 825}, {10000, "0.6", 5334}, {10000, "0.85", 8250}} {
		if x.hosts > 1000 && testing.Short() {
			continue
		}
		text := fmt.Sprintf("flavours(preset=general, hosts=%d, utilisation=%s, target=none)", x.hosts, x.utilisation)
		in := generated(t, text)
		q, o := bind(t, in)
		b := bounds.New(q)
		if p, none := b.Infeasible(); none {
			t.Errorf("%s: %q is no proof", text, p.Reason)
		}
		if least := b.Hosts(o); least.Score[0] != x.want {
			t.Errorf("%s: expected a bound of %d hosts, found %d (%s)", text, x.want, least.Score[0], least.Reason)
		}
		if x.hosts > 1000 {
			continue
		}
		p := firstFit(in, q.Rules)
		if found := o.Value(p)[0]; found != x.want || len(validate.Placement(in, q.Rules, p, true)) > 0 {
			t.Errorf("%s: expected a placement on %d hosts, found one on %d", text, x.want, found)
		}
	}
}

func generated(t testing.TB, text string) *cloud.Instance {
	t.Helper()
	made, err := generators.Generate(catalogue.Standard(), spec.MustParse(text), 1)
	if err != nil {
		t.Fatal(err)
	}
	return made[0]
}

// firstFit places the largest VMs first on the largest hosts, among equal ones those of large groups first.
func firstFit(in *cloud.Instance, bound []cloud.Rule) cloud.Placement {
	group := make([]int, len(in.VMs))
	for _, g := range in.Groups {
		for _, v := range g.VMs {
			group[v] = len(g.VMs)
		}
	}
	vms, hosts := make([]cloud.VMID, len(in.VMs)), make([]cloud.HostID, len(in.Hosts))
	for v := range vms {
		vms[v] = cloud.VMID(v)
	}
	for h := range hosts {
		hosts[h] = cloud.HostID(h)
	}
	slices.SortStableFunc(vms, func(v, w cloud.VMID) int {
		return cmp.Or(cmp.Compare(in.VMs[w].Demand[0], in.VMs[v].Demand[0]), cmp.Compare(group[w], group[v]))
	})
	slices.SortStableFunc(hosts, func(g, h cloud.HostID) int {
		return cmp.Compare(in.Hosts[h].Capacity[0], in.Hosts[g].Capacity[0])
	})
	s := cloud.NewState(in, bound, slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs)))
	for _, v := range vms {
		if i := slices.IndexFunc(hosts, func(h cloud.HostID) bool { return s.Allows(v, h) }); i >= 0 {
			s.Move(v, hosts[i])
		}
	}
	return s.Placement()
}

// BenchmarkBounds is about 10,000 hosts of several sizes and 130,000 VMs, with groups apart, and with racks to
// which VMs are fenced.
func BenchmarkBounds(b *testing.B) {
	in := generated(b, "flavours(preset=general, hosts=10000, utilisation=0.6, target=none)")
	for rack := range 200 {
		var g cloud.Group
		g.Name = fmt.Sprintf("fenced-%d", rack)
		for v := range 100 {
			g.VMs = append(g.VMs, cloud.VMID(rack*300+v))
		}
		in.Groups = append(in.Groups, g)
		in.Rules = append(in.Rules, spec.MustParse(fmt.Sprintf("fence(group=%s, hosts=[%s, %s, %s, %s])", g.Name,
			in.Hosts[4*rack].Name, in.Hosts[4*rack+1].Name, in.Hosts[4*rack+2].Name, in.Hosts[4*rack+3].Name)))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for v := range in.VMs {
		in.VMs[v].Demand[0] -= rng.Int64N(4000) // all different
	}
	if err := in.Check(); err != nil {
		b.Fatal(err)
	}
	q, o := bind(b, in)
	for name, ask := range map[string]func(*bounds.Bounds){
		"infeasible": func(x *bounds.Bounds) { x.Infeasible() },
		"hosts":      func(x *bounds.Bounds) { x.Hosts(o) },
		"peak":       func(x *bounds.Bounds) { x.Peak(nil) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask(bounds.New(q))
			}
			b.ReportMetric(float64(len(in.VMs)), "VMs")
		})
	}
}
