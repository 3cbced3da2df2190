package drivers

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// faults say what goes wrong in a simulated cloud, and how its own scheduler behaves.
type faults struct {
	failures  float64 // share of the steps that fail
	stalls    float64 // share of the migrations that never converge
	deviation float64 // durations are between a duration/deviation and a duration×deviation
	arrivals  int     // foreign VMs
	deaths    int     // hosts that die
	kills     int     // of the executor
	slots     int64   // steps under way at one host; 0: no limit
	lagMs     int64   // for how long the cloud's scheduler believes that a VM that has left is still there
	checks    bool    // the cloud refuses what would break a rule
}

func simulationEntry() spec.Entry[Binder] {
	share := spec.Between(0, 1)
	count := spec.Between(0, 1e6)
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name: "simulation", Synopsis: "a simulated cloud in which things go wrong", Citation: "own work",
			Doc: "Hosts of both ends are charged while a VM is under way. Steps take the time that the duration model says, times a factor " +
				"whose logarithm is uniform. What goes wrong is drawn from the seed, and the same for each executor: the n-th attempt to " +
				"move a VM has the same fate whenever it is made. Foreign VMs come, hosts die and the executor is killed at instants that are " +
				"uniform over the makespan of the plan (of a plan without a schedule, over the time of its steps one after the other). Foreign VMs are copies of VMs of the instance, and stand where rules allow. The VMs of a dead host " +
				"are down; they may be provisioned elsewhere. A killed executor does not hear whether its last call was carried out.",
			Params: []spec.Param{
				{Name: "failures", Type: spec.Float, Default: "0", Bounds: share, Doc: "share of the steps that fail, at an instant that is uniform over their time: their VMs stay where they were"},
				{Name: "stalls", Type: spec.Float, Default: "0", Bounds: share, Doc: "share of the migrations that do not converge: they go on until they are aborted"},
				{Name: "deviation", Type: spec.Float, Default: "1", Bounds: spec.Between(1, 1000), Doc: "steps take between 1/deviation and deviation times their duration"},
				{Name: "arrivals", Type: spec.Int, Default: "0", Bounds: count, Unit: "VMs", Doc: "foreign VMs that come"},
				{Name: "deaths", Type: spec.Int, Default: "0", Bounds: count, Unit: "hosts", Doc: "hosts that die"},
				{Name: "kills", Type: spec.Int, Default: "0", Bounds: count, Doc: "how often the executor is killed"},
				{Name: "slots", Type: spec.Int, Default: "0", Bounds: spec.Between(0, math.MaxInt32), Unit: "steps", Doc: "most steps under way from and to one host, beyond which requests are refused; 0: no limit"},
				{Name: "lag", Type: spec.Duration, Default: "0s", Doc: "for how long the cloud's scheduler believes that a VM that has left a host is still there, and refuses accordingly: 120s was seen of a real one"},
				{Name: "checks", Type: spec.Bool, Default: "yes", Doc: "whether the cloud refuses what would break a rule; no: it carries out whatever can be carried out"},
			},
		},
		New: func(a spec.Args) (Binder, error) {
			f := faults{
				a.Float("failures"), a.Float("stalls"), a.Float("deviation"), int(a.Int("arrivals")), int(a.Int("deaths")), int(a.Int("kills")),
				a.Int("slots"), a.Duration("lag").Milliseconds(), a.Bool("checks"),
			}
			return func(s Setting) (Driver, error) { return newSimulation(s, f) }, nil
		},
	}
}

// fate is what becomes of one step.
type fate struct {
	factor float64 // of its duration
	ends   float64 // it fails after this share of its time; 1: it does not fail
	stalls bool
}

// fateOf draws the fate of the n-th attempt to move a VM.
func (f *faults) fateOf(seed uint64, vm string, attempt uint64, action cloud.Action) fate {
	h := fnv.New64a()
	h.Write([]byte(vm))
	r := rand.New(rand.NewPCG(seed^h.Sum64(), attempt))
	out := fate{factor: math.Pow(f.deviation, 2*r.Float64()-1), ends: 1}
	fails, at := r.Float64() < f.failures, r.Float64()
	if fails {
		out.ends = at
	}
	out.stalls = r.Float64() < f.stalls && action == cloud.Migrate
	return out
}
