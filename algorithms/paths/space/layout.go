package space

import (
	"math/bits"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Layout says how a placement is packed into words: in mixed radix, one digit for each
// VM that can move at all, its base the number of hosts on which the VM may ever stand.
// A state so takes about log2(hosts) bits per VM that matters; VMs that no path can move
// are left out. VMs that matter are numbered from 0; such a number is called a position.
type Layout struct {
	vms    []cloud.VMID
	kind   []int32          // by position: VMs of a kind have the same hosts, to stand on and to enter
	hosts  [][]cloud.HostID // by position: where the VM may ever stand, ascending; Absent first if it may be suspended
	enter  [][]cloud.HostID // by position: where it may ever arrive; mostly the same, and then the same slice
	digit  [][]int32        // by position and host + 1: the index in hosts, -1 where it may not stand
	word   []int32          // by position: the word that holds the digit
	weight []uint64         // by position: what one step of the digit adds to the word
	words  int
	stuck  string // why some misplaced VM cannot reach its goal; empty if all may
}

// NewLayout lays out the states of a problem. O(VMs + kinds of VMs × hosts), times the
// resources and the rules that look at nothing but a VM and a host; of a kind are those
// that these do not tell apart.
func NewLayout(p *paths.Problem) *Layout { return LayoutWithin(paths.Unlimited(p)) }

// What a layout keeps of each VM, and of each host for a kind of VMs.
const (
	layoutPerVM   = 88
	layoutPerHost = 12
)

// LayoutWithin is [NewLayout] for the problem of a run, within its limits. It keeps the
// memory that the layout takes. It returns nil if the run has to end.
func LayoutWithin(run *paths.Run) *Layout {
	p, l := run.Problem, &Layout{}
	if !run.Keep(int64(len(p.Start)) * layoutPerVM) {
		return nil
	}
	l.reserve(len(p.Start))
	where := newWhereabouts(p)
	used := uint64(1) // product of the bases in the last word
	for v, start := range p.Start {
		if start == cloud.Absent {
			continue
		}
		vm := cloud.VMID(v)
		at, ok := where.of(vm)
		if !where.within(run) {
			return nil
		}
		if !ok {
			l.stuck = where.stuck(vm)
		}
		if at == nil || len(at.hosts) < 2 {
			continue
		}
		base := uint64(len(at.hosts))
		if hi, lo := bits.Mul64(used, base); l.words == 0 || hi != 0 {
			l.words++
			l.weight = append(l.weight, 1)
			used = base
		} else {
			l.weight = append(l.weight, used)
			used = lo
		}
		l.word = append(l.word, int32(l.words-1))
		l.vms, l.kind = append(l.vms, vm), append(l.kind, at.number)
		l.hosts, l.enter, l.digit = append(l.hosts, at.hosts), append(l.enter, at.enter), append(l.digit, at.digit)
	}
	return l
}

// reserve allocates room for n VMs.
func (l *Layout) reserve(n int) {
	l.vms, l.kind, l.word, l.weight = make([]cloud.VMID, 0, n), make([]int32, 0, n), make([]int32, 0, n), make([]uint64, 0, n)
	l.hosts, l.enter, l.digit = make([][]cloud.HostID, 0, n), make([][]cloud.HostID, 0, n), make([][]int32, 0, n)
}

// digitsOf is the index of each host, and of Absent before them, in a list of hosts; -1
// where it is not listed.
func digitsOf(hosts []cloud.HostID, n int) []int32 {
	digit := make([]int32, n+1)
	for i := range digit {
		digit[i] = -1
	}
	for i, h := range hosts {
		digit[h+1] = int32(i)
	}
	return digit
}

// Stuck says why no path can bring some VM to its goal, if there is one.
func (l *Layout) Stuck() (why string, stuck bool) { return l.stuck, l.stuck != "" }

// Words is the length of a packed state.
func (l *Layout) Words() int { return l.words }

// Len is the number of VMs that matter.
func (l *Layout) Len() int { return len(l.vms) }

// VM is the VM at a position.
func (l *Layout) VM(i int) cloud.VMID { return l.vms[i] }

// Hosts lists where the VM at a position may ever stand, ascending; Absent comes first
// if it may be suspended.
func (l *Layout) Hosts(i int) []cloud.HostID { return l.hosts[i] }

// Enter lists where the VM at a position may ever arrive: of [Layout.Hosts] those that
// receive it. The slices are the same where all do.
func (l *Layout) Enter(i int) []cloud.HostID { return l.enter[i] }

// Kind numbers, from 0, who may stand where: positions of a kind have the same Hosts, the
// same Enter, and these are the same slices.
func (l *Layout) Kind(i int) int32 { return l.kind[i] }

// MayStand tells whether the VM at a position may ever stand on a host.
func (l *Layout) MayStand(i int, h cloud.HostID) bool { return l.digit[i][h+1] >= 0 }

// Digit is the index of a host in [Layout.Hosts] of a position where the VM may stand on it.
func (l *Layout) Digit(i int, h cloud.HostID) int32 { return l.digit[i][h+1] }

// Pack writes a placement into key, which has Words words. The placement must be one
// that can be reached: every VM where it may stand.
func (l *Layout) Pack(p cloud.Placement, key []uint64) {
	clear(key)
	for i, v := range l.vms {
		key[l.word[i]] += uint64(l.digit[i][p[v]+1]) * l.weight[i]
	}
}

// pack is Pack for the hosts by position.
func (l *Layout) pack(host []cloud.HostID, key []uint64) {
	clear(key)
	for i, h := range host {
		key[l.word[i]] += uint64(l.digit[i][h+1]) * l.weight[i]
	}
}

// Unpack writes the host of each VM that matters, by position.
func (l *Layout) Unpack(key []uint64, host []cloud.HostID) {
	word, rest := int32(-1), uint64(0)
	for i := range l.vms {
		if l.word[i] != word {
			word = l.word[i]
			rest = key[word]
		}
		base := uint64(len(l.hosts[i]))
		q := rest / base
		host[i] = l.hosts[i][rest-q*base]
		rest = q
	}
}

// shift is what a packed state's word changes by when the VM at a position goes from
// one host to another.
func (l *Layout) shift(i int, from, to cloud.HostID) uint64 {
	return uint64(l.digit[i][to+1]-l.digit[i][from+1]) * l.weight[i]
}

// Difference finds the migration that leads from one packed state to the next.
func (l *Layout) Difference(from, to []uint64) cloud.Change {
	a, b := make([]cloud.HostID, len(l.vms)), make([]cloud.HostID, len(l.vms))
	l.Unpack(from, a)
	l.Unpack(to, b)
	i := l.differs(from, to)
	return cloud.Change{VM: l.vms[i], From: a[i], To: b[i]}
}

// differs is the position of the one VM that stands elsewhere in the second of two
// packed states.
func (l *Layout) differs(from, to []uint64) int {
	word, a, b := int32(-1), uint64(0), uint64(0)
	for i := range l.vms {
		if l.word[i] != word {
			word = l.word[i]
			a, b = from[word], to[word]
			if a == b {
				continue
			}
		}
		base := uint64(len(l.hosts[i]))
		qa, qb := a/base, b/base
		if a-qa*base != b-qb*base {
			return i
		}
		a, b = qa, qb
	}
	panic("space: two successive states are the same")
}
