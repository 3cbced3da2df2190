// Package features measures instances: numbers and booleans that say how large, how
// full and how entangled an instance is, so that results can be grouped by them.
//
//	bound, err := rules.Bind(catalogue, in, nil)
//	…
//	for _, f := range features.Of(in, bound) {
//		fmt.Println(f.Name, f.Value, f.Unit)
//	}
//
// They depend on what an instance says and neither on names nor on the order of its
// hosts and VMs. All of them together take one walk over the instance: O(hosts + VMs +
// groups), times resources, what it takes the rules to judge the initial placement, and one
// test of each direct migration by the rules. Ratios
// are rounded to three decimals, exactly, so that equal instances have equal features
// on every machine.
//
// Every instance has
//
//	hosts             hosts  all hosts
//	vms               VMs    all VMs, also those that stand nowhere at first
//	resources         -      dimensions of capacity and demand
//	rules             rules  rules in force, continuous and discrete, once per group
//	groups            groups named sets of VMs
//	sizes             -      different demands: VMs that demand the same of every
//	                         resource count once
//	interruptible     VMs    VMs that may be suspended
//	vms_per_host      VMs    VMs with a host in the initial placement, over hosts
//	broken_rules      rules  continuous rules that the initial placement breaks and a path
//	                         then mends ([cloud.Mender])
//	breaches          -      where it breaks them: hosts and other places, VMs where
//	                         they may not stand, or groups, once per rule
//	utilisation.R     ratio  what the VMs of the initial placement demand of the
//	                         resource R, over the sum of the limits of all hosts
//	utilisation       ratio  the largest of these; above 1 where VMs demand more than
//	                         all limits together
//	largest_vm        ratio  the most that a single VM demands of a resource, over the
//	                         largest limit of any host; the largest over resources
//
// where a limit is what the rules let the VMs of a host use together ([cloud.Limiter]).
// The last three are left out where no rule sets limits, and those of a resource where
// its limits are all zero. An instance with a target also has
//
//	shutdowns          VMs   VMs with a host in the initial placement only
//	provisions         VMs   VMs with a host in the target only
//	misplaced          VMs   VMs with a host in both placements, but not the same
//	misplaced_fraction ratio misplaced over VMs with a host in both; 0 where there is none
//	across_racks       VMs   misplaced VMs whose two hosts are in different racks
//	across_zones       VMs   misplaced VMs whose two hosts are in different zones
//	deadlocked         bool  VMs are misplaced, and after the shutdowns no direct
//	                         migration is sane, though rules that the start breaks
//	                         may mend on the way
//	entangled          VMs   misplaced VMs that may have to wait for each other, see below
//	locked             VMs   misplaced VMs that direct migrations alone never bring to
//	                         their targets, see below
//
// # Entangled and locked VMs
//
// Two counts, one from either side, say how much VMs are in each other's way.
//
// After the shutdowns, call a host open when its limits leave room for all VMs that
// are still to come to it, beside all that stand on it now. All of those can go there at
// once or in any order, whatever else happens meanwhile; so let them go, which frees
// room where they come from and may open further hosts. When no host opens any more,
// the VMs that are still misplaced are the entangled ones: they reach their targets in a
// certain order at best, and are what a search has to think about. None means that direct
// migrations alone reach the target, in any order of open hosts, as far as limits are
// concerned.
//
// Locked VMs are the hard core of these. After the shutdowns, say that a misplaced VM can
// go when its target has room for it beside those who stand there and cannot go, as if
// nobody else ever arrived. Whoever never can is locked: whatever the order of direct
// migrations, it waits for a bypass, of itself or of others. None does not mean that
// direct migrations are enough, for those who arrive do take room. In a deadlock by
// limits all misplaced VMs are locked.
//
// Neither count depends on an order: a host that is open stays open, since those who
// arrive were counted already and others only leave; and who can go still can when others
// can too.
//
// A host that is too full at the start has no room until enough VMs have left it, and then it
// is like the others.
//
// Note: to carry out direct migrations until none is sane would be simpler, but what is
// left over then depends on their order, since one may fill up the room that another
// needs. Rules other than limits do not count here: they need not be monotone, and a
// spread may hold a VM back just because another one went.
package features
