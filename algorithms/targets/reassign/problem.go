package reassign

// Problem is what the search knows of an instance, in flat arrays. VMs and hosts are numbered from 0. The sums of all
// amounts, times their weights, fit in 64 bits.
type Problem struct {
	Hosts, Resources int
	Demand           []int64 // [vm*R + resource]
	Limit            []int64 // [host*R + resource]: what the VMs on a host may demand together
	// Guests is what the VMs on a host may demand together that stood elsewhere at the start, of the resources in Transient,
	// [host*len(Transient) + position]; nil: any.
	Guests    []int64
	Transient []int32
	Home      []int32 // by VM: where it stood at the start; -1: nowhere
	Stay      []bool  // by VM: it does not move; nil: all may

	Weight   []int64 // by resource, of what a host holds above what is safe
	Safe     []int64 // [host*R + resource]
	Balances []Balance
	Capacity []int64 // [host*R + resource], of which balances look at what is free

	Away      []int64   // by VM: what it costs if it is elsewhere than at its home
	Class     []int32   // by host, for Between; nil: all hosts are of class 0
	Between   [][]int64 // [from class][to class]: what it costs if a VM has gone to another host
	Services  [][]int32 // VMs of which the most count that are away; every VM is in one of them at least
	OfService int64     // what each of the most costs

	Quotas  []Quota
	Spans   []Span
	Crowds  [][]int32 // VMs that serve others or depend on others
	Depends []Depends
	Filters []func(v, h int32) bool // whether a VM may stand on a host
	Places  [][]int32               // kinds of places: by host, the number of its place
}

// Balance is what it costs if a host has less free of the second resource than the ratio times what it has free of the first.
type Balance struct {
	First, Second int
	Ratio, Weight int64
}

// Quota bounds how many of some VMs stand in a place.
type Quota struct {
	VMs    []int32
	Places int     // which kind
	Most   []int64 // by host: in its place
}

// Span bounds in how many places some VMs stand.
type Span struct {
	VMs         []int32
	Places      int
	Least, Most int
}

// Depends has every place that holds a VM of one crowd hold one of each of some others.
type Depends struct {
	Crowd  int
	On     []int
	Places int
}

func (p *Problem) vms() int { return len(p.Home) }

// places is how many places of a kind there are.
func (p *Problem) places(kind int) int {
	most := int32(-1)
	for _, at := range p.Places[kind] {
		most = max(most, at)
	}
	return int(most) + 1
}
