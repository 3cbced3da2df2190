package cli

import (
	"io"
	"maps"
	"os"
	"slices"

	"github.com/fatih/color"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func showCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "draw an instance, or list the steps of a plan for it",
		ArgsUsage: "INSTANCE [PLAN]",
		Description: "Each host has a meter per resource, and lists the VMs that leave it, that arrive\n" +
			"and that stay. What the initial placement breaks is marked, and listed below: a path\n" +
			"has to mend it. With --features: the numbers that records of runs can be grouped by,\n" +
			"as results/FORMAT.md defines them. With --plot: a picture of one resource, the first\n" +
			"unless --resource names another, with the placements before and after side by side;\n" +
			"beyond 40 hosts they are sorted by how full they are.\n\n" +
			"With PLAN: its steps, with the times of its schedule, if it has one. A bypass is a\n" +
			"migration to a host that is not the VM's target; it is marked, with the first later\n" +
			"step that could not be carried out without it. A step that mends what the initial\n" +
			"placement breaks says so. Of a long plan the first and the last steps are shown;\n" +
			"--steps shows others. With --at: the hosts when a step has ended, and what has moved\n" +
			"by then; with a schedule also what is under way. The plan is not judged:\n" +
			"`rearrange validate` does that.",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "resource", Aliases: []string{"r"}, Usage: "show a meter of this `RESOURCE`; repeat for more. Unless given: all, or the first where there are more than 4"},
			&cli.IntFlag{Name: "hosts", Value: 40, Usage: "show at most this `NUMBER` of hosts, 0 for all; those that break a rule come first"},
			&cli.StringSliceFlag{Name: "host", Usage: "show only this `HOST`; repeat for more"},
			ruleFlag(),
			alsoFlag(),
			&cli.BoolFlag{Name: "target", Usage: "draw the target placement instead of the initial one", DisableDefaultText: true},
			&cli.StringFlag{Name: "steps", Usage: "`STEPS` of the plan to list, such as 100-150 or all"},
			&cli.IntFlag{Name: "at", Usage: "draw the hosts when this `STEP` of the plan has ended; 0 is the initial placement"},
			&cli.BoolFlag{Name: "features", Usage: "print what the instance measures instead: its size, how full and how entangled it is", DisableDefaultText: true},
			&cli.StringFlag{Name: "plot", Usage: "draw a picture of both placements to this `FILE`, which ends in .svg, .png or .pdf, and print nothing"},
			&cli.StringFlag{Name: "size", Value: "page", Usage: "`SIZE` of the picture: page, or column for one of two columns"},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use colours: auto, always or never"},
			&cli.BoolFlag{Name: "json", Usage: "print JSON for machines, of all hosts unless --hosts is given, and of all steps unless --steps is", DisableDefaultText: true},
		},
		Action: action(s, 1, 2, func(c *cli.Context, s program) error {
			if err := checkPlot(c); err != nil {
				return err
			}
			colored, err := colors(c, s)
			if err != nil {
				return err
			}
			if err := checkPlanFlags(c); err != nil {
				return err
			}
			in, err := readRuled(c, s, c.Args().First())
			if err != nil {
				return orSwapped(c, s, err, c.Args().First(), c.Args().Get(1))
			}
			if c.NArg() == 2 {
				return showPlan(c, s, in, colored)
			}
			if c.Bool("features") {
				return s.showFeatures(s.out, nameOf(c.Args().First()), in, c.Bool("json"))
			}
			d, err := newDrawing(c, s, in, nil, colored)
			if err != nil {
				return err
			}
			if c.IsSet("plot") {
				return showPlot(c, s, d)
			}
			return d.show(c.Bool("json"), s.out)
		}),
	}
}

// colors tells whether to use colours. The environment decides as https://no-color.org
// has it, the flag decides before it.
func colors(c *cli.Context, s program) (bool, error) {
	switch when := c.String("color"); when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return colorsByDefault(s), nil
	default:
		return false, usage("--color: expected auto, always or never, found %q", when)
	}
}

