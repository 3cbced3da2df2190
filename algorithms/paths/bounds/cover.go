package bounds

import "github.com/cloudrearrange/rearrange/algorithms/paths"

// cover looks for the cheapest set of items that is enough, by branch and bound over
// landmarks (see [Deadlock]); an item of the set is permitted to go out of its way. Items
// are numbered as they are listed; slices are by item unless stated otherwise.
type cover struct {
	run   *paths.Run
	x     *relaxed
	order *order
	most  int // nodes
	nodes int // left
	steps int // left: permissions tried and VMs that left by them

	untilLook int // steps until the next look at the clock

	price []int64
	rest  []int64 // price without what landmarks have counted
	total int64   // sum of the landmarks of the first node
	spare []int64 // prices without what these landmarks have counted
	first bool    // the first node is still to come
	state []status
	twins []int32 // class of twins
	some  []int32 // by class of twins: number of forbidden items
	queue []int32 // items that can be permitted, by rest
	pool  []int32 // landmarks to branch over, of all nodes under way
	free  []int32 // items that landmarks have used up, permitted for the time being
}

type status uint8

const (
	open      status = iota
	permitted        // in the node at hand
	forbidden        // in the node at hand: another branch permits it
)

// stepsPerNode bounds how long a node may take, on average: with few VMs it takes far less,
// with thousands a single landmark takes more steps than there are VMs.
const stepsPerNode = 4096

func (c *cover) init(run *paths.Run, x *relaxed, o *order, nodes int) {
	n := len(x.at)
	*c = cover{
		run: run, x: x, most: nodes, price: make([]int64, n), rest: make([]int64, n), state: make([]status, n), spare: make([]int64, n), twins: make([]int32, n), some: make([]int32, n),
		order: o, queue: make([]int32, 0, n), pool: make([]int32, 0, 4*n), free: make([]int32, 0, n),
	}
}

// least is the cost of the cheapest set, or a lower bound once the nodes are used up;
// never when permission for all is not enough.
func (c *cover) least() int64 {
	c.nodes, c.steps = c.most, c.most*stepsPerNode
	c.pool = c.pool[:0]
	for k := range c.x.items {
		c.state[k] = open
	}
	c.findTwins()
	c.total, c.first = 0, true
	copy(c.spare, c.price[:len(c.x.items)])
	return c.node(never)
}

// mostTwins is the largest number of items among which to look for twins.
const mostTwins = 128

// findTwins numbers the items so that twins of equal price have the same number.
func (c *cover) findTwins() {
	items := c.x.items
	for k := range items {
		c.twins[k], c.some[k] = int32(k), 0
		if len(items) > mostTwins {
			continue
		}
		for n := range k {
			if c.twins[n] == int32(n) && c.price[n] == c.price[k] && c.x.twin(items[n], items[k]) {
				c.twins[k] = int32(n)
				break
			}
		}
	}
}

// stepsBetweenLooks is how many steps are made between two looks at the clock.
const stepsBetweenLooks = 4096

// goesOn tells, at intervals of many steps, whether the run may go on.
func (c *cover) goesOn(steps int) bool {
	if c.untilLook -= steps; c.untilLook > 0 {
		return true
	}
	if !c.run.Look() {
		return false
	}
	c.untilLook = stepsBetweenLooks
	return true
}

// spend counts steps. They are used up as soon as the run has to end.
func (c *cover) spend(steps int) {
	if c.steps -= steps; !c.goesOn(steps) {
		c.steps = -1
	}
}

// node is the cost of the cheapest set that holds what is permitted and nothing that is
// forbidden, without the cost of what is permitted; or a lower bound of it, where it is
// not below limit or the nodes or steps are used up.
func (c *cover) node(limit int64) int64 {
	if c.solved() {
		return 0
	}
	c.nodes--
	begin, first := c.x.mark(), len(c.pool)
	bound := c.bound(limit)
	c.x.undo(begin)
	if c.first {
		c.total, c.first = bound, false
		copy(c.spare, c.rest[:len(c.x.items)])
	}
	if c.steps < 0 {
		c.nodes, c.pool = 0, c.pool[:first]
		return bound
	}
	best := limit
	if bound < limit {
		best = min(best, c.slim(bound))
	}
	last := len(c.pool)
	for n := first; n < last && best > bound; n++ {
		if c.nodes <= 0 {
			best = bound // branches remain of which no more is known
			break
		}
		k := c.pool[n]
		if c.price[k] >= best {
			break // the others are no cheaper
		}
		if c.some[c.twins[k]] > 0 {
			continue // another branch has the sets with a forbidden twin in place of this item, which cost the same
		}
		c.state[k] = permitted
		c.x.permit(c.x.items[k])
		if rest := c.node(best - c.price[k]); rest < best-c.price[k] {
			best = c.price[k] + rest
		}
		c.x.undo(begin)
		c.state[k] = forbidden
		c.some[c.twins[k]]++
	}
	for _, k := range c.pool[first:last] {
		if c.state[k] == forbidden {
			c.some[c.twins[k]]--
		}
		c.state[k] = open
	}
	c.pool = c.pool[:first]
	return max(best, bound)
}

