package formulation

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Choice is what a solver is asked to look for in a target.
type Choice struct {
	catalogue *spec.Catalogue
	cost      costs.Binder
	objective objectives.Binder // nil: that of the instance, or hosts
	minimise  string
	atMost    int64 // -1: no bound
	clear     []string
	place     bool
	partial   bool
}

// ChoiceParams are the parameters that exports of the choice of a target have in common.
func ChoiceParams() []spec.Param {
	return append([]spec.Param{
		{
			Name: "objective", Type: spec.Ref, Of: objectives.Kind,
			Doc: "what makes a target good: hosts, or the peak of load without weights; unless given, the instance's own, else hosts",
		},
		{
			Name: "minimise", Type: spec.Choice, Choices: []string{"both", "objective", "cost"}, Default: "both",
			Doc: "both: the objective first, and then the cost of the migrations straight to the target; or one of the two alone",
		},
		{
			Name: "at-most", Type: spec.Int, Bounds: spec.Between(0, 1e15),
			Doc: "the objective of the target is at most this, in its unit: loads are in millionths of the limit",
		},
		{
			Name: "clear", Type: spec.String, List: true,
			Doc: "names of hosts to be empty in the end, or patterns such as rack7-*",
		},
		{
			Name: "absent", Type: spec.Choice, Choices: []string{"keep", "place"}, Default: "keep",
			Doc: "what becomes of VMs that stand nowhere: keep: they stay absent; place: each gets a host",
		},
	}, Params()...)
}

// NewChoice reads [ChoiceParams].
func NewChoice(a spec.Args) Choice {
	c := Choice{
		catalogue: a.Catalogue(), cost: spec.Built[costs.Binder](a, "cost"), minimise: a.String("minimise"), atMost: -1,
		clear: a.Strings("clear"), place: a.String("absent") == "place", partial: a.Bool("partial"),
	}
	if a.Has("objective") {
		c.objective = spec.Built[objectives.Binder](a, "objective")
	}
	if a.Has("at-most") {
		c.atMost = a.Int("at-most")
	}
	return c
}

// aim says what is minimised.
func (c Choice) aim(t *Target, bound []cloud.Rule) error {
	charge := fmt.Sprintf("cost %s in %s", t.Cost, unitOf(t.Unit(), t.Cost.Unit()))
	if c.minimise == "cost" && c.atMost < 0 {
		t.Title = charge
		return nil
	}
	objective, err := c.bind(t.Instance, bound)
	if err != nil {
		return err
	}
	switch o := objective.(type) {
	case *objectives.Hosts:
		for h := range t.Instance.Hosts {
			w := o.Weight(cloud.HostID(h))
			t.Weights = append(t.Weights, w)
			t.Highest += w
		}
	case *objectives.Load:
		resources, peak := o.Peak()
		if !peak {
			return inexpressible(objective)
		}
		t.Loads, t.limit = resources, o.Limit
		if t.Highest, err = t.heaviest(); err != nil {
			return fmt.Errorf("the objective %s cannot be expressed: %w", objective, err)
		}
	default:
		return inexpressible(objective)
	}
	if t.Bounded = c.atMost >= 0; t.Bounded {
		t.Highest = min(t.Highest, c.atMost)
	}
	what := fmt.Sprintf("objective %s in %s", objective, objective.Unit())
	switch c.minimise {
	case "objective":
		t.Factor, t.Title = 1, what
	case "cost":
		t.Title = fmt.Sprintf("%s, with the %s at most %s", charge, what, humanize.Comma(c.atMost))
	default:
		costliest := t.costliest()
		if float64(t.Highest)*(costliest+1)+costliest > maxExact {
			return fmt.Errorf("the objective (up to %s) and the cost (up to %s) cannot be minimised together, since solvers count exactly up to 2^53: "+
				"export it with minimise=objective, and then with minimise=cost and the value found as at-most",
				humanize.Comma(t.Highest), humanize.SIWithDigits(costliest, 1, ""))
		}
		t.Factor = int64(costliest) + 1
		t.Title = fmt.Sprintf("%s times the %s, plus the %s", humanize.Comma(t.Factor), what, charge)
	}
	return nil
}

func (c Choice) bind(in *cloud.Instance, bound []cloud.Rule) (cloud.Objective, error) {
	if c.objective == nil {
		return objectives.BindInForce(c.catalogue, in, bound, nil, spec.Named("hosts"))
	}
	return c.objective(in, cloud.Whole(bound))
}

func inexpressible(o cloud.Objective) error {
	return fmt.Errorf("the objective %s cannot be expressed: only hosts, and the peak of load without weights, can", o)
}

// unitOf is a unit, or many of it.
func unitOf(n int64, unit string) string {
	if n == 1 {
		return unit
	}
	return strings.TrimSpace(humanize.Comma(n) + " " + unit)
}
