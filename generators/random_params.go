package generators

import "github.com/cloudrearrange/rearrange/cloud/spec"

func randomParams() []spec.Param {
	return append(append(append(hostParams(), vmParams()...), groupParams()...), targetParams()...)
}

func hostParams() []spec.Param {
	return []spec.Param{
		{Name: "hosts", Type: spec.Int, Default: "10", Unit: "hosts", Bounds: spec.Between(2, 1e6), Doc: "number of hosts"},
		{Name: "vms", Type: spec.Int, Unit: "VMs", Bounds: spec.Between(0, maxVMs), Doc: "number of VMs, each dealt to a random host with room; " +
			"unless vms, vms-per-host or utilisation is given, every host is filled in turn until the next VM does not fit"},
		{Name: "vms-per-host", Type: spec.Float, Unit: "VMs", Bounds: spec.Between(0, 1e6), Doc: "in place of vms: mean number of VMs per host"},
		{Name: "capacity", Type: spec.Int, Default: "4096", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "capacity of each host, of every resource"},
		{Name: "reserved", Type: spec.Int, Default: "280", Unit: "MiB", Bounds: spec.Between(0, 1e12), Doc: "what each host keeps for itself, of every resource"},
		{Name: "host-sizes", Type: spec.Int, List: true, Default: "[1]", Bounds: spec.Between(1, 1000), Doc: "kinds of hosts, as multiples of capacity; " +
			"one that is listed twice has twice as many hosts"},
		{Name: "host-order", Type: spec.Choice, Choices: []string{"round", "chance"}, Default: "round", Doc: "how kinds are dealt to hosts: " +
			"round: one after the other, over and over; chance: each host draws its kind"},
		{Name: "racks", Type: spec.Int, Default: "0", Unit: "racks", Bounds: spec.Between(0, 1e6), Doc: "number of racks; each takes as many neighbouring hosts as the others, or one more"},
		{Name: "zones", Type: spec.Int, Default: "0", Unit: "zones", Bounds: spec.Between(0, 1e6), Doc: "number of zones; each takes as many neighbouring racks, " +
			"or hosts where there are no racks, as the others, or one more"},
	}
}

func vmParams() []spec.Param {
	return []spec.Param{
		{Name: "sizes", Type: spec.Choice, Choices: []string{"uniform", "lognormal", "zipf", "flavours"}, Default: "uniform", Doc: "distribution of a VM's demand"},
		{Name: "min", Type: spec.Int, Default: "128", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "smallest demand, for uniform, lognormal and zipf sizes"},
		{Name: "max", Type: spec.Int, Default: "4096", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "largest demand, for uniform, lognormal and zipf sizes"},
		{Name: "median", Type: spec.Float, Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "median of lognormal sizes before they are cut to min and max; " +
			"the geometric mean of min and max unless given"},
		{Name: "sigma", Type: spec.Float, Default: "1", Bounds: spec.Between(0, 10), Doc: "standard deviation of the logarithm of lognormal sizes"},
		{Name: "exponent", Type: spec.Float, Default: "1", Bounds: spec.Between(0, 10), Doc: "of zipf sizes: the chance of the k-th size is proportional to k^-exponent"},
		{Name: "zipf-over", Type: spec.Choice, Choices: []string{"range", "flavours"}, Default: "range", Doc: "what zipf sizes are: range: all whole numbers from min to max, " +
			"the smallest being the most frequent; flavours: those of flavours, the first being the most frequent"},
		{Name: "flavours", Type: spec.Int, List: true, Default: "[512, 1024, 2048]", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "the sizes to choose from " +
			"with sizes=flavours, all equally likely unless weights are given; one that is listed twice is twice as likely"},
		{Name: "weights", Type: spec.Float, List: true, Bounds: spec.Between(0, 1e6), Doc: "with sizes=flavours: one weight for each flavour, to whose share of the sum its chance is equal"},
		{Name: "utilisation", Type: spec.Float, Bounds: spec.Between(0, 1), Doc: "share of the room of all hosts together (capacity - reserved) that VMs demand at the start, " +
			"of the resource demanded most"},
		{Name: "fill-limit", Type: spec.Float, Default: "1", Bounds: spec.Between(0, 1), Doc: "without utilisation: fraction of a host's room that VMs " +
			"may fill at the start, of every resource; with start=fresh, of the room of all hosts together"},
		{Name: "tries", Type: spec.Int, Default: "1", Unit: "draws", Bounds: spec.Between(1, 1e6), Doc: "how many sizes are drawn, one after " +
			"the other, before a host (with start=fresh, the cloud) counts as full; without utilisation, many bring hosts close to the fill-limit"},
		{Name: "resources", Type: spec.Int, Default: "1", Bounds: spec.Between(1, 16), Doc: "number of resources: ram, r2, r3, …; all have the same " +
			"capacity and distribution of demands"},
		{Name: "correlation", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1), Doc: "correlation of a VM's demand of ram with its demand " +
			"of each other resource"},
		{Name: "i386-hosts", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1), Doc: "fraction of the hosts that are i386, the last ones; the others are x86_64"},
		{Name: "i386-vms", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1), Doc: "chance of a VM to be i386; one that is drawn to fill an i386 host always is"},
	}
}

func groupParams() []spec.Param {
	return []spec.Param{
		{Name: "groups", Type: spec.Int, Default: "0", Unit: "groups", Bounds: spec.Between(0, 1e6), Doc: "number of groups of VMs"},
		{Name: "grouped", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1), Doc: "in place of groups: fraction of the VMs that are in a group; " +
			"fewer where those left over stand too close together"},
		{Name: "group-size", Type: spec.Int, Default: "3", Unit: "VMs", Bounds: spec.Between(2, 1e6), Doc: "number of VMs in each group"},
		{Name: "anti-affinity", Type: spec.Choice, Choices: []string{"none", "host", "rack", "zone"}, Default: "host", Doc: "what no two VMs of a group may share, " +
			"by a rule that the instance carries; none: groups without a rule"},
	}
}

func targetParams() []spec.Param {
	return []spec.Param{
		{Name: "start", Type: spec.Choice, Choices: []string{"filled", "fresh"}, Default: "filled", Doc: "filled: VMs are placed as they are drawn; " +
			"fresh: all VMs are drawn and then placed at random, which fills even the fullest cloud"},
		{Name: "target", Type: spec.Choice, Choices: []string{"walk", "shuffle", "fresh", "none"}, Default: "walk", Doc: "walk: random sane migrations lead to the target, so a path exists; " +
			"shuffle: a random sane placement, to which there may be no path; fresh: one that has nothing to do with the initial placement, VMs being placed at random; none: no target"},
		{Name: "migrations", Type: spec.Int, Default: "100", Unit: "migrations", Bounds: spec.Between(0, 1e8), Doc: "length of the walk; it is shorter only where nothing can move"},
		{Name: "moved", Type: spec.Float, Default: "0.5", Bounds: spec.Between(0, 1), Doc: "fraction of the VMs that the shuffle puts on another host; " +
			"fewer where hosts are too full to do so"},
	}
}