// bound adds up landmarks until the items that they have used up, which are left in
// free, are enough; or until limit is reached or the steps are used up. The first landmark
// is left in the pool.
func (c *cover) bound(limit int64) int64 {
	x := c.x
	c.queue, c.free = c.queue[:0], c.free[:0]
	for k := range x.items {
		if c.state[k] == open {
			c.rest[k] = c.price[k]
			c.queue = append(c.queue, int32(k))
		}
	}
	first := len(c.pool)
	var total int64
	for {
		c.sort()
		n := 0
		for _, k := range c.queue {
			if c.rest[k] == 0 {
				x.permit(x.items[k])
				c.free = append(c.free, k)
				if c.solved() {
					return total
				}
				continue
			}
			c.queue[n] = k
			n++
		}
		c.queue = c.queue[:n]
		fresh := len(c.pool)
		price := c.landmark(limit - total)
		if c.steps < 0 {
			return total
		}
		total = plus(total, price)
		if price == never {
			total = never
		}
		if total >= limit {
			c.pool = c.pool[:first]
			return total
		}
		for _, k := range c.pool[fresh:] {
			c.rest[k] -= price
		}
		if fresh > first {
			c.pool = c.pool[:fresh]
		}
	}
}

// landmark appends a landmark to the pool: items of which one must be permitted, given
// what is, which is not enough. It returns what the cheapest of them has left, which is
// as much as that of any landmark; never where all items are not enough. Where it is not
// below limit, the landmark is not completed.
func (c *cover) landmark(limit int64) int64 {
	x := c.x
	begin, price := x.mark(), int64(never)
	known := x.staying == 0 && !c.solved() // whether the order knows who failed
	for _, k := range c.queue {
		i := x.items[k]
		before := x.mark()
		x.permit(i)
		if c.spend(1 + len(x.trail) - before.trail); c.steps < 0 {
			break
		}
		if x.staying > 0 || known && !c.order.concerns(i) {
			continue
		}
		if !c.solved() {
			known = true
			continue
		}
		// Without this one, what is cheaper is not enough.
		x.undo(before)
		c.pool = append(c.pool, k)
		if price == never {
			if price = c.rest[k]; price >= limit {
				break
			}
		}
	}
	x.undo(begin)
	return price
}

// slim is the cost of a set: what the landmarks have used up, without the costliest of
// it that can be spared. Bound is what it cannot be below.
func (c *cover) slim(bound int64) int64 {
	var sum int64
	for _, k := range c.free {
		sum = plus(sum, c.price[k])
	}
	for spared := true; spared && sum > bound; {
		spared = false
		costliest := -1
		for n, k := range c.free {
			if !c.goesOn(len(c.free)) {
				return sum
			}
			if (costliest < 0 || c.price[k] > c.price[c.free[costliest]]) && c.enoughWithout(n) {
				costliest = n
			}
		}
		if costliest >= 0 {
			spared = true
			sum -= c.price[c.free[costliest]]
			c.free[costliest] = c.free[len(c.free)-1]
			c.free = c.free[:len(c.free)-1]
		}
	}
	return sum
}

func (c *cover) enoughWithout(n int) bool {
	begin := c.x.mark()
	for m, k := range c.free {
		if m != n {
			c.x.permit(c.x.items[k])
		}
	}
	enough := c.solved()
	c.x.undo(begin)
	return enough
}

// sort puts the cheapest items first. There are few, and they are almost in order.
func (c *cover) sort() {
	for n, k := range c.queue {
		for n > 0 && c.rest[c.queue[n-1]] > c.rest[k] {
			c.queue[n] = c.queue[n-1]
			n--
		}
		c.queue[n] = k
	}
}

// solved tells whether what is permitted is enough.
func (c *cover) solved() bool { return c.x.staying == 0 && c.order.exists(c.x.paid) }