// colorsByDefault tells whether to use colours where nobody said so.
func colorsByDefault(s program) bool {
	return isTerminal(s.out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// drawing is one placement of an instance, and how it differs from another.
type drawing struct {
	in        *cloud.Instance
	place     cloud.Placement // drawn
	other     cloud.Placement // the target, or where the VMs come from; nil if there is none
	toTarget  bool            // whether other is the target
	moment    *moment         // of a plan, at which place is; nil: it is the initial placement or the target
	hosts     []cloud.HostID  // to show
	hidden    int
	resources []int // to show, the first one in the lists of VMs too
	bound     []cloud.Rule
	broken    []cloud.Violation // what the placement drawn breaks of what a path mends
	forGood   error             // what the initial placement breaks and no path can mend
	limit     [][]int64         // by resource, then host
	on        [][]cloud.VMID
	incoming  [][]cloud.VMID // by host: VMs that the other placement has there

	mark, faint, head *color.Color
}

// newDrawing prepares to draw a moment of a plan, or, where it is nil, what the flags say.
func newDrawing(c *cli.Context, s program, in *cloud.Instance, at *moment, colored bool) (*drawing, error) {
	d := &drawing{
		in: in, place: in.Initial, other: in.Target, toTarget: true, moment: at,
		mark: paint(colored, color.FgYellow, color.Bold), faint: paint(colored, color.Faint), head: paint(colored, color.Bold),
	}
	if at != nil {
		d.place = at.place
	}
	if c.Bool("target") {
		if in.Target == nil {
			return nil, usage("%s: /target: the instance has no target placement", nameOf(c.Args().First()))
		}
		d.place, d.other, d.toTarget = in.Target, in.Initial, false
	}
	if err := d.chooseResources(c.StringSlice("resource")); err != nil {
		return nil, err
	}
	if err := d.chooseHosts(c); err != nil {
		return nil, err
	}
	bound, err := rules.Bind(s.catalogue, in, nil)
	if err != nil {
		return nil, badInput(cloud.Locate(nameOf(c.Args().First()), err))
	}
	d.bound = bound
	inForce, broken, err := cloud.Mend(in, bound, in.Initial)
	switch {
	case at != nil:
		d.broken = cloud.Breaches(in, inForce, d.place)
	case d.toTarget:
		d.broken, d.forGood = broken, err
	}
	if d.hidden > 0 {
		d.prefer(append(at.hosts(), slices.Sorted(maps.Keys(d.marks()))...))
	}
	d.limits()
	d.settle()
	return d, nil
}

// settle lists the VMs by the hosts that they stand on and that they move to.
func (d *drawing) settle() {
	d.on, d.incoming = make([][]cloud.VMID, len(d.in.Hosts)), make([][]cloud.VMID, len(d.in.Hosts))
	for v := range d.place {
		v := cloud.VMID(v)
		h := d.place[v]
		to, way := d.underWay(v)
		if h != cloud.Absent {
			d.on[h] = append(d.on[h], v)
		}
		if way && to != cloud.Absent {
			d.on[to] = append(d.on[to], v)
		}
		if d.moves(v) && d.other[v] != cloud.Absent && d.other[v] != h && (!way || d.other[v] != to) {
			d.incoming[d.other[v]] = append(d.incoming[d.other[v]], v)
		}
	}
}

// show prints the drawing.
func (d *drawing) show(asJSON bool, w io.Writer) error {
	if asJSON {
		return d.json(w)
	}
	d.draw(w)
	return nil
}

// mostMeters bounds how many meters a host has unless more are asked for.
const mostMeters = 4

func (d *drawing) chooseResources(names []string) error {
	for i := range d.in.Resources {
		if len(names) == 0 && (i == 0 || len(d.in.Resources) <= mostMeters) {
			d.resources = append(d.resources, i)
		}
	}
	for _, name := range names {
		i, err := d.in.Resource(name)
		if err != nil {
			return usage("--resource: %w", err)
		}
		d.resources = append(d.resources, i)
	}
	return nil
}

func (d *drawing) chooseHosts(c *cli.Context) error {
	for _, name := range c.StringSlice("host") {
		h, ok := d.in.Host(name)
		if !ok {
			known := prose.Texts(d.in.Hosts, func(h cloud.Host) string { return h.Name })
			return usage("--host: unknown host %q%s", name, spec.DidYouMean(name, known, "the instance has"))
		}
		if !slices.Contains(d.hosts, h) {
			d.hosts = append(d.hosts, h)
		}
	}
	if d.hosts != nil {
		return nil
	}
	most := c.Int("hosts")
	if most == 0 || (c.Bool("json") && !c.IsSet("hosts")) {
		most = len(d.in.Hosts)
	}
	for h := range min(most, len(d.in.Hosts)) {
		d.hosts = append(d.hosts, cloud.HostID(h))
	}
	d.hidden = len(d.in.Hosts) - len(d.hosts)
	return nil
}

// prefer shows some hosts in place of others, the first ones if there are too many.
func (d *drawing) prefer(hosts []cloud.HostID) {
	var chosen []cloud.HostID
	for _, h := range append(hosts, d.hosts...) {
		if len(chosen) < len(d.hosts) && !slices.Contains(chosen, h) {
			chosen = append(chosen, h)
		}
	}
	d.hosts = chosen
	slices.Sort(d.hosts)
}

// limits asks the rules how much each host may hold; without a rule that says so, it
// is what is not reserved.
func (d *drawing) limits() {
	d.limit = make([][]int64, len(d.in.Resources))
	for _, r := range d.resources {
		d.limit[r] = make([]int64, len(d.in.Hosts))
		for h := range d.in.Hosts {
			host := &d.in.Hosts[h]
			d.limit[r][h] = host.Capacity[r] - host.Reserved[r]
			for _, rule := range d.bound {
				if l, ok := rule.(cloud.Limiter); ok {
					d.limit[r][h] = l.Limit(cloud.HostID(h), r)
				}
			}
		}
	}
}

// moves tells whether the other placement has the VM elsewhere, or it is under way.
func (d *drawing) moves(v cloud.VMID) bool {
	_, way := d.underWay(v)
	return way || d.other != nil && d.other[v] != d.place[v]
}

// used is what VMs demand of a resource.
func (d *drawing) used(vms []cloud.VMID, resource int) (sum int64) {
	for _, v := range vms {
		sum += d.in.VMs[v].Demand[resource]
	}
	return sum
}
