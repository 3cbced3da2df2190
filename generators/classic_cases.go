package generators

// The published cases, as hosts and VMs. Hosts are called host1, host2, … in their
// order; placements name them by number.

type hostRow struct {
	capacity, reserved int64 // MiB
	arch               string
}

type vmRow struct {
	name            string
	ramMiB          int64
	arch            string
	initial, target int // number of the host, 0 for nowhere
}

type classicCase struct {
	name               string
	published, optimum int64 // MiB moved
	infeasible         bool
	hosts              []hostRow
	vms                []vmRow
}

// The architectures of the cases.
const (
	x64 = "x86_64"
	x86 = "i386"
)

func identical(n int, h hostRow) []hostRow {
	out := make([]hostRow, n)
	for k := range out {
		out[k] = h
	}
	return out
}

func classicCases() []classicCase {
	return []classicCase{
		{
			name: "simple_swap", published: 512, optimum: 512,
			hosts: identical(2, hostRow{4096, 256, x64}),
			vms: []vmRow{
				{"vm1", 256, x64, 1, 2}, {"vm2", 256, x64, 2, 1},
			},
		},
		{
			name: "simple_cessation", published: 6512, optimum: 6512,
			hosts: identical(3, hostRow{4096, 256, x64}),
			vms: []vmRow{
				{"vm1", 3256, x64, 1, 3}, {"vm2", 3256, x64, 2, 1},
			},
		},
		{
			name: "simple_deadlock", infeasible: true,
			hosts: identical(2, hostRow{4096, 256, x64}),
			vms: []vmRow{
				{"vm1", 3256, x64, 1, 2}, {"vm2", 3256, x64, 2, 1},
			},
		},
		{
			name: "swap_with_one_temp", published: 9768, optimum: 9768,
			hosts: identical(3, hostRow{4096, 256, x64}),
			vms: []vmRow{
				{"vm1", 3256, x64, 1, 2}, {"vm2", 3256, x64, 2, 1},
			},
		},
		{
			name: "complex_swap", published: 9700, optimum: 9700,
			hosts: identical(3, hostRow{4096, 256, x64}),
			vms: []vmRow{
				{"vm1", 300, x64, 1, 1}, {"vm2", 3000, x64, 2, 3}, {"vm3", 3700, x64, 3, 2},
			},
		},
		{
			name: "complex_pair_swap", published: 4375, optimum: 4375,
			hosts: identical(2, hostRow{4096, 256, x64}),
			vms: []vmRow{
				{"vm1", 1645, x64, 2, 1},
				{"vm2", 2049, x64, 2, 1},
				{"vm3", 459, x64, 1, 2},
				{"vm4", 222, x64, 1, 2},
			},
		},
		{
			name: "shutdown_and_swap", published: 1280, optimum: 1280,
			hosts: []hostRow{{4096, 256, x64}, {3048, 256, x64}, {4096, 256, x86}, {2448, 256, x86}},
			vms: []vmRow{
				{"vm1", 2048, x64, 1, 1},
				{"vm2", 1024, x64, 1, 0},
				{"vm3", 1024, x64, 2, 2},
				{"vm4", 512, x64, 2, 2},
				{"vm5", 1024, x86, 4, 2},
				{"vm6", 1024, x86, 4, 0},
				{"vm7", 768, x86, 3, 0},
				{"vm8", 512, x86, 3, 0},
				{"vm9", 256, x86, 2, 4},
			},
		},
		{
			name: "tricky", published: 3850, optimum: 3850,
			hosts: []hostRow{{2256, 256, x64}, {2256, 256, x64}, {2256, 256, x86}},
			vms: []vmRow{
				{"vm1", 1000, x64, 1, 1},
				{"vm2", 1000, x64, 2, 1},
				{"vm3", 900, x64, 1, 2},
				{"vm4", 900, x86, 2, 2},
				{"vm5", 150, x86, 3, 2},
				{"vm6", 150, x86, 3, 0},
			},
		},
		{
			name: "weird", published: 7365, optimum: 7365,
			hosts: identical(3, hostRow{4096, 300, x64}),
			vms: []vmRow{
				{"vm1", 892, x64, 3, 2},
				{"vm2", 2542, x64, 3, 1},
				{"vm3", 3039, x64, 2, 3},
				{"vm4", 437, x64, 2, 2},
			},
		},
		{
			name: "circles", published: 4798, optimum: 4798,
			hosts: identical(3, hostRow{4096, 280, x64}),
			vms: []vmRow{
				{"vm1", 1280, x64, 3, 2},
				{"vm2", 593, x64, 3, 2},
				{"vm3", 1479, x64, 3, 3},
				{"vm4", 2332, x64, 2, 3},
				{"vm5", 2799, x64, 1, 1},
			},
		},
		{
			name: "chain4", published: 3960, optimum: 2690,
			hosts: identical(5, hostRow{1256, 256, x64}),
			vms: []vmRow{
				{"big1", 500, x64, 1, 1},
				{"big2", 510, x64, 2, 2},
				{"big3", 520, x64, 3, 3},
				{"big4", 530, x64, 4, 4},
				{"small1", 370, x64, 1, 4},
				{"small2", 380, x64, 2, 3},
				{"small3", 390, x64, 3, 2},
				{"small4", 400, x64, 4, 1},
				{"tiny1", 100, x64, 5, 1},
				{"tiny2", 100, x64, 5, 2},
				{"tiny3", 100, x64, 5, 3},
				{"tiny4", 100, x64, 5, 4},
			},
		},
		{
			name: "chain6", published: 4360, optimum: 3030,
			hosts: identical(7, hostRow{1256, 256, x64}),
			vms: []vmRow{
				{"big1", 500, x64, 1, 1},
				{"big2", 510, x64, 2, 2},
				{"big3", 520, x64, 3, 3},
				{"big4", 530, x64, 4, 4},
				{"big5", 540, x64, 5, 5},
				{"big6", 550, x64, 6, 0},
				{"small1", 350, x64, 1, 0},
				{"small2", 360, x64, 2, 5},
				{"small3", 370, x64, 3, 4},
				{"small4", 380, x64, 4, 3},
				{"small5", 390, x64, 5, 2},
				{"small6", 400, x64, 6, 1},
				{"tiny1", 100, x64, 7, 1},
				{"tiny2", 100, x64, 7, 2},
				{"tiny3", 100, x64, 7, 3},
				{"tiny4", 100, x64, 7, 4},
				{"tiny5", 100, x64, 0, 5},
				{"tiny6", 100, x64, 0, 0},
			},
		},
		{
			name: "slow", published: 12368, optimum: 12368,
			hosts: identical(5, hostRow{4096, 280, x64}),
			vms: []vmRow{
				{"vm1", 721, x64, 5, 2},
				{"vm2", 2347, x64, 5, 3},
				{"vm3", 175, x64, 5, 1},
				{"vm4", 329, x64, 4, 2},
				{"vm5", 750, x64, 4, 2},
				{"vm6", 687, x64, 4, 2},
				{"vm7", 2752, x64, 3, 4},
				{"vm8", 3199, x64, 2, 5},
				{"vm9", 3532, x64, 1, 1},
			},
		},
	}
}
