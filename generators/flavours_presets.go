package generators

// Where the numbers of the family come from. What nobody measured is called an assumption.
const (
	openstackFlavours = "the flavours that OpenStack created up to its release Mitaka: OpenStack Administrator Guide, Manage flavors, " +
		"https://docs.openstack.org/admin-guide/cli-manage-flavors.html"
	novaRatios = "OpenStack Nova, initial_cpu_allocation_ratio 4.0, reserved_host_memory_mb 512: " +
		"https://docs.openstack.org/nova/latest/configuration/config.html"
	awsGeneral = "Amazon EC2, m6i, t3 and m5.metal: https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html"
	awsMemory  = "Amazon EC2, r6i and r5.metal: https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html"
	cortez2017 = "VMs are mostly small: Cortez et al. 2017, doi 10.1145/3132747.3132772"
	kherbache  = "memory activity: Kherbache, Hermenier and Madelaine 2017, doi 10.1109/TCC.2017.2754279"
)

const gib = 1024 // MiB

// flavour is a size that VMs come in.
type flavour struct {
	name   string
	ramMiB int64
	vcpus  int64
	diskGB int64
}

// hostType is a kind of physical machine.
type hostType struct {
	name           string
	ramMiB         int64
	reservedRAMMiB int64
	threads        int64 // hardware threads: what vcpus run on
	diskGB         int64
	nicMbps        int64
}

// preset is a provider's catalogue: flavours from small to large, each half as frequent as
// the one before it, and two generations of hosts that fill racks in turn.
//
// That each size is half as frequent as the next smaller one is an assumption; with it
// most VMs have few vcpus and little memory, which is what Cortez et al. found of Azure.
// Hosts by racks of one generation are an assumption too.
type preset struct {
	name       string
	flavours   []flavour
	hosts      [2]hostType
	overcommit int64 // of vcpu, unless asked for
	disk       bool  // whether VMs take the hosts' disks
}

// computeNodes are the hosts of presets whose provider names none: an assumption, a
// rack server's size divided so that a host holds some 20 VMs. Nova reserves 512 MiB.
func computeNodes() [2]hostType {
	return [2]hostType{
		{name: "compute-16", ramMiB: 64 * gib, reservedRAMMiB: 512, threads: 16, diskGB: 1000, nicMbps: 10_000},
		{name: "compute-24", ramMiB: 96 * gib, reservedRAMMiB: 512, threads: 24, diskGB: 2000, nicMbps: 25_000},
	}
}

// presets lists the catalogues. The flavours of OpenStack are those that Nova created by
// default up to its release Mitaka and that manuals still use; since Newton it creates none.
// The overcommit is that of later releases, 4, as in clouds that have kept these flavours;
// in the flavours' own days it was 16. The others are sizes of Amazon EC2: their metal sizes
// say what a host holds, and virtual sizes can fill all of it, so nothing is reserved. That
// burstable VMs have OpenStack's hosts and overcommit is an assumption.
func presets() []preset {
	return []preset{
		{
			name: "openstack", overcommit: 4, disk: true, hosts: computeNodes(),
			flavours: []flavour{
				{"m1.tiny", 512, 1, 1},
				{"m1.small", 2048, 1, 20},
				{"m1.medium", 4096, 2, 40},
				{"m1.large", 8192, 4, 80},
				{"m1.xlarge", 16384, 8, 160},
			},
		},
		{
			name: "general", overcommit: 1,
			hosts: [2]hostType{
				{name: "m5.metal", ramMiB: 384 * gib, threads: 96, nicMbps: 25_000},
				{name: "m6i.metal", ramMiB: 512 * gib, threads: 128, nicMbps: 50_000},
			},
			flavours: []flavour{
				{"m6i.large", 8 * gib, 2, 0},
				{"m6i.xlarge", 16 * gib, 4, 0},
				{"m6i.2xlarge", 32 * gib, 8, 0},
				{"m6i.4xlarge", 64 * gib, 16, 0},
				{"m6i.8xlarge", 128 * gib, 32, 0},
			},
		},
		{
			name: "memory", overcommit: 1,
			hosts: [2]hostType{
				{name: "r5.metal", ramMiB: 768 * gib, threads: 96, nicMbps: 25_000},
				{name: "r6i.metal", ramMiB: 1024 * gib, threads: 128, nicMbps: 50_000},
			},
			flavours: []flavour{
				{"r6i.large", 16 * gib, 2, 0},
				{"r6i.xlarge", 32 * gib, 4, 0},
				{"r6i.2xlarge", 64 * gib, 8, 0},
				{"r6i.4xlarge", 128 * gib, 16, 0},
				{"r6i.8xlarge", 256 * gib, 32, 0},
			},
		},
		{
			name: "burstable", overcommit: 4, hosts: computeNodes(),
			flavours: []flavour{
				{"t3.nano", gib / 2, 2, 0},
				{"t3.micro", 1 * gib, 2, 0},
				{"t3.small", 2 * gib, 2, 0},
				{"t3.medium", 4 * gib, 2, 0},
				{"t3.large", 8 * gib, 2, 0},
				{"t3.xlarge", 16 * gib, 4, 0},
				{"t3.2xlarge", 32 * gib, 8, 0},
			},
		},
	}
}

// activity is how a class of VMs writes to its memory.
type activity struct{ dirtyMiBPerS, workingSetMiB float64 }

// activities are the two classes of VMs in the instances of Kherbache et al., equally
// frequent there and here: 5 MB of memory are dirty after 3 s and no more later, or 96 MB
// after 2 s. From then on the source has the second class dirty 3 MB/s of cold memory, which
// is left out here: a working set has one size, and with it the pre-copy model sends
// somewhat less than the source does. That VMs scatter around these medians, lognormally with a standard deviation
// of activitySigma of the logarithm, is an assumption.
func activities() [2]activity {
	const mib = 1e6 / (1 << 20) // of a megabyte
	return [2]activity{{5.0 / 3 * mib, 5 * mib}, {96.0 / 2 * mib, 96 * mib}}
}

const activitySigma = 0.5

// Groups of VMs that must stand apart have 2 to largestApart VMs, each size half as
// frequent as the next smaller one: an assumption.
const largestApart = 8
